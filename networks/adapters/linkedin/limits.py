"""What fits on a LinkedIn page, and what a person lets us do there."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from urllib.parse import urlsplit

from networks.adapters.linkedin.little import little
from networks.protocol import Content, Counting, Fact, Limits, MediaKind, Misfit
from networks.text import utf16_units

DOCS = "https://learn.microsoft.com/linkedin"
READ_ON = "2026-11-23"
API_VERSION = "202611"

SCOPES = (
    "openid",
    "profile",
    "r_basicprofile",
    "rw_organization_admin",
    "r_organization_social",
    "w_organization_social",
)
NEEDED = frozenset({"w_organization_social", "rw_organization_admin"})
LISTING_LAG = timedelta(seconds=60)
ARTICLE_TITLE = 400
MB = 1024**2
MOST_PIXELS = 36_152_320


def _fact(page: str, *, sure: bool = True) -> Fact:
    return Fact(source=f"{DOCS}/{page}", read_on=READ_ON, sure=sure)


POSTS = "marketing/community-management/shares/posts-api"
IMAGES = "marketing/community-management/shares/images-api"
VIDEOS = "marketing/community-management/shares/videos-api"

LIMITS = Limits(
    text=3_000,
    counting=Counting.ESCAPED,
    fold_characters=140,
    fold_lines=3,
    title=ARTICLE_TITLE,
    comment=1_250,
    images=20,
    image_bytes=5 * MB,
    image_types=("image/jpeg", "image/png", "image/gif"),
    alt=4_086,
    videos=1,
    video_bytes=500 * MB,
    video_seconds=(3.0, 1_800.0),
    video_types=("video/mp4",),
    posts_a_day=150,
    day_zone="UTC",
    handle=r"[\w-]{3,100}",
    facts={
        "posts_a_day": _fact("consumer/integrations/self-serve/share-on-linkedin", sure=False),
        "day_zone": _fact("consumer/integrations/self-serve/share-on-linkedin", sure=False),
        "handle": Fact("linkedin.com help: custom public profile addresses", "2026-11-24", sure=False),
        "text": _fact(POSTS),
        "counting": _fact("marketing/community-management/shares/little-text-format", sure=False),
        "fold_characters": Fact("what the mobile feed shows before “…more”", READ_ON, sure=False),
        "fold_lines": Fact("community-measured; three lines", READ_ON, sure=False),
        "title": _fact("marketing/community-management/shares/article-ads-integrations", sure=False),
        "comment": _fact("marketing/community-management/shares/comments-api"),
        "images": _fact("marketing/community-management/shares/multiimage-post-api"),
        "image_bytes": Fact("other publishers' guides", READ_ON, sure=False),
        "image_types": _fact(IMAGES),
        "alt": _fact("marketing/community-management/shares/multiimage-post-api", sure=False),
        "videos": _fact(VIDEOS),
        "video_bytes": _fact(VIDEOS),
        "video_seconds": _fact(VIDEOS),
        "video_types": _fact(VIDEOS),
        "mixes_images_and_video": _fact("marketing/community-management/shares/multiimage-post-api"),
    },
)


def count(text: str) -> int:
    """UTF-16 code units after escaping: what LinkedIn may count, so what must fit."""
    return utf16_units(little(text))


def words(content: Content) -> str:
    """The commentary before escaping: beside a picture or video a link joins the text, alone it is an article."""
    return _with_link(content) if content.media else content.text


def answer_words(content: Content) -> str:
    """A comment as it is sent: plain text, its link in it."""
    return _with_link(content)


def _with_link(content: Content) -> str:
    if content.link and content.link not in content.text:
        return f"{content.text.rstrip()}\n\n{content.link}".strip()
    return content.text


def article_title(content: Content) -> str:
    """LinkedIn reads no page for its title: ours, else the address's host."""
    return content.title or urlsplit(content.link).netloc.removeprefix("www.") or content.link


def normal(text: str) -> str:
    """A text with what LinkedIn changes taken away: Unicode form, spaces at the ends and runs of them."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def misfits(content: Content) -> list[Misfit]:
    """Why a page would not take this post; empty when it fits."""
    found: list[Misfit] = []
    size = count(words(content))
    if size > LIMITS.text:
        found.append(Misfit("text", "The text is too long for LinkedIn.", LIMITS.text, size))
    if not (content.text.strip() or content.link or content.media):
        found.append(Misfit("text", "A LinkedIn post needs words, a link, a picture or a video."))
    if utf16_units(content.title) > LIMITS.title:
        found.append(Misfit("title", "The title is too long for LinkedIn.", LIMITS.title, utf16_units(content.title)))
    return found + _media_misfits(content)


def _media_misfits(content: Content) -> list[Misfit]:
    images = [media for media in content.media if media.kind is MediaKind.IMAGE]
    videos = [media for media in content.media if media.kind is MediaKind.VIDEO]
    found: list[Misfit] = []
    if images and videos:
        found.append(Misfit("media", "LinkedIn does not mix pictures and a video in one post."))
    if len(images) > LIMITS.images:
        found.append(Misfit("media", "LinkedIn takes fewer pictures in one post.", LIMITS.images, len(images)))
    if len(videos) > LIMITS.videos:
        found.append(Misfit("media", "LinkedIn takes one video a post.", LIMITS.videos, len(videos)))
    shortest, longest = LIMITS.video_seconds
    for media in content.media:
        is_image = media.kind is MediaKind.IMAGE
        most = LIMITS.image_bytes if is_image else LIMITS.video_bytes
        if media.mime not in (LIMITS.image_types if is_image else LIMITS.video_types):
            found.append(Misfit("media", "LinkedIn does not take this type of file."))
        if media.size > most:
            found.append(Misfit("media", "The file is too large for LinkedIn.", most, media.size))
        if is_image and media.width * media.height > MOST_PIXELS:
            pixels = media.width * media.height
            found.append(Misfit("media", "The picture has too many pixels for LinkedIn.", MOST_PIXELS, pixels))
        if utf16_units(media.alt) > LIMITS.alt:
            found.append(Misfit("alt", "The alternative text is too long.", LIMITS.alt, utf16_units(media.alt)))
        if not is_image and media.seconds > longest:
            found.append(Misfit("media", "The video is too long for LinkedIn.", longest, media.seconds))
        if not is_image and 0 < media.seconds < shortest:
            found.append(Misfit("media", "The video is too short for LinkedIn.", shortest, media.seconds))
    return found
