"""Why a content does not fit a table of limits, for networks that have no rules beyond it."""

from __future__ import annotations

from networks.protocol import Content, Limits, Media, MediaKind, Misfit
from networks.text import count

MB = 1024 * 1024


def wording(content: Content) -> str:
    """The words a person copies: the text, with the link behind it when it does not name it already."""
    if not content.link or content.link in content.text:
        return content.text
    return f"{content.text}\n{content.link}" if content.text else content.link


def misfits(content: Content, limits: Limits) -> list[Misfit]:
    """Everything that does not fit, the words first."""
    text = wording(content)
    length = count(text, limits.counting)
    found: list[Misfit] = []
    if length > limits.text:
        found.append(Misfit("text", "The text is too long for this network.", limits.text, length))
    if not text.strip() and (limits.text_required_without_media and not content.media):
        found.append(Misfit("text", "Write something, or add a picture or a video."))
    if limits.title_required and not content.title.strip():
        found.append(Misfit("title", "This network wants a title."))
    if limits.title and len(content.title) > limits.title:
        found.append(Misfit("title", "The title is too long for this network.", limits.title, len(content.title)))
    return found + _of_media(content.media, limits)


def _of_media(media: tuple[Media, ...], limits: Limits) -> list[Misfit]:
    found: list[Misfit] = []
    videos = sum(one.kind is MediaKind.VIDEO for one in media)
    images = len(media) - videos
    if images > limits.images:
        found.append(Misfit("media", "That is more pictures than this network takes.", limits.images, images))
    if videos > limits.videos:
        found.append(Misfit("media", "That is more videos than this network takes.", limits.videos, videos))
    if images and videos and not limits.mixes_images_and_video:
        found.append(Misfit("media", "This network takes pictures or a video, not both."))
    if limits.media_required and not any(one.kind == limits.media_required for one in media):
        found.append(Misfit("media", "This network takes nothing without a picture or a video."))
    for one in media:
        found += _of_one(one, limits)
    return found


def _of_one(one: Media, limits: Limits) -> list[Misfit]:
    moving = one.kind is MediaKind.VIDEO
    types, most = (limits.video_types, limits.video_bytes) if moving else (limits.image_types, limits.image_bytes)
    found: list[Misfit] = []
    if types and one.mime not in types:
        found.append(Misfit("media", "This network does not take this type of file."))
    if most and one.size > most:
        found.append(Misfit("media", "The file is too big for this network.", most, one.size))
    low, high = limits.video_seconds
    if moving and high and one.seconds and not low <= one.seconds <= high:
        found.append(Misfit("media", "The video is too short or too long for this network.", high, one.seconds))
    if limits.alt and len(one.alt) > limits.alt:
        found.append(Misfit("alt", "The description of the picture is too long.", limits.alt, len(one.alt)))
    return found
