"""What others post on X in public: whose handle it is, their timeline, and what became of a post."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from networks.adapters.x import reading
from networks.adapters.x.calls import Client, preparing
from networks.adapters.x.reading import AT_ONCE, FIELDS, PEOPLE, Json, moment, parent, people, plain
from networks.protocol import Listed, Listing, Looked, Person, Refused, Sender, Spotted, TryLater

HOSTS = frozenset({"x.com", "www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com"})
POST = re.compile(r"/(?:(?P<handle>\w{1,20})/status(?:es)?|i/(?:web/)?status)/(?P<id>\d{1,25})(?:/.*)?/?")
WATCHED = f"{FIELDS},edit_history_tweet_ids,paid_partnership,lang"
NOT_FOUND = "resource-not-found"
VIDEO_KEYS = ("7_", "13_")  # how X begins the keys of videos


def spot(url: str) -> Spotted | None:
    """Every edit of a post has an id of its own: only a look tells the first one."""
    parts = urlsplit(url)
    found = POST.fullmatch(parts.path) if (parts.hostname or "") in HOSTS else None
    return Spotted(found["id"], found["id"], found["handle"] or "") if found else None


def person(client: Client, sender: Sender, handle: str) -> Person:
    with preparing(sender):
        body = client.call("GET", f"/2/users/by/username/{handle}").json()
        if data := body.get("data"):
            return Person(str(data["id"]), str(data.get("name", "")), str(data.get("username", "")))
    if any(str(error.get("type", "")).endswith(NOT_FOUND) for error in body.get("errors") or []):
        raise Refused("Nobody has this name on X.", code="no_such_person")
    raise TryLater("X does not show this person.", code="not_shown")


def posts_of(client: Client, sender: Sender, uid: str, since: datetime) -> Listing:
    """Own words only: what somebody passes on of others is left out."""
    params = {
        "max_results": "100",
        "start_time": reading.since_param(since),
        "exclude": "retweets",
        "tweet.fields": WATCHED,
        **PEOPLE,
    }
    bodies, whole = reading.gathered(client, sender, f"/2/users/{uid}/tweets", params)
    return Listing(tuple(post for body in bodies for post in _shown(body)), whole)


def look(client: Client, sender: Sender, ids: Sequence[str]) -> Looked:
    """The newest edit of each; X keeps every edit under its own id."""
    found, gone = _looked(client, sender, ids)
    newest = {id: _newest(post) for id, (post, _) in found.items()}
    later, _none = _looked(client, sender, [id for asked, id in newest.items() if id != asked])
    known = {**found, **later}
    return Looked(tuple(_listed(*known.get(newest[id], found[id])) for id in found), gone)


Drawn = tuple[Json, dict[str, Person]]


def _looked(client: Client, sender: Sender, ids: Sequence[str]) -> tuple[dict[str, Drawn], frozenset[str]]:
    """Each post that is there with the people named beside it, and the ids of those that are not."""
    found: dict[str, Drawn] = {}
    gone: set[str] = set()
    for place in range(0, len(ids), AT_ONCE):
        params = {"ids": ",".join(ids[place : place + AT_ONCE]), "tweet.fields": WATCHED, **PEOPLE}
        with preparing(sender):
            body = client.call("GET", "/2/tweets", params=params).json()
            who = people(body)
            found |= {str(post["id"]): (post, who) for post in body.get("data") or []}
            gone |= set(_gone(body))
    return found, frozenset(gone)


def _gone(body: Json) -> Iterator[str]:
    for error in body.get("errors") or []:
        if str(error.get("type", "")).endswith(NOT_FOUND):
            yield str(error.get("resource_id") or error.get("value", ""))


def _newest(post: Json) -> str:
    return str((post.get("edit_history_tweet_ids") or [post["id"]])[-1])


def _shown(body: Json) -> Iterator[Listed]:
    who = people(body)
    for post in body.get("data") or []:
        yield _listed(post, who)


def _listed(post: Json, who: dict[str, Person]) -> Listed:
    author = who.get(str(post.get("author_id", "")))
    keys = [str(key) for key in (post.get("attachments") or {}).get("media_keys") or []]
    label = post.get("paid_partnership")
    return Listed(
        remote_id=str(post["id"]),
        url=reading.address(author.handle if author else "", str(post["id"])),
        text=plain(post),
        created_at=moment(post),
        parent_id=parent(post),
        media_count=len(keys),
        first_id=str((post.get("edit_history_tweet_ids") or [post["id"]])[0]),
        video=any(key.startswith(VIDEO_KEYS) for key in keys),
        label=label if isinstance(label, bool) else None,
    )
