"""A pretend Facebook, after the Graph API's documentation of 2026 (v25.0)."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.house import House
from sandbox.nouns import Account, App, Fault, Message, Post
from sandbox.wire import Answer, Call, Event, Reader, Route
from sandbox.wires.facebook import grants, hooks, media, posts, problems, shapes, talks
from sandbox.wires.facebook.access import versioned
from sandbox.world import World

GRAPH = ("graph.facebook.com",)
VIDEO = ("graph-video.facebook.com",)
SITE = ("www.facebook.com",)
FOLD = 110
FIRST_PAGE = 100_000_000_000_000
LOST = ("id", "post_id", "message_id", "video_id", "upload_session_id", "success")


class Facebook:
    """The pretend Facebook as the sandbox's core needs it."""

    slug = "facebook"
    title = "Facebook"
    hosts = (*GRAPH, *VIDEO, *SITE)
    scopes = tuple(name for name in grants.SCOPES if name != "public_profile")
    lifetime = 0.0
    rotates = False
    has_messages = True

    def routes(self) -> Iterable[Route]:
        for method, path, handler, does in (
            ("POST", "/", versioned(grants.batch), "token"),
            ("GET", "/", posts.several, "measure"),
            ("GET", "/oauth/access_token", versioned(grants.token), "token"),
            ("POST", "/oauth/access_token", versioned(grants.token), "token"),
            ("GET", "/debug_token", versioned(grants.debug), "token"),
            ("GET", "/me/accounts", versioned(grants.accounts), "identity"),
            ("GET", "/me/permissions", versioned(grants.permissions), "identity"),
            ("DELETE", "/me/permissions", versioned(grants.give_up), "delete"),
            ("POST", "/{id}/feed", posts.create, "publish"),
            ("GET", "/{id}/feed", posts.feed, "list"),
            ("GET", "/{id}/posts", posts.feed, "list"),
            ("GET", "/{id}/published_posts", posts.feed, "list"),
            ("GET", "/{id}/tagged", posts.tagged, "list"),
            ("POST", "/{id}/photos", media.photo, media.photo_does),
            ("POST", "/{id}/comments", talks.comment, "reply"),
            ("GET", "/{id}/comments", talks.comments, "list"),
            ("POST", "/{id}/messages", talks.send, "message"),
            ("GET", "/{id}/conversations", talks.conversations, "list"),
            ("POST", "/{id}/subscriptions", hooks.subscribe_app, "hook"),
            ("GET", "/{id}/subscriptions", hooks.subscriptions, "hook"),
            ("POST", "/{id}/subscribed_apps", hooks.subscribe_page, "hook"),
            ("GET", "/{id}/subscribed_apps", hooks.subscribed, "hook"),
            ("DELETE", "/{id}/subscribed_apps", hooks.unsubscribe, "hook"),
            ("GET", "/{id}", posts.one, "read"),
            ("POST", "/{id}", posts.change, posts.changes),
            ("DELETE", "/{id}", posts.delete, "delete"),
        ):
            yield Route(method, "/{version}" + path, handler, does, GRAPH)
        for host in (GRAPH, VIDEO):
            yield Route("POST", "/{version}/{id}/videos", media.video, media.video_does, host)
        for method in ("GET", "POST"):
            yield Route(method, "/{version}/dialog/oauth", grants.dialog, "consent", SITE)

    def new_id(self, world: World, kind: str, handle: str = "") -> str:
        number = world.number()
        if kind == "message":
            return f"m_{number}"
        return str(FIRST_PAGE + number)

    def whose(self, call: Call) -> str:
        return grants.whose(call)

    def problem(self, name: str, call: Call, fault: Fault | None) -> Answer:
        return problems.for_fault(name, call, fault)

    def without_id(self, answer: Answer) -> Answer:
        if isinstance(answer.body, dict):
            kept = {name: value for name, value in answer.body.items() if name not in LOST}
            return Answer(answer.status, kept, answer.headers)
        return answer

    def reader(self, world: World, post: Post) -> Reader:
        """The text as written; the mobile feed shows its first 110 characters."""
        links = [post.link] if post.link else []
        is_long = post.kind == "post" and len(post.text) > FOLD
        return Reader(post.text, FOLD if is_long else None, "hidden" if post.hidden else "", links)

    def address(self, world: World, post: Post) -> str:
        return shapes.address(world, post)

    def sign(self, app: App, raw: bytes) -> dict[str, str]:
        return {"X-Hub-Signature-256": hooks.proof(app, raw)}

    def events(self, world: World, thing: Post | Message, verb: str) -> list[Event]:
        if isinstance(thing, Message):
            return hooks.for_message(world, thing) if verb == "create" else []
        return hooks.for_post(world, thing, verb)

    def say(self, house: House, author: Account, text: str, parent: str, wall: str) -> Post:
        """A comment, or a post of a visitor that names the Page."""
        world = house.world
        above = world.get(Post, "facebook", parent) if parent else None
        if above is not None:
            return world.put(talks.make_comment(self.new_id(world, "comment"), author.id, text, above, []))
        id = f"{author.id}_{self.new_id(world, 'post')}"
        return world.put(Post("facebook", id, author.id, text, text, wall=wall))

    def write(self, house: House, author: Account, to: str, text: str) -> Message | None:
        id = self.new_id(house.world, "message")
        return house.world.put(Message("facebook", id, talks.between(to, author.id), author.id, to, text))


WIRE = Facebook()
