"""Four small pretend networks, one for each way besides listing in which a lost answer can be settled.

Nobody sees them unless asked for: `python -m sandbox --also sandbox.plain`.

    plainkeyed     takes an Idempotency-Key: the same key gives the same post
    plainphases    a draft first, then a tiny publish; the posts can be listed
    plaindedupes   refuses the same text from the same account; the posts can be listed
    plainnone      neither: what was lost can only be seen by a person
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from sandbox.house import House
from sandbox.nouns import Account, App, Fault, Media, Message, Post, Token
from sandbox.wire import Answer, Call, Event, Problem, Reader, Route
from sandbox.world import World

SAYS = {
    "rate_limited": (429, "slow down"),
    "rate_limited_silent": (429, "slow down"),
    "quota": (429, "slow down"),
    "unauthorized": (401, "not signed in"),
    "token_expired": (401, "not signed in"),
    "token_revoked": (401, "not signed in"),
    "scope_missing": (403, "not allowed"),
    "policy": (403, "against the policy"),
    "duplicate": (409, "duplicate"),
    "listing_503": (503, "closed"),
    "not_found": (404, "nothing here"),
    "method": (405, "no such method"),
    "sunset": (410, "gone"),
}


class Plain:
    """One of them, by its slug."""

    scopes = ("post",)
    lifetime = 0.0
    rotates = False
    has_messages = False

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.title = slug.title()
        self.hosts = (f"{slug}.example",)

    def routes(self) -> Iterable[Route]:
        # A small clip or picture may travel inside the post; what counts is how a lost answer is settled.
        does = "upload" if self.slug == "plainphases" else _kind_of
        yield Route("POST", "/posts", self.draft if self.slug == "plainphases" else self.post, does)
        yield Route("POST", "/drafts/{id}/publish", self.publish, _kind_of)
        if self.slug in ("plainphases", "plaindedupes"):
            yield Route("GET", "/posts", self.mine, "list")

    def post(self, call: Call) -> Answer:
        """Put it up, once for a key, once for a text, or as often as asked."""
        sender, said = self._sender(call), call.json()
        key = call.headers.get("Idempotency-Key", "")
        for old in call.world.posts_by(self.slug, sender):
            if self.slug == "plainkeyed" and key and old.extra.get("key") == key:
                return Answer(200, {"id": old.id})
            if self.slug == "plaindedupes" and old.text == said["text"] and not old.deleted:
                return self.problem("duplicate", call, None)
        return self._put(call, sender, said["text"], said.get("parent", ""), key)

    def draft(self, call: Call) -> Answer:
        sender, said = self._sender(call), call.json()
        kept = Media(self.slug, self.new_id(call.world, "draft"), sender, extra={"said": said, "post": ""})
        call.world.put(kept)
        return Answer(201, {"draft": kept.id})

    def publish(self, call: Call) -> Answer:
        sender = self._sender(call)
        kept = call.world.get(Media, self.slug, call.args["id"])
        if kept is None or kept.account != sender:
            return self.problem("not_found", call, None)
        if kept.extra["post"]:
            return Answer(200, {"id": kept.extra["post"]})
        said = kept.extra["said"]
        answer = self._put(call, sender, said["text"], said.get("parent", ""), "")
        kept.extra = {**kept.extra, "post": call.stored[-1]}
        call.world.put(kept)
        return answer

    def mine(self, call: Call) -> Answer:
        own = [post for post in call.world.posts_by(self.slug, self._sender(call)) if not post.deleted]
        since = float(call.query.get("since", 0))
        posts, whole = call.visible([post for post in own if post.created >= since])
        drawn = [
            {
                "id": post.id,
                "text": post.text,
                "parent": post.parent,
                "at": datetime.fromtimestamp(post.created, UTC).isoformat(),
            }
            for post in posts
        ]
        return Answer(200, {"posts": drawn, "whole": whole})

    def _put(self, call: Call, sender: str, text: str, parent: str, key: str) -> Answer:
        kind = "comment" if parent else "post"
        made = Post(self.slug, self.new_id(call.world, kind), sender, text, visible=text, kind=kind, parent=parent)
        made.extra = {"key": key}
        call.keep(call.world.put(made))
        return Answer(201, {"id": made.id})

    def _sender(self, call: Call) -> str:
        if not call.account:
            raise Problem(self.problem("unauthorized", call, None))
        return call.account

    # -- what the sandbox's core asks of every network ---------------------------------------------

    def new_id(self, world: World, kind: str, handle: str = "") -> str:
        return f"{kind[:1]}{world.number()}"

    def whose(self, call: Call) -> str:
        token = call.world.get(Token, self.slug, call.bearer()) if call.bearer() else None
        return token.account if token and not token.revoked else ""

    def problem(self, name: str, call: Call, fault: Fault | None) -> Answer:
        status, words = SAYS.get(name, (500, "broken"))
        wait = {"Retry-After": str(int(fault.params["retry_after"]))} if fault and name == "rate_limited" else {}
        return Answer(status, {"error": words}, wait)

    def without_id(self, answer: Answer) -> Answer:
        return Answer(answer.status, {"ok": True}, answer.headers)

    def reader(self, world: World, post: Post) -> Reader:
        return Reader(post.text)

    def address(self, world: World, post: Post) -> str:
        return f"https://{self.slug}.example/p/{post.id}"

    def sign(self, app: App, raw: bytes) -> dict[str, str]:
        return {}

    def events(self, world: World, thing: Post | Message, verb: str) -> list[Event]:
        return []

    def say(self, house: House, author: Account, text: str, parent: str, wall: str) -> Post:
        made = Post(self.slug, self.new_id(house.world, "comment"), author.id, text, visible=text, kind="comment")
        made.parent, made.wall = parent, wall
        return house.world.put(made)

    def write(self, house: House, author: Account, to: str, text: str) -> Message | None:
        return None


def _kind_of(call: Call) -> str:
    """A post below another one is an answer. Never raises: a body nobody understands is a post."""
    try:
        return "reply" if json.loads(call.body or b"{}").get("parent") else "publish"
    except (ValueError, AttributeError):
        return "publish"


WIRES = tuple(Plain(slug) for slug in ("plainkeyed", "plainphases", "plaindedupes", "plainnone"))
