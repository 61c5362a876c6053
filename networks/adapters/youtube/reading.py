"""Reads YouTube back: which videos and comments are there, who commented, how it went."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from threading import Lock

from networks.adapters.youtube.calls import Json, Request, YouTube
from networks.adapters.youtube.limits import description, title
from networks.protocol import (
    Content,
    Event,
    EventKind,
    Listed,
    Listing,
    Measurement,
    NetworkError,
    Person,
    Refused,
    Sender,
    Target,
    TargetKind,
    TryLater,
)

PAGES = 10
AT_ONCE = 50  # videos one look-up may name
THREADS = 20  # threads whose answers one poll reads in full
REMEMBERED = 20_000
Asking = Callable[[str], Request]


def watch(video: str, comment: str = "") -> str:
    """The address a reader opens."""
    return f"https://www.youtube.com/watch?v={video}" + (f"&lc={comment}" if comment else "")


def moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))


def pages(youtube: YouTube, sender: Sender, asking: Asking) -> Iterator[tuple[list[Json], bool]]:
    """Page after page (newest first) with whether it is the last one. Raises TryLater, Reconnect, Refused."""
    after = ""
    for _ in range(PAGES):
        body = youtube.read(sender, asking(after))
        if not str(body.get("kind", "")).endswith("ListResponse"):
            raise TryLater("YouTube did not answer clearly.", code="no_listing")  # no evidence that nothing is there
        after = str(body.get("nextPageToken") or "")
        yield list(body.get("items") or []), not after
        if not after:
            return


def recent(youtube: YouTube, sender: Sender, since: datetime, target: Target | None) -> Listing:
    """Own uploads since `since`, or own comments in answer to `target`."""
    if target is None:
        return uploads(youtube, sender, sender.uid, since)
    top = target.message_id.split(".", 1)[0]
    if target.kind is TargetKind.COMMENT_REPLY:
        return _gathered(
            youtube, sender, since, lambda after: _answers(youtube, top, after), _own_comment, ordered=False
        )
    return _gathered(youtube, sender, since, lambda after: _below(youtube, target.post_id, after), _own_thread)


def uploads(youtube: YouTube, sender: Sender, channel: str, since: datetime) -> Listing:
    """What a channel uploaded since, as far as `sender` may see it."""
    playlist = f"UU{channel[2:]}"
    return _gathered(youtube, sender, since, lambda after: _uploaded(youtube, playlist, after), _video)


def _gathered(
    youtube: YouTube,
    sender: Sender,
    since: datetime,
    asking: Asking,
    reading: Callable[[Sender, Json], Listed | None],
    *,
    ordered: bool = True,
) -> Listing:
    """Everything since `since`; complete when the listing ended or (newest first: `ordered`) went back further.

    A page that fails after others came makes it incomplete; when not even the first comes, that is raised.
    """
    # YouTube tells whole seconds, and its clock is not ours.
    oldest = since - timedelta(seconds=2)
    found: list[Listed] = []
    read = 0
    try:
        for items, last in pages(youtube, sender, asking):
            read += 1
            listed = [each for each in (reading(sender, item) for item in items) if each is not None]
            found += [each for each in listed if each.created_at >= oldest]
            # A whole page, since a pinned one may be older than what follows it.
            if last or (ordered and all(moment_of(item) < oldest for item in items)):
                return Listing(tuple(found), complete=True)
    except NetworkError as error:
        if not read:
            raise _passing(error) from error
    return Listing(tuple(found), complete=False)


def _passing(error: NetworkError) -> NetworkError:
    """A refused reading is no evidence about what is live."""
    if isinstance(error, Refused):
        return TryLater(error.reason, detail=error.detail, code=error.code)
    return error


def moment_of(item: Json) -> datetime:
    """When a video, a thread or a comment was published."""
    snippet = item["snippet"]
    if "topLevelComment" in snippet:
        snippet = snippet["topLevelComment"]["snippet"]
    return moment(snippet["publishedAt"])


def _video(sender: Sender, item: Json) -> Listed | None:
    snippet = item["snippet"]
    id = str(snippet["resourceId"]["videoId"])
    return Listed(
        remote_id=id,
        url=watch(id),
        text=str(snippet.get("description", "")),
        created_at=moment(snippet["publishedAt"]),
        media_count=1,
        title=str(snippet.get("title", "")),
        video=True,
    )


def _own_thread(sender: Sender, item: Json) -> Listed | None:
    return _own_comment(sender, item["snippet"]["topLevelComment"])


def _own_comment(sender: Sender, item: Json) -> Listed | None:
    snippet = item["snippet"]
    if author(snippet) != sender.uid:
        return None
    id, video = str(item["id"]), str(snippet.get("videoId", ""))
    return Listed(
        remote_id=id,
        url=watch(video, id),
        text=str(snippet.get("textOriginal") or snippet.get("textDisplay", "")),
        created_at=moment(snippet["publishedAt"]),
        parent_id=str(snippet.get("parentId") or video),
    )


def same(content: Content, listed: Listed) -> bool:
    """A video by its title and description, a comment by its words."""
    if listed.media_count:
        return _bare(title(content)) == _bare(listed.title) and _bare(description(content)) == _bare(listed.text)
    return _bare(description(content)) == _bare(listed.text)


def _bare(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _uploaded(youtube: YouTube, playlist: str, after: str) -> Request:
    return (
        youtube()
        .playlistItems()
        .list(part="snippet", playlistId=playlist, maxResults=50, **({"pageToken": after} if after else {}))
    )


def _below(youtube: YouTube, video: str, after: str) -> Request:
    return (
        youtube()
        .commentThreads()
        .list(
            part="snippet",
            videoId=video,
            order="time",
            textFormat="plainText",
            maxResults=100,
            **({"pageToken": after} if after else {}),
        )
    )


def _answers(youtube: YouTube, top: str, after: str) -> Request:
    return (
        youtube()
        .comments()
        .list(
            part="snippet",
            parentId=top,
            textFormat="plainText",
            maxResults=100,
            **({"pageToken": after} if after else {}),
        )
    )


def _related(youtube: YouTube, channel: str, after: str) -> Request:
    return (
        youtube()
        .commentThreads()
        .list(
            part="snippet,replies",
            allThreadsRelatedToChannelId=channel,
            order="time",
            textFormat="plainText",
            maxResults=100,
            **({"pageToken": after} if after else {}),
        )
    )


def measure(youtube: YouTube, sender: Sender, ids: Sequence[str]) -> list[Measurement]:
    """Public counts; a video that is gone, or that processing threw out, is left out."""
    found: list[Measurement] = []
    for place in range(0, len(ids), AT_ONCE):
        asked = ",".join(ids[place : place + AT_ONCE])
        body = youtube.read(sender, youtube().videos().list(part="statistics,status", id=asked, maxResults=AT_ONCE))
        found += [_measured(item) for item in body.get("items") or [] if _stands(item)]
    return found


def _stands(item: Json) -> bool:
    return (item.get("status") or {}).get("uploadStatus") not in ("failed", "rejected", "deleted")


def _measured(item: Json) -> Measurement:
    counts = item.get("statistics") or {}

    def count(name: str) -> int | None:
        return int(counts[name]) if name in counts else None

    return Measurement(
        str(item["id"]), views=count("viewCount"), likes=count("likeCount"), comments=count("commentCount")
    )


class Threads:
    """How many answers each thread had when all of them were last read: quota is spent only on what has grown."""

    def __init__(self) -> None:
        self._read: dict[str, int] = {}
        self._lock = Lock()

    def has_grown(self, thread: str, answers: int) -> bool:
        with self._lock:
            return self._read.get(thread) != answers

    def was_read(self, thread: str, answers: int) -> None:
        with self._lock:
            while len(self._read) >= REMEMBERED:
                self._read.pop(next(iter(self._read)))
            self._read[thread] = answers


def poll(youtube: YouTube, sender: Sender, since: datetime, threads: Threads) -> list[Event]:
    """What others commented or changed since, in any thread below the channel's videos, oldest first.

    The quota is the whole project's, so a quiet channel costs one unit: the list of threads and not one a video.
    """
    oldest = since - timedelta(seconds=2)
    heard: dict[str, Event] = {}
    full = THREADS
    for items, _last in pages(youtube, sender, lambda after: _related(youtube, sender.uid, after)):
        for item in items:
            comments, cost = _thread(youtube, sender, item, threads if full > 0 else None)
            full -= cost
            for comment in comments:
                heard |= {event.key: event for event in _events(sender, comment, oldest)}
        if items and all(moment_of(item) < oldest for item in items):
            break
    return sorted(heard.values(), key=lambda event: event.at)


def _thread(youtube: YouTube, sender: Sender, item: Json, threads: Threads | None) -> tuple[list[Json], int]:
    """A thread's first comment and its answers, and how many more calls that took: the list brings five at most."""
    snippet, id = item["snippet"], str(item["id"])
    answers = list((item.get("replies") or {}).get("comments") or [])
    number = int(snippet.get("totalReplyCount", 0))
    if threads is None or len(answers) >= number or not threads.has_grown(id, number):
        return [snippet["topLevelComment"], *answers], 0
    body = youtube.read(sender, _answers(youtube, id, ""))
    threads.was_read(id, number)
    return [snippet["topLevelComment"], *(body.get("items") or [])], 1


