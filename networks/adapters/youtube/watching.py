"""What others publish on YouTube: whose channel a handle is, its uploads, and what became of a video."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from networks.adapters.youtube import reading
from networks.adapters.youtube.calls import Json, YouTube
from networks.adapters.youtube.reading import AT_ONCE, moment, watch
from networks.protocol import Listed, Listing, Looked, Person, Refused, Sender, Spotted

HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"})
SHORT = frozenset({"youtu.be", "www.youtu.be"})
PATHS = re.compile(r"/(?:shorts|live|embed|v)/(?P<id>[\w-]{11})/?")
VIDEO = re.compile(r"[\w-]{11}")
CHANNEL = re.compile(r"UC[\w-]{22}")
LIST = re.compile(r"[\w-]{10,64}")
FEED = "https://www.youtube.com/feeds/videos.xml"


def spot(url: str) -> Spotted | None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    id = ""
    if host in SHORT:
        id = parts.path.strip("/")
    elif host in HOSTS and parts.path.rstrip("/") == "/watch":
        id = (parse_qs(parts.query).get("v") or [""])[0]
    elif host in HOSTS and (found := PATHS.fullmatch(parts.path)):
        id = found["id"]
    return Spotted(id, id) if VIDEO.fullmatch(id) else None


def feed_of(url: str) -> str:
    """A channel's or playlist's feed by its page. A handle's page names it itself."""
    parts = urlsplit(url)
    if parts.hostname not in HOSTS:
        return ""
    listed = (parse_qs(parts.query).get("list") or [""])[0]
    steps = [step for step in parts.path.split("/") if step]
    if steps[:1] == ["playlist"] and LIST.fullmatch(listed):
        return f"{FEED}?playlist_id={listed}"
    if len(steps) > 1 and steps[0] == "channel" and CHANNEL.fullmatch(steps[1]):
        return f"{FEED}?channel_id={steps[1]}"
    return ""


def person(youtube: YouTube, sender: Sender, handle: str) -> Person:
    """A channel by its handle, or by its own id. One unit."""
    asked = {"id": handle} if CHANNEL.fullmatch(handle) else {"forHandle": handle}
    body = youtube.read(sender, youtube().channels().list(part="snippet", **asked))
    for channel in body.get("items") or []:
        snippet = channel["snippet"]
        name = str(snippet.get("customUrl", "")).removeprefix("@")
        return Person(str(channel["id"]), str(snippet.get("title", "")), name)
    raise Refused("Nobody has this name on YouTube.", code="no_such_person")


def posts_of(youtube: YouTube, sender: Sender, uid: str, since: datetime) -> Listing:
    """A channel's public uploads, by its uploads playlist: one unit for fifty."""
    return reading.uploads(youtube, sender, uid, since)


def look(youtube: YouTube, sender: Sender, ids: Sequence[str]) -> Looked:
    """YouTube leaves out what is gone and what went private alike: for the public both are gone."""
    found: list[Listed] = []
    for place in range(0, len(ids), AT_ONCE):
        asked = ",".join(ids[place : place + AT_ONCE])
        body = youtube.read(sender, youtube().videos().list(part="snippet,status", id=asked, maxResults=AT_ONCE))
        found += list(_shown(body))
    return Looked(tuple(found), frozenset(ids) - {one.remote_id for one in found})


def _shown(body: Json) -> Iterator[Listed]:
    for item in body.get("items") or []:
        snippet = item["snippet"]
        if (item.get("status") or {}).get("privacyStatus") == "private":
            continue
        yield Listed(
            remote_id=str(item["id"]),
            url=watch(str(item["id"])),
            text=str(snippet.get("description", "")),
            created_at=moment(snippet["publishedAt"]),
            media_count=1,
            title=str(snippet.get("title", "")),
            video=True,
        )
