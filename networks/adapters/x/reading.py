"""Reads X's posts and messages back: what is live, who answered, how it went."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.adapters.x.calls import Client, preparing
from networks.adapters.x.limits import wording
from networks.protocol import (
    Content,
    Event,
    EventKind,
    Listed,
    Listing,
    Measurement,
    NetworkError,
    Person,
    Sender,
    Target,
    TargetKind,
)

FIELDS = "author_id,conversation_id,created_at,in_reply_to_user_id,referenced_tweets,entities,attachments,note_tweet"
PEOPLE = {"expansions": "author_id", "user.fields": "profile_image_url"}
PAGES = 10
AT_ONCE = 100  # posts one look-up may name
QUERY = 480  # characters of a search query
Json = Mapping[str, Any]  # Any: X's JSON

SCHEME = re.compile(r"https?://")
CALLED = re.compile(r"^(?:@\w+\s+)+")


def address(handle: str, id: str) -> str:
    return f"https://x.com/{handle or 'i'}/status/{id}"


def pages(client: Client, route: str, params: Mapping[str, str]) -> Iterator[Json]:
    """Page after page of a listing, up to ten; the last one read has no `next_token` when the listing is whole."""
    asked = dict(params)
    for _ in range(PAGES):
        body = client.call("GET", route, params=asked).json()
        if not isinstance(body, dict) or not ({"data", "meta", "errors"} & body.keys()):
            raise ValueError("no listing")  # and so no evidence that nothing is there
        yield body
        following = (body.get("meta") or {}).get("next_token", "")
        if not following:
            return
        asked["pagination_token"] = following


def gathered(client: Client, sender: Sender, route: str, params: Mapping[str, str]) -> tuple[list[Json], bool]:
    """All pages, and whether that is everything. Raises only when not even the first page came."""
    found: list[Json] = []
    try:
        with preparing(sender):
            for body in pages(client, route, params):
                found.append(body)
    except NetworkError:
        if not found:
            raise
        return found, False
    last = found[-1]
    whole = not last.get("errors") and not (last.get("meta") or {}).get("next_token")
    return found, whole


def since_param(since: datetime) -> str:
    """X compares whole seconds."""
    return (since.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def recent(client: Client, sender: Sender, since: datetime, target: Target | None) -> Listing:
    """Own posts, or what was written in answer to `target`."""
    if target is not None and target.kind is TargetKind.MESSAGE:
        return _messages(client, sender, since, target)
    params = {"max_results": "100", "start_time": since_param(since), "tweet.fields": FIELDS}
    bodies, whole = gathered(client, sender, f"/2/users/{sender.uid}/tweets", params)
    posts = [_listed(sender, post) for body in bodies for post in body.get("data") or []]
    if target is not None:
        above = target.message_id or target.post_id
        posts = [post for post in posts if post.parent_id == above]
    return Listing(tuple(posts), whole)


def _listed(sender: Sender, post: Json) -> Listed:
    keys = (post.get("attachments") or {}).get("media_keys") or []
    return Listed(
        remote_id=str(post["id"]),
        url=address(sender.handle, str(post["id"])),
        text=plain(post),
        created_at=moment(post),
        parent_id=parent(post),
        media_count=len(keys),
    )


def _messages(client: Client, sender: Sender, since: datetime, target: Target) -> Listing:
    route = f"/2/dm_conversations/with/{target.author_uid}/dm_events"
    params = {"max_results": "100", "dm_event.fields": "id,text,created_at,sender_id,dm_conversation_id"}
    bodies, whole = gathered(client, sender, route, params)
    mine = [m for body in bodies for m in body.get("data") or [] if str(m.get("sender_id")) == sender.uid]
    listed = [
        Listed(str(m["id"]), "https://x.com/messages", html.unescape(str(m.get("text", ""))), moment(m)) for m in mine
    ]
    return Listing(tuple(one for one in listed if one.created_at >= since - timedelta(seconds=1)), whole)


def plain(post: Json) -> str:
    """The words as they were written: links in full, the media's own address taken off, entities unescaped."""
    note = post.get("note_tweet") or {}
    text = str(note.get("text") or post.get("text") or "")
    urls = ((note or post).get("entities") or post.get("entities") or {}).get("urls") or []
    for url in urls:
        full = str(url.get("unwound_url") or url.get("expanded_url") or url.get("url", ""))
        own = "/photo/" in full or "/video/" in full
        text = text.replace(str(url.get("url", "")), "" if own and str(post.get("id", "")) in full else full)
    return html.unescape(text).strip()


def same(content: Content, listed: Listed) -> bool:
    """Compares words without the schemes of links, the run of spaces, and the names an answer begins with."""
    ours, theirs = _bare(wording(content)), _bare(listed.text)
    if listed.parent_id and ours != theirs:
        theirs, ours = CALLED.sub("", theirs), CALLED.sub("", ours)
    return ours == theirs and len(content.media) == listed.media_count


def _bare(text: str) -> str:
    return " ".join(SCHEME.sub("", unicodedata.normalize("NFC", text)).replace("/ ", " ").split()).rstrip("/")


def moment(thing: Json) -> datetime:
    return datetime.fromisoformat(str(thing["created_at"]))


