"""What a blog shows us: its own posts, what we said below others' words, what was said to it, and how much."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from networks.adapters.wordpress import words
from networks.adapters.wordpress.errors import Json
from networks.adapters.wordpress.posting import COMMENT, comment_number
from networks.adapters.wordpress.site import COMMENTS, POSTS, Page, Query, Site, refused_param
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
    Target,
    TargetKind,
)

PAGE_SIZE = 100
MOST_PAGES = 10
SHOWN = "publish,future,private,pending,draft"
A_SECOND = timedelta(seconds=1)
WRONG_CLOCK = timedelta(hours=1)  # how far a blog's clock may be off before its listings prove nothing
SOMEBODY = "A reader"


def moment(text: str) -> datetime:
    """A `…_gmt` of the interface: it names no zone, and means UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _since(when: datetime) -> str:
    """As a query's `after`, which leaves the second itself out."""
    return (when - A_SECOND).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def recent(site: Site, since: datetime, target: Target | None) -> Listing:
    """The blog's own posts that were written or changed since, or what we said in answer to `target`, newest first.

    By the time of the last change: a draft, or a post dated back, would else be missed. The times are set right where
    the blog's clock is wrong. Raises TryLater, Reconnect.
    """
    if target is None:
        query: dict[str, str | int] = {
            "context": "edit",
            "status": SHOWN,
            "modified_after": _since(since - WRONG_CLOCK),
            "orderby": "modified",
            "_fields": "id,link,title,content,date_gmt,modified_gmt,featured_media,status",
        }
        read = _all(site, POSTS, query)
        found = [_listed(row, read.ahead) for row in read.rows]
    else:
        read = _all(site, COMMENTS, _below(site, target))
        found = [_answer(row, read.ahead) for row in read.rows]
    complete = read.complete and abs(read.ahead) < WRONG_CLOCK
    began = since.replace(microsecond=0)  # the interface knows no parts of a second
    kept = sorted((one for one in found if one.created_at >= began), key=lambda one: one.created_at, reverse=True)
    return Listing(tuple(kept), complete=complete)


def _below(site: Site, target: Target) -> dict[str, str | int]:
    query: dict[str, str | int] = {
        "context": "edit",
        "post": int(target.post_id),
        "author": site.me(),
        "status": "all",
        "_fields": "id,post,parent,author,content,date_gmt,link,status",
    }
    if target.kind is TargetKind.COMMENT_REPLY and target.message_id:
        query["parent"] = comment_number(target.message_id)
    return query


@dataclass(frozen=True, slots=True)
class Read:
    """All pages of a listing in one, whether that is all there is, and how far the blog's clock is ahead."""

    rows: list[Json]
    complete: bool
    ahead: timedelta


def _all(site: Site, path: str, query: Query) -> Read:
    """What breaks after the first page leaves it incomplete; before, it raises."""
    found: list[Json] = []
    page = Page([], 0, 1)
    number = 1
    while number <= min(page.pages, MOST_PAGES):
        try:
            page = site.page(path, {**query, "per_page": PAGE_SIZE, "page": number})
        except NetworkError:
            if number == 1:
                raise
            return Read(found, False, page.ahead)
        found += page.rows
        number += 1
    is_all = page.pages <= MOST_PAGES and len({row["id"] for row in found}) >= page.total
    return Read(found, is_all, page.ahead)


def _listed(row: Json, ahead: timedelta) -> Listed:
    raw = str(row["content"]["raw"])
    # A draft has no date of its own, a scheduled post's is yet to come.
    written = moment(row["date_gmt"] if row.get("status") == "publish" else row["modified_gmt"])
    return Listed(
        remote_id=str(row["id"]),
        url=str(row["link"]),
        text=words.plain(raw),
        created_at=written - ahead,
        media_count=words.pictures_in(raw) + bool(row["featured_media"]),
        title=words.plain(str(row["title"]["raw"])),
    )


def _answer(row: Json, ahead: timedelta) -> Listed:
    return Listed(
        remote_id=f"{COMMENT}{row['id']}",
        url=str(row["link"]),
        text=words.plain(str(row["content"]["raw"])),
        created_at=moment(row["date_gmt"]) - ahead,
        parent_id=_parent(row),
    )


def _parent(row: Json) -> str:
    return f"{COMMENT}{row['parent']}" if row.get("parent") else str(row["post"])


def same(content: Content, listed: Listed) -> bool:
    """Whether a listed post or comment shows this content: title, words and number of pictures."""
    said = words.normal(listed.text)
    if listed.remote_id.startswith(COMMENT):
        return said == words.normal(words.plain(words.comment(content)))
    return (
        said == words.normal(words.plain(words.blocks(content)))
        and words.normal(listed.title) == words.normal(content.title)
        and listed.media_count == len(content.media)
    )


def measure(site: Site, remote_ids: Sequence[str]) -> list[Measurement]:
    """How many comments stand below each post: WordPress itself counts nothing else. What is gone is left out."""
    numbers = [id for id in remote_ids if id.isdigit()]
    found: list[Measurement] = []
    for at in range(0, len(numbers), PAGE_SIZE):
        query = {"include": ",".join(numbers[at : at + PAGE_SIZE]), "status": SHOWN, "_fields": "id"}
        there = site.page(POSTS, {**query, "per_page": PAGE_SIZE, "context": "edit"})
        for row in there.rows:
            below = site.page(COMMENTS, {"post": row["id"], "per_page": 1, "_fields": "id"})
            found.append(Measurement(str(row["id"]), comments=below.total))
    return found


def poll(site: Site, since: datetime) -> list[Event]:
    """Comments since, oldest first; those on hold too, where our user moderates. Raises TryLater, Reconnect."""
    query: dict[str, str | int] = {
        "after": _since(since),
        "orderby": "date_gmt",
        "order": "asc",
        "type": "comment",
        "_fields": "id,post,parent,author,author_name,author_email,author_url,content,date_gmt,link,status",
    }
    try:
        rows = _all(site, COMMENTS, {**query, "status": "all", "context": "edit"}).rows
    except Refused as error:
        if not refused_param(error):
            raise
        rows = _all(site, COMMENTS, query).rows
    me = site.me() if rows else 0
    return [_event(site, row, me) for row in rows]


def _event(site: Site, row: Json, me: int) -> Event:
    named = f"{COMMENT}{row['id']}"
    content = row["content"]
    return Event(
        key=named,
        kind=EventKind.COMMENT,
        account_uid=site.sender.uid,
        message_id=named,
        post_id=str(row["post"]),
        author=_author(site, row, me),
        text=words.plain(str(content.get("raw") or content.get("rendered", ""))),
        at=moment(row["date_gmt"]),
        parent_id=_parent(row),
        url=str(row.get("link", "")),
        raw={"status": row.get("status", "approved"), "author": row.get("author", 0)},
    )


def _author(site: Site, row: Json, me: int) -> Person:
    """Who wrote it. A guest has no number: the same e-mail address (never kept) is the same person."""
    name = words.plain(str(row.get("author_name", ""))) or SOMEBODY
    number = int(row.get("author") or 0)
    if number and number == me:
        return Person(site.sender.uid, name)
    if number:
        return Person(f"user-{number}@{site.sender.uid}", name)
    secret = str(row.get("author_email") or name).strip().lower()
    return Person(f"guest-{hashlib.sha256(f'{site.sender.uid}:{secret}'.encode()).hexdigest()[:24]}", name)
