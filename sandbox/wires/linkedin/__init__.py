"""A pretend LinkedIn, after the REST documentation of 2026 (version 202611)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from sandbox.house import House
from sandbox.nouns import Account, App, Fault, Message, Post
from sandbox.wire import Answer, Call, Event, Reader, Route
from sandbox.wires.linkedin import access, grants, media, posts, problems, social
from sandbox.wires.linkedin.little import read
from sandbox.world import World

API = ("api.linkedin.com",)
SITE = ("www.linkedin.com",)
FOLD = 140
LOST = ("x-restli-id", "value", "commentUrn", "$URN", "id")


class LinkedIn:
    """The pretend LinkedIn as the sandbox's core needs it."""

    slug = "linkedin"
    title = "LinkedIn"
    hosts = (*API, *SITE)
    scopes = tuple(name for name in grants.SCOPES if name not in ("email", "w_member_social"))
    lifetime = grants.ACCESS_SECONDS
    rotates = False
    has_messages = False

    def routes(self) -> Iterable[Route]:
        for method, path, handler, does in (
            ("GET", "/v2/userinfo", grants.userinfo, "identity"),
            ("GET", "/rest/organizationAcls", grants.roles, "identity"),
            ("GET", "/rest/organizations/{id}", grants.organization, "identity"),
            ("POST", "/rest/posts", posts.create, "publish"),
            ("GET", "/rest/posts", posts.listed, "list"),
            ("GET", "/rest/posts/{urn}", posts.one, "read"),
            ("POST", "/rest/posts/{urn}", posts.edit, "edit"),
            ("DELETE", "/rest/posts/{urn}", posts.delete, "delete"),
            ("POST", "/rest/images", media.images, "upload"),
            ("GET", "/rest/images/{urn}", media.one, "upload"),
            ("POST", "/rest/videos", media.videos, "upload"),
            ("GET", "/rest/videos/{urn}", media.one, "upload"),
            ("POST", "/rest/socialActions/{urn}/comments", social.create, "reply"),
            ("GET", "/rest/socialActions/{urn}/comments", social.listed, "list"),
            ("DELETE", "/rest/socialActions/{urn}/comments/{id}", social.delete, "delete"),
            ("GET", "/rest/organizationalEntityShareStatistics", posts.statistics, "measure"),
            ("GET", "/rest/organizationalEntityNotifications", social.notifications, "list"),
            ("PUT", "/rest/eventSubscriptions/{key}", social.subscribe, "hook"),
        ):
            yield Route(method, path, handler, does, API)
        for method, path, handler, does in (
            ("GET", "/oauth/v2/authorization", grants.authorize, "consent"),
            ("POST", "/oauth/v2/authorization", grants.authorize, "consent"),
            ("POST", "/oauth/v2/accessToken", grants.token, "token"),
            ("POST", "/oauth/v2/introspectToken", grants.introspect, "token"),
            ("POST", "/oauth/v2/revoke", grants.revoke, "token"),
            ("PUT", "/dms-uploads/{urn}/{part}", media.put, "upload"),
        ):
            yield Route(method, path, handler, does, SITE)

    def new_id(self, world: World, kind: str, handle: str = "") -> str:
        number = world.number()
        if kind == "brand":
            return f"urn:li:organization:{number % 1_000_000_000_000}"
        return f"urn:li:person:{number:x}"

    def whose(self, call: Call) -> str:
        return access.whose(call)

    def problem(self, name: str, call: Call, fault: Fault | None) -> Answer:
        return problems.for_fault(name, call, fault)

    def without_id(self, answer: Answer) -> Answer:
        headers = {name: value for name, value in answer.headers.items() if name not in LOST}
        body = answer.body
        if isinstance(body, dict):
            body = {name: value for name, value in body.items() if name not in LOST}
        return Answer(answer.status, body, headers)

    def reader(self, world: World, post: Post) -> Reader:
        """Little text up to its first mistake; the mobile feed shows the first 140 characters."""
        if post.kind == "comment":
            return Reader(post.text)
        seen = read(post.text)
        note = "cut off at an unescaped character" if seen.is_cut else ""
        links = [post.link] if post.link else []
        return Reader(seen.text, FOLD if len(seen.text) > FOLD else None, note, links)

    def address(self, world: World, post: Post) -> str:
        page = f"https://www.linkedin.com/feed/update/{post.root or post.id}/"
        return f"{page}?{urlencode({'commentUrn': post.id})}" if post.kind == "comment" else page

    def sign(self, app: App, raw: bytes) -> dict[str, str]:
        return {"X-LI-Signature": f"{social.PREFIX}{social.proof(app, raw)}"}

    def events(self, world: World, thing: Post | Message, verb: str) -> list[Event]:
        return social.events(world, thing, verb) if isinstance(thing, Post) else []

    def say(self, house: House, author: Account, text: str, parent: str, wall: str) -> Post:
        """A comment, or a member's post that mentions a page."""
        world = house.world
        above = world.get(Post, "linkedin", parent) if parent else None
        if above is not None:
            return social.commented(world, author.id, text, above)
        number = world.number()
        extra = {"activity": f"urn:li:activity:7{number + 1:018d}", "mentions": [wall] if wall else []}
        urn = f"urn:li:share:7{number:018d}"
        return world.put(Post("linkedin", urn, author.id, text, text, wall=wall, extra=extra))

    def write(self, house: House, author: Account, to: str, text: str) -> Message | None:
        """Pages have no direct messages in the public interface."""
        return None


WIRE = LinkedIn()
