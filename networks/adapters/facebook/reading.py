"""What Facebook shows of a Page: its own posts, what was said below them, what was written to it, and the counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from networks.adapters.facebook.errors import Json, is_gone
from networks.adapters.facebook.graph import Graph
from networks.adapters.facebook.limits import answer_words, normal, words
from networks.adapters.facebook.posting import comment_url, post_url
from networks.protocol import (
    Content,
    Event,
    EventKind,
    Listed,
    Listing,
    Measurement,
    NetworkError,
    Person,
    Reconnect,
    Refused,
    Sender,
    Target,
    TargetKind,
)

MOST_PAGES = 10
PAGE_SIZE = 100
POST_FIELDS = "id,message,created_time,permalink_url,from,attachments{media_type,title,subattachments{media_type}}"
COMMENT_FIELDS = "id,message,from,created_time,permalink_url,parent{id},attachment{media_type}"
COUNT_FIELDS = "id,shares,comments.summary(true).limit(0),reactions.summary(true).limit(0)"
INSIGHTS = "insights.metric(post_media_view,post_clicks){name,values}"
POSTS_POLLED = 25
IDS_AT_ONCE = 50


def moment(text: str) -> datetime:
    """Facebook's "2026-11-24T08:00:00+0000" as UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def recent(graph: Graph, sender: Sender, since: datetime, target: Target | None) -> Listing:
    """The Page's own posts, or what it wrote in answer to `target`, newest first. Raises TryLater, Reconnect."""
    try:
        if target is None:
            return pages_of(graph, sender.uid, since)
        if target.kind is TargetKind.MESSAGE:
            return _collected(_own_messages(graph, sender, target), since)
        return _collected(_own_comments(graph, sender, since, target), since)
    except Refused as error:
        if is_gone(error):
            return Listing((), complete=True)
        raise


Page = tuple[list[Listed], bool]


def pages_of(graph: Graph, page: str, since: datetime, *, path: str = "feed") -> Listing:
    """What a Page itself posted since, newest first. Raises like `recent`."""
    return _collected(_posts_by(graph, page, since, path), since)


def _collected(pages: Iterator[Page], since: datetime) -> Listing:
    """All pages in one. What breaks after the first page leaves the listing incomplete; before it, it raises."""
    found: list[Listed] = []
    is_first, is_complete = True, True
    while True:
        try:
            page, has_more = next(pages)
        except StopIteration:
            break
        except NetworkError:
            if is_first:
                raise
            is_complete = False
            break
        is_first = False
        found += page
        is_complete = not has_more
        if page and page[-1].created_at < since:
            is_complete = True
            break
    kept = sorted((post for post in found if post.created_at >= since), key=lambda post: post.created_at, reverse=True)
    return Listing(tuple(kept), complete=is_complete)


def _posts_by(graph: Graph, page: str, since: datetime, path: str) -> Iterator[Page]:
    asked: dict[str, str | int] = {"fields": POST_FIELDS, "limit": PAGE_SIZE, "since": int(since.timestamp())}
    for entries, has_more in graph.pages(f"{page}/{path}", asked, most=MOST_PAGES):
        yield [post(entry) for entry in entries if _author(entry) == page], has_more


def _own_comments(graph: Graph, sender: Sender, since: datetime, target: Target) -> Iterator[Page]:
    under = target.post_id if target.kind is TargetKind.COMMENT else target.message_id or target.post_id
    for entries, has_more in _comments(graph, under, since):
        yield [_comment(entry, under) for entry in entries if _author(entry) == sender.uid], has_more


def _own_messages(graph: Graph, sender: Sender, target: Target) -> Iterator[Page]:
    person = target.author_uid or target.post_id
    for talk in _talks(graph, sender, user_id=person):
        entries = talk.get("messages", {}).get("data", [])
        has_more = bool(talk.get("messages", {}).get("paging", {}).get("next"))
        yield [_message(entry, person) for entry in entries if _author(entry) == sender.uid], has_more


def _comments(graph: Graph, under: str, since: datetime) -> Iterator[tuple[list[Json], bool]]:
    asked: dict[str, str | int] = {
        "fields": COMMENT_FIELDS,
        "filter": "stream",
        "order": "reverse_chronological",
        "since": int(since.timestamp()),
        "limit": PAGE_SIZE,
    }
    return graph.pages(f"{under}/comments", asked, most=MOST_PAGES)


def _talks(graph: Graph, sender: Sender, **narrowed: str) -> Iterator[Json]:
    fields = f"id,updated_time,participants,messages.limit({PAGE_SIZE}){{id,message,from,created_time}}"
    path = f"{sender.uid}/conversations"
    asked = {"fields": fields, "platform": "messenger", **narrowed}
    for entries, _ in graph.pages(path, asked, most=MOST_PAGES):
        yield from entries


def _author(entry: Json) -> str:
    return str((entry.get("from") or {}).get("id", ""))


def post(entry: Json) -> Listed:
    """One post of a Page, drawn with POST_FIELDS."""
    attached = (entry.get("attachments") or {}).get("data", [])
    kinds = [kind for one in attached for kind in _kinds(one)]
    return Listed(
        remote_id=entry["id"],
        url=entry.get("permalink_url") or post_url(entry["id"]),
        text=entry.get("message", ""),
        created_at=moment(entry["created_time"]),
        media_count=sum(kind in ("photo", "video") for kind in kinds),
        video="video" in kinds,
    )


