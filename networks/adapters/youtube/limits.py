"""What fits on YouTube, with the source and date of every figure."""

from __future__ import annotations

from networks.protocol import Content, Counting, Fact, Limits, Media, MediaKind, Misfit, Target, TargetKind
from networks.text import utf8_bytes

TITLE = 100
TEXT = 5000
COMMENT = 10_000

_VIDEO = Fact("YouTube Data API v3, videos resource (snippet.title, snippet.description)", "2026-11-23")
_DISCOVERY = Fact("YouTube Data API v3 discovery document, revision 20261104, videos.insert", "2026-11-23")
_LENGTH = Fact("support.google.com/youtube/answer/71673: 12 hours for verified accounts", "2026-11-23", sure=False)
_FOLD = Fact("community-measured: the smallest cut of a description on a phone", "2026-11-24", sure=False)
_COMMENT = Fact("community-measured; the API answers commentTextTooLong", "2026-11-24", sure=False)

_QUOTA = Fact("developers.google.com/youtube/v3/determine_quota_cost: videos.insert, own bucket", "2026-11-23")

LIMITS = Limits(
    text=TEXT,
    counting=Counting.BYTES,
    fold_characters=100,
    fold_lines=3,
    title=TITLE,
    title_required=True,
    comment=COMMENT,
    videos=1,
    video_bytes=274_877_906_944,
    video_seconds=(0.0, 43_200.0),
    video_types=(
        "video/mp4",
        "video/quicktime",
        "video/webm",
        "video/mpeg",
        "video/x-msvideo",
        "video/x-matroska",
        "video/x-ms-wmv",
        "video/x-flv",
        "video/3gpp",
    ),
    media_required=MediaKind.VIDEO,
    text_required_without_media=False,
    posts_a_day=100,
    day_zone="America/Los_Angeles",
    day_is_apps=True,
    handle=r"[\w.·-]{3,30}",
    facts={
        "posts_a_day": _QUOTA,
        "day_zone": _QUOTA,
        "day_is_apps": _QUOTA,
        "handle": Fact("support.google.com: YouTube handles, naming guidelines", "2026-11-24", sure=False),
        "text": _VIDEO,
        "counting": _VIDEO,
        "fold_characters": _FOLD,
        "fold_lines": _FOLD,
        "title": _VIDEO,
        "title_required": _VIDEO,
        "comment": _COMMENT,
        "videos": _DISCOVERY,
        "video_bytes": _DISCOVERY,
        "video_seconds": _LENGTH,
        "video_types": _DISCOVERY,
        "media_required": _DISCOVERY,
    },
)


def title(content: Content) -> str:
    """The video's title: the content's own, else the first line of its text."""
    first = next((line.strip() for line in content.text.splitlines() if line.strip()), "")
    return content.title.strip() or first


def description(content: Content) -> str:
    """The text, with the link below it when it does not name it already."""
    if not content.link or content.link in content.text:
        return content.text
    return f"{content.text}\n\n{content.link}" if content.text else content.link


def misfits(content: Content) -> list[Misfit]:
    """Why YouTube would refuse this as a video."""
    found: list[Misfit] = []
    name, text = title(content), description(content)
    if not name:
        found.append(Misfit("title", "A video on YouTube needs a title."))
    elif len(name) > TITLE:
        found.append(Misfit("title", "The title is too long for YouTube.", TITLE, len(name)))
    if utf8_bytes(text) > TEXT:
        found.append(Misfit("text", "The description is too long for YouTube.", TEXT, utf8_bytes(text)))
    for field, words in (("title", name), ("text", text)):
        if "<" in words or ">" in words:
            found.append(Misfit(field, "YouTube does not take the characters < and >."))
    return found + _misfits_of_media(content.media)


def _misfits_of_media(media: tuple[Media, ...]) -> list[Misfit]:
    videos = [one for one in media if one.kind is MediaKind.VIDEO]
    found: list[Misfit] = []
    if not videos:
        found.append(Misfit("media", "A post on YouTube needs a video.", 1, 0))
    if len(videos) > 1:
        found.append(Misfit("media", "YouTube takes one video a post.", 1, len(videos)))
    if len(videos) < len(media):
        found.append(Misfit("media", "YouTube takes no pictures.", 0, len(media) - len(videos)))
    for one in videos:
        if one.size > LIMITS.video_bytes:
            found.append(Misfit("media", "The file is too big for YouTube.", LIMITS.video_bytes, one.size))
        if not one.mime.startswith("video/"):
            found.append(Misfit("media", "YouTube does not take this type of file."))
        if one.seconds > LIMITS.video_seconds[1]:
            found.append(Misfit("media", "The video is too long for YouTube.", LIMITS.video_seconds[1], one.seconds))
    return found


def answerable(content: Content, target: Target) -> str:
    """Why YouTube cannot take `content` as an answer to `target`; "" when it can."""
    if target.kind not in (TargetKind.COMMENT, TargetKind.COMMENT_REPLY):
        return "YouTube has comments and answers to comments only."
    if content.media:
        return "A comment on YouTube takes no pictures and no videos."
    if not description(content).strip():
        return "Write something."
    if len(description(content)) > COMMENT:
        return "The comment is too long for YouTube."
    return ""
