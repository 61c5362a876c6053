"""What fits on a Facebook Page, and what a person lets us do there."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

from networks.protocol import Content, Counting, Fact, Limits, MediaKind, Misfit
from networks.text import utf16_units

DOCS = "https://developers.facebook.com/docs"
READ_ON = "2026-11-23"
GRAPH_VERSION = "v25.0"

SCOPES = (
    "pages_show_list",
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_messaging",
    "read_insights",
    "business_management",
)
NEEDED = frozenset({"pages_show_list", "pages_manage_posts"})
TASKS = frozenset({"CREATE_CONTENT", "MANAGE"})

LISTING_LAG = timedelta(seconds=30)
COMMENT_IMAGES = 1
MESSAGE_CHARACTERS = 2000
GIBIBYTE = 1024**3


def _fact(page: str, *, sure: bool = True) -> Fact:
    return Fact(source=f"{DOCS}/{page}", read_on=READ_ON, sure=sure)


LIMITS = Limits(
    text=63_206,
    counting=Counting.CHARACTERS,
    fold_characters=110,
    fold_lines=3,
    title=255,
    comment=8_000,
    images=10,
    image_bytes=4 * 1024**2,
    image_types=("image/jpeg", "image/png"),
    alt=1_000,
    videos=1,
    video_bytes=10 * GIBIBYTE,
    video_seconds=(1.0, 4 * 3600.0),
    video_types=("video/mp4", "video/quicktime"),
    handle=r"[A-Za-z0-9.]{5,50}",
    facts={
        # No figure a day is documented for a Page's posts: calls are metered by engaged users, in the answer's headers.
        "posts_a_day": _fact("graph-api/overview/rate-limiting", sure=False),
        "handle": Fact("facebook.com help: guidelines for creating a custom username", "2026-11-24", sure=False),
        "text": _fact("graph-api/reference/page/feed"),
        "counting": _fact("graph-api/reference/page/feed", sure=False),
        "fold_characters": Fact("what the mobile feed shows before “See more”", READ_ON, sure=False),
        "fold_lines": Fact("community-measured; between three and five", READ_ON, sure=False),
        "title": _fact("graph-api/reference/page/videos", sure=False),
        "comment": _fact("graph-api/reference/object/comments", sure=False),
        "images": _fact("graph-api/reference/page/feed", sure=False),
        "image_bytes": _fact("graph-api/reference/page/photos"),
        "image_types": _fact("graph-api/reference/page/photos"),
        "alt": _fact("graph-api/reference/page/photos", sure=False),
        "videos": _fact("graph-api/reference/page/videos"),
        "video_bytes": _fact("graph-api/reference/page/videos", sure=False),
        "video_seconds": _fact("graph-api/reference/page/videos", sure=False),
        "video_types": _fact("graph-api/reference/page/videos", sure=False),
        "mixes_images_and_video": _fact("graph-api/reference/page/feed", sure=False),
    },
)


def words(content: Content) -> str:
    """The message as it is sent: a link cannot be attached beside a picture or a video, so there it joins the text."""
    if content.link and content.media and content.link not in content.text:
        return f"{content.text.rstrip()}\n\n{content.link}".strip()
    return content.text


def answer_words(content: Content) -> str:
    """A comment or message as it is sent: its link always stands in the text."""
    if content.link and content.link not in content.text:
        return f"{content.text.rstrip()}\n\n{content.link}".strip()
    return content.text


def normal(text: str) -> str:
    """A text with what Facebook changes taken away: Unicode form, spaces at the ends and runs of them."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def misfits(content: Content) -> list[Misfit]:
    """Why a Page would not take this post; empty when it fits."""
    found: list[Misfit] = []
    size = utf16_units(words(content))
    if size > LIMITS.text:
        found.append(Misfit("text", "The text is too long for Facebook.", LIMITS.text, size))
    if not (content.text.strip() or content.link or content.media):
        found.append(Misfit("text", "A Facebook post needs words, a link, a picture or a video."))
    if utf16_units(content.title) > LIMITS.title:
        found.append(Misfit("title", "The title is too long for Facebook.", LIMITS.title, utf16_units(content.title)))
    return found + _media_misfits(content)


def _media_misfits(content: Content) -> list[Misfit]:
    images = [media for media in content.media if media.kind is MediaKind.IMAGE]
    videos = [media for media in content.media if media.kind is MediaKind.VIDEO]
    found: list[Misfit] = []
    if images and videos:
        found.append(Misfit("media", "Facebook does not mix pictures and a video in one post."))
    if len(images) > LIMITS.images:
        found.append(Misfit("media", "Facebook takes fewer pictures in one post.", LIMITS.images, len(images)))
    if len(videos) > LIMITS.videos:
        found.append(Misfit("media", "Facebook takes one video a post.", LIMITS.videos, len(videos)))
    for media in content.media:
        is_image = media.kind is MediaKind.IMAGE
        most = LIMITS.image_bytes if is_image else LIMITS.video_bytes
        types = LIMITS.image_types if is_image else LIMITS.video_types
        if media.mime not in types:
            found.append(Misfit("media", "Facebook does not take this type of file."))
        if media.size > most:
            found.append(Misfit("media", "The file is too large for Facebook.", most, media.size))
        if utf16_units(media.alt) > LIMITS.alt:
            found.append(Misfit("alt", "The alternative text is too long.", LIMITS.alt, utf16_units(media.alt)))
        if not is_image and media.seconds > LIMITS.video_seconds[1]:
            found.append(Misfit("media", "The video is too long for Facebook.", LIMITS.video_seconds[1], media.seconds))
    return found