def _events(sender: Sender, comment: Json, oldest: datetime) -> Iterator[Event]:
    snippet = comment["snippet"]
    if author(snippet) == sender.uid:
        return
    published, updated = moment(snippet["publishedAt"]), moment(snippet["updatedAt"])
    if published >= oldest:
        yield _event(sender, comment, EventKind.COMMENT, str(comment["id"]), published)
    if updated > published and updated >= oldest:
        yield _event(sender, comment, EventKind.EDITED, f"{comment['id']}@{snippet['updatedAt']}", updated)


def _event(sender: Sender, comment: Json, kind: EventKind, key: str, at: datetime) -> Event:
    snippet = comment["snippet"]
    id, video = str(comment["id"]), str(snippet.get("videoId", ""))
    shown = str(snippet.get("authorDisplayName", ""))
    return Event(
        key=key,
        kind=kind,
        account_uid=sender.uid,
        message_id=id,
        post_id=video,
        author=Person(
            uid=author(snippet),
            name=shown.removeprefix("@"),
            handle=shown.removeprefix("@") if shown.startswith("@") else "",
            avatar_url=str(snippet.get("authorProfileImageUrl", "")),
        ),
        text=str(snippet.get("textDisplay") or snippet.get("textOriginal", "")),
        at=at,
        parent_id=str(snippet.get("parentId", "")),
        url=watch(video, id),
        raw=dict(comment),
    )


def author(snippet: Json) -> str:
    return str((snippet.get("authorChannelId") or {}).get("value", ""))
