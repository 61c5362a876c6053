"""What other Pages post on Facebook in public: which Page a name is, its posts, and what became of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from networks.adapters.facebook.errors import is_gone
from networks.adapters.facebook.graph import Graph
from networks.adapters.facebook.reading import IDS_AT_ONCE, POST_FIELDS, pages_of, post
from networks.protocol import Listed, Listing, Looked, NetworkError, Person, Reconnect, Refused, Spotted

HOSTS = frozenset({"facebook.com", "www.facebook.com", "m.facebook.com", "web.facebook.com", "fb.com", "www.fb.com"})
POST = re.compile(r"/(?P<page>[^/]+)/(?:posts|videos|photos(?:/[^/]+)?)/(?:[^/]*/)?(?P<id>\d{5,25}|pfbid\w+)/?")
STORY = frozenset({"/permalink.php", "/story.php"})
NOBODY = "Facebook has no Page of this name, or it is a person's profile."
FEATURE = "Facebook shows other Pages' posts only to apps with the feature Page Public Content Access."


def spot(url: str) -> Spotted | None:
    """The number of the post itself is the key: whether the address names its Page by number or by name."""
    parts = urlsplit(url)
    if (parts.hostname or "") not in HOSTS:
        return None
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.path.rstrip("/") in STORY and asked.get("story_fbid") and asked.get("id"):
        return _spotted(asked["id"], asked["story_fbid"])
    found = POST.fullmatch(parts.path)
    return _spotted(found["page"], found["id"]) if found else None


def _spotted(page: str, id: str) -> Spotted:
    known = page.isdecimal() and id.isdecimal()
    return Spotted(id, f"{page}_{id}" if known else "", "" if page.isdecimal() else page)


def person(graph: Graph, handle: str) -> Person:
    """A Page by its name in addresses, or by its number. Facebook shows no persons' profiles to apps."""
    try:
        found = graph.get(handle, fields="id,name,username")
    except NetworkError as error:
        if is_gone(error):
            raise Refused(
                "Facebook has no Page of this name, or it is a person's profile.", code="no_such_person"
            ) from error
        raise _plainly(error) from error
    return Person(str(found["id"]), str(found.get("name", "")), str(found.get("username", handle)))


def posts_of(graph: Graph, uid: str, since: datetime) -> Listing:
    try:
        return pages_of(graph, uid, since, path="published_posts")
    except NetworkError as error:
        raise _plainly(error) from error


def look(graph: Graph, ids: Sequence[str]) -> Looked:
    """One id that is gone fails the whole call: then each is asked about alone."""
    found: list[Listed] = []
    gone: set[str] = set()
    for place in range(0, len(ids), IDS_AT_ONCE):
        shown, missing = _looked(graph, list(ids[place : place + IDS_AT_ONCE]))
        found += shown
        gone |= missing
    return Looked(tuple(found), frozenset(gone))


def _looked(graph: Graph, ids: list[str]) -> tuple[list[Listed], set[str]]:
    try:
        answer = graph.get("", ids=",".join(ids), fields=POST_FIELDS)
    except NetworkError as error:
        if not is_gone(error):
            raise _plainly(error) from error
        if len(ids) == 1:
            return [], set(ids)
        halves = [_looked(graph, half) for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :])]
        return [one for shown, _ in halves for one in shown], {id for _, missing in halves for id in missing}
    return [post(answer[id]) for id in ids if id in answer], set()


def _plainly(error: NetworkError) -> NetworkError:
    """A refused right to read others is no trouble of our own Page's connection."""
    code = error.code.partition("/")[0]
    if isinstance(error, Reconnect) and code not in ("190", "102"):
        return Refused(FEATURE, detail=error.detail, code="needs_feature")
    return error