def _kinds(attachment: Json) -> list[str]:
    inner = (attachment.get("subattachments") or {}).get("data", [])
    return [str(one.get("media_type")) for one in inner] or [str(attachment.get("media_type"))]


def _comment(entry: Json, under: str) -> Listed:
    return Listed(
        remote_id=entry["id"],
        url=entry.get("permalink_url") or comment_url(under, entry["id"]),
        text=entry.get("message", ""),
        created_at=moment(entry["created_time"]),
        parent_id=under,
        media_count=1 if entry.get("attachment") else 0,
    )


def _message(entry: Json, person: str) -> Listed:
    return Listed(entry["id"], "", entry.get("message", ""), moment(entry["created_time"]), parent_id=person)


def same(content: Content, listed: Listed) -> bool:
    """Whether a listed post shows this content, spaces and Unicode form aside."""
    texts = {normal(words(content)), normal(answer_words(content))}
    return normal(listed.text) in texts and listed.media_count == len(content.media)


def measure(graph: Graph, remote_ids: Sequence[str]) -> list[Measurement]:
    """Counts of posts; what is gone is left out. Raises TryLater, Reconnect."""
    found: list[Measurement] = []
    for at in range(0, len(remote_ids), IDS_AT_ONCE):
        found += _measured(graph, list(remote_ids[at : at + IDS_AT_ONCE]))
    return found


def _measured(graph: Graph, ids: list[str]) -> list[Measurement]:
    """One id that is gone, or one metric it has not, fails the whole call: then narrower ones follow."""
    for fields in (f"{COUNT_FIELDS},{INSIGHTS}", COUNT_FIELDS):
        try:
            answer = graph.get("", ids=",".join(ids), fields=fields)
        except (Refused, Reconnect) as error:
            if isinstance(error, Reconnect) and error.code.startswith("190"):
                raise
            continue
        return [_measurement(id, answer[id]) for id in ids if id in answer]
    if len(ids) == 1:
        return []
    return [one for id in ids for one in _measured(graph, [id])]


def _measurement(id: str, entry: Json) -> Measurement:
    told = {one["name"]: one["values"][0]["value"] for one in entry.get("insights", {}).get("data", [])}
    return Measurement(
        remote_id=id,
        views=told.get("post_media_view"),
        likes=entry.get("reactions", {}).get("summary", {}).get("total_count"),
        comments=entry.get("comments", {}).get("summary", {}).get("total_count"),
        shares=entry.get("shares", {}).get("count", 0),
        clicks=told.get("post_clicks"),
    )


def poll(graph: Graph, sender: Sender, since: datetime, post_ids: Iterable[str]) -> list[Event]:
    """Comments, mentions and messages since, oldest first. Raises TryLater, Reconnect."""
    posts = list(post_ids) or [post.remote_id for post in _latest_posts(graph, sender)]
    events = [event for post in posts for event in _comment_events(graph, sender, since, post)]
    events += _mention_events(graph, sender, since)
    events += _message_events(graph, sender, since)
    return sorted((event for event in events if event.at >= since), key=lambda event: event.at)


def _latest_posts(graph: Graph, sender: Sender) -> list[Listed]:
    since = datetime.now(UTC) - timedelta(days=30)
    page, _ = next(_posts_by(graph, sender.uid, since, "feed"), ([], False))
    return page[:POSTS_POLLED]


def _comment_events(graph: Graph, sender: Sender, since: datetime, post: str) -> Iterator[Event]:
    try:
        for entries, _ in _comments(graph, post, since):
            yield from (_event(sender, EventKind.COMMENT, entry, post) for entry in entries)
    except Refused:
        return  # the post is gone, and its comments with it


def _mention_events(graph: Graph, sender: Sender, since: datetime) -> Iterator[Event]:
    fields = "id,message,from,created_time,permalink_url"
    asked: dict[str, str | int] = {"fields": fields, "since": int(since.timestamp()), "limit": PAGE_SIZE}
    for entries, _ in graph.pages(f"{sender.uid}/tagged", asked, most=MOST_PAGES):
        yield from (_event(sender, EventKind.MENTION, entry, entry["id"]) for entry in entries)


def _event(sender: Sender, kind: EventKind, entry: Json, post: str) -> Event:
    author = entry.get("from") or {}
    return Event(
        key=f"{entry['id']}:add",
        kind=kind,
        account_uid=sender.uid,
        message_id=entry["id"],
        post_id=post,
        author=Person(str(author.get("id", "")), str(author.get("name", ""))),
        text=entry.get("message", ""),
        at=moment(entry["created_time"]),
        parent_id=str((entry.get("parent") or {}).get("id") or (post if kind is EventKind.COMMENT else "")),
        url=entry.get("permalink_url", ""),
        raw=entry,
    )


def _message_events(graph: Graph, sender: Sender, since: datetime) -> Iterator[Event]:
    for talk in _talks(graph, sender):
        if moment(talk["updated_time"]) < since:
            return
        people = [one for one in talk.get("participants", {}).get("data", []) if one["id"] != sender.uid]
        for entry in talk.get("messages", {}).get("data", []):
            person = people[0]["id"] if people else _author(entry)
            author = entry.get("from") or {}
            yield Event(
                key=entry["id"],
                kind=EventKind.MESSAGE,
                account_uid=sender.uid,
                message_id=entry["id"],
                post_id=person,
                author=Person(str(author.get("id", "")), str(author.get("name", ""))),
                text=entry.get("message", ""),
                at=moment(entry["created_time"]),
                raw=entry,
            )
