"""A pretend X, after its OpenAPI document (v2.167) and the documentation of 2026."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox import showing
from sandbox.house import House
from sandbox.nouns import Account, App, Fault, Message, Post, Token
from sandbox.wire import Answer, Call, Event, Reader, Route
from sandbox.wires.x import checks, grants, hooks, media, posts, problems, talks, words
from sandbox.wires.x.access import me, user
from sandbox.wires.x.problems import not_found
from sandbox.wires.x.shapes import EXPANSIONS, Drawing
from sandbox.world import World

API = ("api.x.com", "api.twitter.com")
SITE = ("x.com", "twitter.com")
FIRST_ID = 1_900_000_000_000_000_000


@user("tweet.read", "users.read", bucket="me", limit=75)
def whoami(call: Call) -> Answer:
    """GET /2/users/me."""
    checks.query(call, "user.fields", "expansions", "tweet.fields", "post.fields")
    known = EXPANSIONS | {"affiliation", "most_recent_post_id", "pinned_post_id", "pinned_tweet_id"}
    drawing = Drawing(call, known)
    return Answer(200, {"data": drawing.user(me(call))})


@user("tweet.read", "users.read", bucket="by_name", limit=900, app_too=True)
def named(call: Call) -> Answer:
    """GET /2/users/by/username/{username}."""
    checks.query(call, "user.fields", "expansions", "tweet.fields", "post.fields")
    drawing = Drawing(call)
    found = call.world.by_handle("x", call.args["username"])
    if found is None:
        return Answer(200, {"errors": [not_found("user", call.args["username"], "username")]})
    return Answer(200, {"data": drawing.user(found)})


class X:
    """The pretend X as the sandbox's core needs it."""

    slug = "x"
    title = "X"
    hosts = (*API, *SITE, "upload.twitter.com", "upload.x.com")
    scopes = tuple(list(grants.SCOPES)[:8])
    lifetime = grants.ACCESS_SECONDS
    rotates = True
    has_messages = True

    def routes(self) -> Iterable[Route]:
        for method, path, handler, does in (
            ("POST", "/2/oauth2/token", grants.token, "token"),
            ("POST", "/oauth2/token", grants.app_token, "token"),
            ("POST", "/2/oauth2/revoke", grants.revoke, "token"),
            ("GET", "/2/users/me", whoami, "identity"),
            ("GET", "/2/users/by/username/{username}", named, "read"),
            ("POST", "/2/tweets", posts.create, "publish"),
            ("GET", "/2/tweets", posts.several, "measure"),
            ("GET", "/2/tweets/search/recent", posts.search, "list"),
            ("GET", "/2/tweets/{id}", posts.one, "read"),
            ("DELETE", "/2/tweets/{id}", posts.delete, "delete"),
            ("PUT", "/2/tweets/{tweet_id}/hidden", posts.hide, "hide"),
            ("GET", "/2/users/{id}/tweets", posts.timeline, "list"),
            ("GET", "/2/users/{id}/mentions", posts.mentions, "list"),
            ("POST", "/2/media/upload", media.upload, "upload"),
            ("GET", "/2/media/upload", media.status, "upload"),
            ("POST", "/2/media/upload/initialize", media.initialize, "upload"),
            ("POST", "/2/media/upload/{id}/append", media.append, "upload"),
            ("POST", "/2/media/upload/{id}/finalize", media.finalize, "upload"),
            ("POST", "/2/media/metadata", media.metadata, "upload"),
            ("POST", "/2/dm_conversations/with/{participant_id}/messages", talks.send_to, "message"),
            ("POST", "/2/dm_conversations/{dm_conversation_id}/messages", talks.send_in, "message"),
            ("GET", "/2/dm_conversations/with/{participant_id}/dm_events", talks.with_one, "list"),
            ("GET", "/2/dm_conversations/{id}/dm_events", talks.of_talk, "list"),
            ("GET", "/2/dm_events", talks.every, "list"),
            ("POST", "/2/webhooks", hooks.register, "hook"),
            ("GET", "/2/webhooks", hooks.registered, "hook"),
            ("PUT", "/2/webhooks/{webhook_id}", hooks.validate, "hook"),
            ("DELETE", "/2/webhooks/{webhook_id}", hooks.unregister, "hook"),
            ("POST", "/2/activity/subscriptions", hooks.subscribe, "hook"),
            ("GET", "/2/activity/subscriptions", hooks.subscriptions, "hook"),
            ("DELETE", "/2/activity/subscriptions/{subscription_id}", hooks.unsubscribe, "hook"),
        ):
            yield Route(method, path, handler, does, API)
        yield Route("GET", "/oembed", showing.oembed, "page", SITE)
        for method in ("GET", "POST"):
            yield Route(method, "/i/oauth2/authorize", grants.authorize, "consent", SITE)

    def new_id(self, world: World, kind: str, handle: str = "") -> str:
        return str(FIRST_ID + world.number())

    def whose(self, call: Call) -> str:
        token = call.world.get(Token, "x", call.bearer()) if call.bearer() else None
        if token is None and call.path.startswith("/2/oauth2/") and b"refresh_token=" in call.body:
            token = call.world.by_refresh("x", call.form().get("refresh_token", ""))
        return token.account if token else ""

    def problem(self, name: str, call: Call, fault: Fault | None) -> Answer:
        return problems.for_fault(name, call, fault)

    def without_id(self, answer: Answer) -> Answer:
        if isinstance(answer.body, dict) and isinstance(answer.body.get("data"), dict):
            data = {k: v for k, v in answer.body["data"].items() if k not in ("id", "dm_event_id")}
            data.pop("edit_history_tweet_ids", None)
            return Answer(answer.status, {"data": data}, answer.headers)
        return answer

    def reader(self, world: World, post: Post) -> Reader:
        """280 weighted units are shown; a longer post (Premium) folds there."""
        text = words.shown(post.text)
        links = [link[0] for link in words.LINK.finditer(post.text)]
        weight = words.weigh(post.text)
        return Reader(text, words.LIMIT if weight > words.LIMIT else None, f"{weight} of 280", links)

    def address(self, world: World, post: Post) -> str:
        author = world.get(Account, "x", post.account)
        return f"https://x.com/{author.handle if author else 'i'}/status/{post.id}"

    def sign(self, app: App, raw: bytes) -> dict[str, str]:
        return {"x-twitter-webhooks-signature": hooks.proof(app, raw)}

    def events(self, world: World, thing: Post | Message, verb: str) -> list[Event]:
        if isinstance(thing, Message):
            return hooks.for_message(world, thing) if verb == "create" else []
        return hooks.for_post(world, thing, verb)

    def say(self, house: House, author: Account, text: str, parent: str, wall: str) -> Post:
        """A reply, or a post that calls a brand by its name."""
        world = house.world
        above = world.get(Post, "x", parent) if parent else None
        brand = world.get(Account, "x", wall) if wall else None
        if brand and f"@{brand.handle}".lower() not in text.lower():
            text = f"@{brand.handle} {text}"
        called = posts.mentioned(world, text, above)
        brands = (world.get(Account, "x", id) for id in called)
        first = next((one.id for one in brands if one and one.kind == "brand" and one.id != author.id), "")
        return world.put(
            Post(
                network="x",
                id=self.new_id(world, "post"),
                account=author.id,
                text=text,
                visible=words.shown(text),
                parent=parent,
                root=(above.root or above.id) if above else "",
                wall=wall or first,
                extra={"mentions": called},
            )
        )

    def write(self, house: House, author: Account, to: str, text: str) -> Message | None:
        id = self.new_id(house.world, "message")
        talk = talks.between(author.id, to)
        return house.world.put(Message("x", id, talk, author.id, to, text))


WIRE = X()