def parent(post: Json) -> str:
    above = [ref for ref in post.get("referenced_tweets") or [] if ref.get("type") == "replied_to"]
    return str(above[0]["id"]) if above else ""


def measure(client: Client, sender: Sender, ids: list[str]) -> list[Measurement]:
    """Public counts; a post that is gone is left out."""
    found: list[Measurement] = []
    for place in range(0, len(ids), AT_ONCE):
        params = {"ids": ",".join(ids[place : place + AT_ONCE]), "tweet.fields": "public_metrics"}
        with preparing(sender):
            body = client.call("GET", "/2/tweets", params=params).json()
            found += [_measured(post) for post in body.get("data") or []]
    return found


def _measured(post: Json) -> Measurement:
    counts = post.get("public_metrics") or {}
    return Measurement(
        remote_id=str(post["id"]),
        views=counts.get("impression_count"),
        likes=counts.get("like_count"),
        comments=counts.get("reply_count"),
        shares=(counts.get("retweet_count", counts.get("repost_count")) or 0) + (counts.get("quote_count") or 0),
    )


# -- what people said --------------------------------------------------------------------


def people(body: Json) -> dict[str, Person]:
    users = (body.get("includes") or {}).get("users") or []
    return {
        str(user["id"]): Person(
            str(user["id"]), str(user.get("name", "")), str(user.get("username", "")), user.get("profile_image_url", "")
        )
        for user in users
    }


def heard(account_uid: str, post: Json, who: Mapping[str, Person], ours: Iterable[str] = ()) -> Event:
    """A post by somebody else as an event: a comment when it answers us, else a mention."""
    id, author = str(post["id"]), str(post.get("author_id", ""))
    root = str(post.get("conversation_id") or id)
    answers = str(post.get("in_reply_to_user_id", "")) == account_uid or root in set(ours)
    person = who.get(author) or Person(author, "")
    return Event(
        key=f"post:{id}",
        kind=EventKind.COMMENT if answers else EventKind.MENTION,
        account_uid=account_uid,
        message_id=id,
        post_id=root,
        author=person,
        text=plain(post),
        at=moment(post),
        parent_id=parent(post),
        url=address(person.handle, id),
        raw=dict(post),
    )


def heard_message(account_uid: str, message: Json, who: Mapping[str, Person]) -> Event:
    author = str(message.get("sender_id", ""))
    return Event(
        key=f"message:{message['id']}",
        kind=EventKind.MESSAGE,
        account_uid=account_uid,
        message_id=str(message["id"]),
        post_id=str(message.get("dm_conversation_id", "")),
        author=who.get(author) or Person(author, ""),
        text=html.unescape(str(message.get("text", ""))),
        at=moment(message),
        raw=dict(message),
    )


def poll(client: Client, sender: Sender, since: datetime, post_ids: Iterable[str]) -> list[Event]:
    """Mentions and answers, the conversations below `post_ids`, and messages where the account lets us read them."""
    ours = list(post_ids)
    start = {"start_time": since_param(since), "max_results": "100", "tweet.fields": FIELDS, **PEOPLE}
    events = _posts(client, sender, f"/2/users/{sender.uid}/mentions", start, ours)
    for query in _queries(ours):
        events += _posts(client, sender, "/2/tweets/search/recent", {**start, "query": query}, ours)
    if "dm.read" in sender.credentials.scopes:
        events += _polled_messages(client, sender, since)
    return sorted({event.key: event for event in events}.values(), key=lambda event: event.at)


def _queries(ids: list[str]) -> Iterator[str]:
    """Search queries for the conversations, as few as fit."""
    terms: list[str] = []
    for id in ids:
        if terms and len(" OR ".join([*terms, f"conversation_id:{id}"])) > QUERY:
            yield " OR ".join(terms)
            terms = []
        terms.append(f"conversation_id:{id}")
    if terms:
        yield " OR ".join(terms)


def _every(client: Client, sender: Sender, route: str, params: Mapping[str, str]) -> list[Json]:
    """All pages or none: half a listing would move the high-water mark past what was not read."""
    with preparing(sender):
        return list(pages(client, route, params))


def _posts(client: Client, sender: Sender, route: str, params: Mapping[str, str], ours: list[str]) -> list[Event]:
    bodies = _every(client, sender, route, params)
    found: list[Event] = []
    for body in bodies:
        who = people(body)
        others = [post for post in body.get("data") or [] if str(post.get("author_id")) != sender.uid]
        found += [heard(sender.uid, post, who, ours) for post in others]
    return found


def _polled_messages(client: Client, sender: Sender, since: datetime) -> list[Event]:
    params = {
        "max_results": "100",
        "event_types": "MessageCreate",
        "dm_event.fields": "id,text,created_at,dm_conversation_id,sender_id",
        "expansions": "sender_id",
    }
    bodies = _every(client, sender, "/2/dm_events", params)
    found: list[Event] = []
    for body in bodies:
        who = people(body)
        theirs = [one for one in body.get("data") or [] if str(one.get("sender_id")) != sender.uid]
        found += [heard_message(sender.uid, one, who) for one in theirs]
    return [event for event in found if event.at >= since]
