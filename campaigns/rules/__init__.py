"""Decisions of the writing desk that need no database: when wall time falls, what a link becomes, what media fit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from networks.protocol import Content, Limits, Media, MediaKind


def due_at(local: datetime, zone: str) -> datetime:
    """The UTC moment of the wall time `local` (naive) in the IANA `zone`. Raises ZoneInfoNotFoundError, ValueError.

    A time the clock skips shifts forward by the gap; one that comes twice takes the first.
    """
    if local.tzinfo is not None:
        raise ValueError("wall time is naive; the zone says where")
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def wall_time(moment: datetime, zone: str) -> datetime:
    """What the clock on the wall in `zone` shows at `moment`; naive."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def as_kept(local: datetime | None) -> datetime | None:
    """A wall time as the post office keeps it: its digits, marked as UTC."""
    return local.replace(tzinfo=UTC) if local else None


def shifts(local: datetime, zone: str) -> datetime | None:
    """The wall time that a skipped `local` becomes, or None when the clock does show `local`."""
    shown = wall_time(due_at(local, zone), zone)
    return shown if shown != local else None


def tagged(link: str, *, source: str, medium: str, campaign: str) -> str:
    """`link` with its UTM tags; a tag the link already carries stays as it is, and so does anything but http(s)."""
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return link
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    there = {name for name, _ in pairs}
    wanted = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign}
    pairs += [(name, value) for name, value in wanted.items() if value and name not in there]
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def is_web_address(link: str) -> bool:
    """Whether a reader's browser could open it: http(s) with a host, and no space in it."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not any(c.isspace() for c in link)


def fitting(media: Sequence[Media], limits: Limits) -> tuple[Media, ...]:
    """The media a network shows when nobody chose: a video network takes the video, one that does not mix the pictures.

    Never trims a number: five pictures where four fit stay five, and the check says so.
    """
    images = tuple(m for m in media if m.kind is MediaKind.IMAGE)
    videos = tuple(m for m in media if m.kind is MediaKind.VIDEO)
    if limits.media_required is MediaKind.VIDEO or not limits.images:
        return videos
    if not limits.videos:
        return images
    if images and videos and not limits.mixes_images_and_video:
        return images
    return tuple(media)


def print_of(parts: Iterable[tuple[int, Content, str]]) -> str:
    """The fingerprint of a whole post (64 hex digits): what each account (id, content, first comment) would show."""
    lines = sorted((account, content.fingerprint, comment) for account, content, comment in parts)
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()


def option_values(given: Mapping[str, object]) -> dict[str, str | bool | int]:
    """The options a content may carry: plain words, switches and numbers; everything else is left out."""
    return {name: value for name, value in given.items() if isinstance(value, str | bool | int) and value != ""}


def print_of_bytes(body: bytes) -> str:
    """A short fingerprint of a document (32 hex digits)."""
    return hashlib.sha256(body).hexdigest()[:32]
