"""Pretend WordPress blogs, each at its own address, as a real 6.1 to 7.1 answers."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.house import House
from sandbox.nouns import Account, App, Fault, Message, Post
from sandbox.wire import Answer, Call, Event, Reader, Route
from sandbox.wires.wordpress import access, comments, library, posts, problems, site
from sandbox.world import World

BLOGS = "press.example"
API = "/wp-json/wp/v2"
FOLD = 300


class WordPress:
    """The pretend blogs as the sandbox's core needs them. A blog's id is its host."""

    slug = access.SLUG
    title = "WordPress"
    hosts = (f"*.{BLOGS}",)
    scopes = ()
    lifetime = 0.0
    rotates = False
    has_messages = False
    signs_as = "sariwulandari:"  # a password opens nothing without its user

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/", site.home, "identity")
        yield Route("GET", "/feed", site.feed, "read")
        yield Route("GET", "/wp-json", site.index, "identity")
        yield Route("GET", "/wp-admin/authorize-application.php", site.authorize, "consent")
        yield Route("POST", "/wp-admin/authorize-application.php", site.authorize, "consent")
        for method, path, handler, does in (
            ("GET", "/users/me", site.me, "identity"),
            ("POST", "/posts", posts.create, "publish"),
            ("GET", "/posts", posts.listed, _lists),
            ("GET", "/posts/{id}", posts.one, "read"),
            ("POST", "/posts/{id}", posts.change, "edit"),
            ("DELETE", "/posts/{id}", posts.delete, "delete"),
            ("POST", "/media", library.upload, "upload"),
            ("POST", "/media/{id}", library.describe, "upload"),
            ("GET", "/categories", library.terms, "read"),
            ("POST", "/categories", library.new_term, "read"),
            ("GET", "/tags", library.terms, "read"),
            ("POST", "/tags", library.new_term, "read"),
            ("POST", "/comments", comments.create, "reply"),
            ("GET", "/comments", comments.listed, _lists),
            ("POST", "/comments/{id}", comments.change, "hide"),
            ("DELETE", "/comments/{id}", comments.delete, "delete"),
        ):
            yield Route(method, f"{API}{path}", handler, does)

    def new_id(self, world: World, kind: str, handle: str = "") -> str:
        if kind == "brand":
            return f"{handle.lower() or f'b{world.number():x}'}.{BLOGS}"
        return str(world.number())

    def whose(self, call: Call) -> str:
        return access.whose(call)

    def problem(self, name: str, call: Call, fault: Fault | None) -> Answer:
        return problems.for_fault(name, fault, call)

    def without_id(self, answer: Answer) -> Answer:
        body = answer.body
        if isinstance(body, dict):
            body = {name: value for name, value in body.items() if name not in ("id", "link", "guid")}
        return Answer(answer.status, body, answer.headers)

    def reader(self, world: World, post: Post) -> Reader:
        """Lists show an excerpt; a draft nobody finds."""
        if post.kind == "comment":
            return Reader(post.visible)
        status = str(post.extra.get("status", "publish"))
        note = "" if status == "publish" else f"not public: {status}"
        return Reader(post.visible, FOLD if len(post.visible) > FOLD else None, note)

    def address(self, world: World, post: Post) -> str:
        if post.kind == "comment":
            top = world.get(Post, self.slug, post.root)
            return f"{posts.link(top)}#{post.id}" if top else ""
        return posts.link(post)

    def sign(self, app: App, raw: bytes) -> dict[str, str]:
        """WordPress itself pushes nothing."""
        return {}

    def events(self, world: World, thing: Post | Message, verb: str) -> list[Event]:
        return []

    def say(self, house: House, author: Account, text: str, parent: str, wall: str) -> Post:
        """A reader's comment; on its own, a post of somebody else's blog."""
        world = house.world
        above = world.get(Post, self.slug, parent) if parent else None
        if above is not None:
            top = above if above.kind == "post" else world.get(Post, self.slug, above.root)
            assert top is not None
            return comments.said(world, author.id, text, top, above.id)
        return world.put(Post(self.slug, str(world.number()), author.id, text, text, wall=wall))

    def write(self, house: House, author: Account, to: str, text: str) -> Message | None:
        """Blogs have no direct messages."""
        return None


def _lists(call: Call) -> str:
    """A listing that is asked for single posts, or only for how many there are, counts."""
    return "measure" if "include" in call.query or call.query.get("per_page") == "1" else "list"


WIRE = WordPress()
