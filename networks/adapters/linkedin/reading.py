"""What LinkedIn shows of a page: its own posts, what it said below others, what was said to it, and the counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from networks.adapters.linkedin.errors import Json
from networks.adapters.linkedin.limits import answer_words, normal, words
from networks.adapters.linkedin.little import plain
from networks.adapters.linkedin.posting import comment_url, post_url
from networks.adapters.linkedin.rest import Rest, key
from networks.adapters.linkedin.webhooks import ACTIONS, event
from networks.protocol import (
    Content,
    Event,
    Listed,
    Listing,
    Measurement,
    NetworkError,
    Refused,
    Target,
    TargetKind,
)

PAGE_SIZE = 100
MOST_PAGES = 10
IDS_AT_ONCE = 20
Page = tuple[list[Json], bool]


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def recent(rest: Rest, since: datetime, target: Target | None) -> Listing:
    """The page's own posts, or what it said in answer to `target`, newest first. Raises TryLater, Reconnect."""
    if target is None:
        query = f"author={key(rest.sender.uid)}&q=author&sortBy=CREATED"
        entries, is_complete = _read(_pages(rest, "/rest/posts", query, finder=True), since, "createdAt")
        found = [_post(entry) for entry in entries if entry.get("lifecycleState") == "PUBLISHED"]
    else:
        under = target.message_id if target.kind is TargetKind.COMMENT_REPLY else target.post_id
        try:
            pages = _pages(rest, f"/rest/socialActions/{key(under or target.post_id)}/comments", "")
            entries, is_complete = _read(pages, None, "")
        except Refused:  # what we would answer is gone, and the answers with it
            return Listing((), complete=True)
        found = [_comment(entry, target) for entry in entries if entry.get("actor") == rest.sender.uid]
    kept = sorted((one for one in found if one.created_at >= since), key=lambda one: one.created_at, reverse=True)
    return Listing(tuple(kept), complete=is_complete)


def _pages(rest: Rest, path: str, query: str, *, finder: bool = False) -> Iterator[Page]:
    start = 0
    for _ in range(MOST_PAGES):
        asked = "&".join(filter(None, [query, f"start={start}&count={PAGE_SIZE}"]))
        answer = rest.get(path, asked, finder=finder)
        links = (answer.get("paging") or {}).get("links") or []
        has_more = any(link.get("rel") == "next" for link in links)
        yield elements(answer), has_more
        if not has_more:
            return
        start += PAGE_SIZE


def elements(answer: Json) -> list[Json]:
    """The entries of a listing. Raises ValueError for an answer without: it is no evidence that there are none."""
    found = answer.get("elements")
    if not isinstance(found, list):
        raise ValueError("no elements")
    return found


def _read(pages: Iterator[Page], since: datetime | None, clock: str) -> tuple[list[Json], bool]:
    """All pages in one, down to `since` (told by the field `clock`), and whether that is all there is.

    What breaks after the first page leaves it incomplete; before, it raises.
    """
    found: list[Json] = []
    is_first, is_complete = True, True
    while True:
        try:
            entries, has_more = next(pages)
        except StopIteration:
            return found, is_complete
        except NetworkError:
            if is_first:
                raise
            return found, False
        is_first = False
        found += entries
        if since is not None and entries and moment(entries[-1][clock]) < since:
            return found, True
        is_complete = not has_more


def _post(entry: Json) -> Listed:
    content = entry.get("content") or {}
    images = (content.get("multiImage") or {}).get("images", [])
    attached = content.get("media") or {}
    return Listed(
        remote_id=entry["id"],
        url=post_url(entry["id"]),
        text=plain(entry.get("commentary", "")),
        created_at=moment(entry["createdAt"]),
        media_count=len(images) or (1 if attached else 0),
        title=str((content.get("article") or attached).get("title", "")),
    )


def _comment(entry: Json, target: Target) -> Listed:
    urn = str(entry.get("commentUrn") or entry.get("$URN"))
    return Listed(
        remote_id=urn,
        url=comment_url(target.post_id, urn),
        text=entry["message"]["text"],
        created_at=moment(entry["created"]["time"]),
        parent_id=str(entry.get("parentComment") or target.post_id),
    )


def same(content: Content, listed: Listed) -> bool:
    """Whether a listed post shows this content, spaces and Unicode form aside."""
    texts = {normal(plain(words(content))), normal(plain(answer_words(content)))}
    return normal(plain(listed.text)) in texts and listed.media_count == len(content.media)


def measure(rest: Rest, remote_ids: Sequence[str]) -> list[Measurement]:
    """Counts of the page's posts; what is gone is left out. Raises TryLater, Reconnect."""
    found: list[Measurement] = []
    for kind, name in (("share", "shares"), ("ugcPost", "ugcPosts")):
        ids = [id for id in remote_ids if id.startswith(f"urn:li:{kind}:")]
        for at in range(0, len(ids), IDS_AT_ONCE):
            found += _measured(rest, kind, name, ids[at : at + IDS_AT_ONCE])
    return found


def _measured(rest: Rest, kind: str, name: str, ids: list[str]) -> list[Measurement]:
    listed = ",".join(key(id) for id in ids)
    query = f"q=organizationalEntity&organizationalEntity={key(rest.sender.uid)}&{name}=List({listed})"
    answer = rest.get("/rest/organizationalEntityShareStatistics", query, finder=True)
    return [_measurement(entry[kind], entry["totalShareStatistics"]) for entry in answer.get("elements", [])]


def _measurement(id: str, told: Json) -> Measurement:
    return Measurement(
        remote_id=id,
        views=told.get("impressionCount"),
        likes=told.get("likeCount"),
        comments=told.get("commentCount"),
        shares=told.get("shareCount"),
        clicks=told.get("clickCount"),
    )


def poll(rest: Rest, since: datetime, now: datetime) -> list[Event]:
    """What LinkedIn would have pushed since, oldest first. Raises TryLater, Reconnect."""
    start, end = (int(when.timestamp() * 1000) for when in (since, now + timedelta(minutes=1)))
    query = (
        f"q=criteria&actions=List({','.join(ACTIONS)})&organizationalEntity={key(rest.sender.uid)}"
        f"&timeRange=(start:{start},end:{max(end, start + 1)})"
    )
    pages = _pages(rest, "/rest/organizationalEntityNotifications", query, finder=True)
    found = [event(entry) for entries, _ in pages for entry in entries]
    return sorted((one for one in found if one and one.at >= since), key=lambda one: one.at)
