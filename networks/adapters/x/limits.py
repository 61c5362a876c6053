"""What fits on X, with the source and date of every figure."""

from __future__ import annotations

from networks.protocol import Content, Counting, Fact, Limits, Media, MediaKind, Misfit
from networks.text import weighted

MB = 1024 * 1024
GIF = "image/gif"
GIF_BYTES = 15 * MB

_COUNTING = Fact("docs.x.com/fundamentals/counting-characters; twitter-text config v3", "2026-08-22")
_MEDIA = Fact("docs.x.com/x-api/media/quickstart/best-practices", "2026-08-22")
_OPENAPI = Fact("X OpenAPI 2.167, CreatePostsRequest and CreateMediaMetadataRequest", "2026-08-22")

_RATE = Fact("docs.x.com/x-api/fundamentals/rate-limits: POST /2/tweets, per user", "2026-08-22", sure=False)
_PRICE = Fact("docs.x.com/x-api/getting-started/pricing: post created, post with URL created", "2026-08-22")

LIMITS = Limits(
    text=280,
    counting=Counting.WEIGHTED,
    fold_characters=280,
    comment=280,
    images=4,
    image_bytes=5 * MB,
    image_types=("image/jpeg", "image/png", "image/webp", GIF),
    alt=1000,
    videos=1,
    video_bytes=512 * MB,
    video_seconds=(0.5, 140.0),
    video_types=("video/mp4", "video/quicktime"),
    mixes_images_and_video=False,
    posts_a_day=100,
    answers_count=True,
    takes_repeats=False,
    price_post=0.015,
    price_link=0.20,
    handle=r"[A-Za-z0-9_]{1,15}",
    facts={
        "posts_a_day": _RATE,
        "answers_count": _RATE,
        "takes_repeats": Fact("403 'You are not allowed to create a Tweet with duplicate content.'", "2026-08-22"),
        "price_post": _PRICE,
        "price_link": _PRICE,
        "handle": Fact("help.x.com, managing your account: username requirements", "2026-11-24", sure=True),
        "text": _COUNTING,
        "counting": _COUNTING,
        "fold_characters": Fact("help.x.com: posts longer than 280 fold behind 'Show more'", "2026-08-22", sure=False),
        "comment": _COUNTING,
        "images": _OPENAPI,
        "image_bytes": _MEDIA,
        "image_types": _MEDIA,
        "alt": _OPENAPI,
        "videos": _MEDIA,
        "video_bytes": _MEDIA,
        "video_seconds": _MEDIA,
        "video_types": _MEDIA,
        "mixes_images_and_video": _MEDIA,
    },
)


def wording(content: Content) -> str:
    """The words X gets: the text, with the link behind it when it does not name it already."""
    if not content.link or content.link in content.text:
        return content.text
    return f"{content.text}\n{content.link}" if content.text else content.link


def misfits(content: Content) -> list[Misfit]:
    """Why X would refuse this."""
    text = wording(content)
    found: list[Misfit] = []
    length = weighted(text)
    if length > LIMITS.text:
        found.append(Misfit("text", "The text is too long for X.", LIMITS.text, length))
    if not text.strip() and not content.media:
        found.append(Misfit("text", "Write something, or add a picture or a video."))
    return found + _misfits_of_media(content.media)


def _misfits_of_media(media: tuple[Media, ...]) -> list[Misfit]:
    found: list[Misfit] = []
    videos = [one for one in media if one.kind is MediaKind.VIDEO]
    gifs = [one for one in media if one.mime == GIF]
    if len(videos) > LIMITS.videos:
        found.append(Misfit("media", "X takes one video.", LIMITS.videos, len(videos)))
    if videos and len(videos) < len(media):
        found.append(Misfit("media", "X takes pictures or a video, not both."))
    if gifs and len(media) > 1:
        found.append(Misfit("media", "X takes a GIF only by itself.", 1, len(media)))
    if len(media) - len(videos) > LIMITS.images:
        found.append(Misfit("media", "X takes four pictures.", LIMITS.images, len(media) - len(videos)))
    for one in media:
        found += _misfits_of(one)
    return found


def _misfits_of(one: Media) -> list[Misfit]:
    found: list[Misfit] = []
    moving = one.kind is MediaKind.VIDEO
    types = LIMITS.video_types if moving else LIMITS.image_types
    most = LIMITS.video_bytes if moving else GIF_BYTES if one.mime == GIF else LIMITS.image_bytes
    if one.mime not in types:
        found.append(Misfit("media", "X does not take this type of file."))
    if one.size > most:
        found.append(Misfit("media", "The file is too big for X.", most, one.size))
    low, high = LIMITS.video_seconds
    if moving and one.seconds and not low <= one.seconds <= high:
        found.append(Misfit("media", "The video must last between 0.5 and 140 seconds.", high, one.seconds))
    if len(one.alt) > LIMITS.alt:
        found.append(Misfit("alt", "The description of the picture is too long for X.", LIMITS.alt, len(one.alt)))
    return found
