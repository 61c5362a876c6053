"""What an account's network shows against what is on record: doubled, missing, strange, edited and removed posts.

Written apart from the pipeline's own way of looking, so that a mistake there is not made here as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from networks.protocol import Content, Listed, Listing, Looked

Same = Callable[[Content, Listed], bool]
SKEW = timedelta(minutes=2)  # a network's clock against ours


class Kind(StrEnum):
    DOUBLED = "doubled"  # readers see it twice
    MISSING = "missing"  # on record as live, and no look ever found it
    UNRECORDED = "unrecorded"  # readers see it, and the record says that it is not live
    REMOVED = "removed"  # it was there, and is there no more
    EDITED = "edited"  # readers see other words than ours
    FOREIGN = "foreign"  # not sent from here


class Book(StrEnum):
    """What the record says of a publication."""

    LIVE = "live"
    GONE = "gone"  # deleted on the network
    OPEN = "open"  # being sent or looked for: not for an auditor to judge
    UNSENT = "unsent"  # said not to be live, although a send was tried


@dataclass(frozen=True, slots=True)
class Entry:
    """One publication on record. `contents`: all the words that readers may see; `seen`: an earlier look found it."""

    id: int
    book: Book
    contents: tuple[Content, ...]
    began: datetime
    remote_id: str = ""
    published_at: datetime | None = None
    seen: bool = False
    below: bool = False  # it hangs on another post, so the account's own listing may not show it


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be. `entry`: which publication (0: none); `remote_id`: which post."""

    kind: Kind
    entry: int
    remote_id: str
    url: str = ""
    text: str = ""
    at: datetime | None = None
    sure: bool = True  # an absence that only a listing tells is told once a second look tells it too


@dataclass(frozen=True, slots=True)
class Compared:
    """What came out: differences, the publications that were seen, and those of which nobody knows yet."""

    differences: tuple[Difference, ...]
    seen: frozenset[int]


def absent(entries: Iterable[Entry], listing: Listing, *, until: datetime, below: bool = False) -> list[Entry]:
    """Those on record as live that a listing should show and does not. An incomplete listing tells nothing."""
    if not listing.complete:
        return []
    shown = {listed.remote_id for listed in listing.posts} | {listed.first_id for listed in listing.posts}
    return [
        entry
        for entry in entries
        if entry.book is Book.LIVE
        and entry.below == below
        and entry.published_at is not None
        and entry.published_at <= until
        and entry.remote_id not in shown
    ]


def compare(
    entries: Iterable[Entry],
    listing: Listing,
    looked: Looked,
    unseen: Iterable[Entry],
    same: Same,
) -> Compared:
    """`looked`: what a look-up told about absent ones; `unseen`: those that are not there, as far as can be told."""
    book = list(entries)
    names = {entry.remote_id: entry for entry in book if entry.remote_id}
    posts = {listed.remote_id: listed for listed in (*listing.posts, *looked.posts)}
    found: list[Difference] = []
    seen: set[int] = set()
    for listed in posts.values():
        mine = names.get(listed.remote_id) or names.get(listed.first_id)
        if mine is not None and listed.failed:
            found.append(_difference(Kind.REMOVED, mine.id, listed, text=listed.failed))
        elif mine is not None:
            seen.add(mine.id)
            found += _of_ours(mine, listed, same)
        else:
            found += _of_nobody(book, listed, names, same)
    for entry in unseen:
        kind = Kind.REMOVED if entry.seen else Kind.MISSING
        sure = entry.remote_id in looked.gone
        found.append(Difference(kind, entry.id, entry.remote_id, at=entry.published_at, sure=sure))
    return Compared(tuple(found), frozenset(seen))


def _of_ours(entry: Entry, listed: Listed, same: Same) -> Iterator[Difference]:
    if entry.book is Book.GONE:
        yield _difference(Kind.UNRECORDED, entry.id, listed)
    elif not listed.processing and not any(same(content, listed) for content in entry.contents):
        yield _difference(Kind.EDITED, entry.id, listed)


def _of_nobody(book: list[Entry], listed: Listed, names: Mapping[str, Entry], same: Same) -> Iterator[Difference]:
    """A post that no publication has: the second copy of one, one we took for unsent, or somebody else's."""
    twins = [
        entry
        for entry in book
        if listed.created_at >= entry.began - SKEW and any(same(content, listed) for content in entry.contents)
    ]
    books = {entry.book for entry in twins}
    if Book.OPEN in books:
        return  # it is being looked for just now
    if Book.LIVE in books:
        yield _difference(Kind.DOUBLED, _first(twins, Book.LIVE), listed)
    elif Book.UNSENT in books:
        yield _difference(Kind.UNRECORDED, _first(twins, Book.UNSENT), listed)
    elif not listed.parent_id or listed.parent_id in names:
        yield _difference(Kind.FOREIGN, 0, listed)


def _first(twins: list[Entry], book: Book) -> int:
    return min((entry for entry in twins if entry.book is book), key=lambda entry: entry.began).id


def _difference(kind: Kind, entry: int, listed: Listed, *, text: str = "") -> Difference:
    words = text or "\n".join(filter(None, (listed.title, listed.text)))
    return Difference(kind, entry, listed.remote_id, url=listed.url, text=words, at=listed.created_at)
