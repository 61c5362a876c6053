"""A pretend YouTube, after the discovery document of its Data API (v3) and Google's OAuth documentation."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from sandbox import consent, showing
from sandbox.house import House
from sandbox.nouns import Account, App, Fault, Message, Post, Token
from sandbox.wire import Answer, Call, Event, Reader, Route
from sandbox.wires.youtube import access, channels, comments, feeds, grants, problems, shapes, videos
from sandbox.world import World

API = ("youtube.googleapis.com", "www.googleapis.com")
CONSENT = ("accounts.google.com",)
TOKENS = ("oauth2.googleapis.com",)
SITE = ("www.youtube.com",)
FOLD = 100  # what the smallest screens show of a description


def watch_page(call: Call) -> Answer:
    """www.youtube.com/watch?v=…: where a reader finds the video, or with `lc` a comment below it."""
    video = call.world.get(Post, call.network, call.query.get("v", ""))
    comment = call.world.get(Post, call.network, call.query.get("lc", ""))
    if video is None or video.deleted:
        return consent.wrong(call, "This video is not available.", 404)
    if showing.is_program(call) and comment is None:
        return showing.page(call, call.house.wires[call.network], call.house, video)
    return consent.back(f"/_feed/{call.network}/{video.account}#p{(comment or video).id}")


class YouTube:
    """The pretend YouTube as the sandbox's core needs it."""

    slug = shapes.NETWORK
    title = "YouTube"
    hosts = (*API, *CONSENT, *TOKENS, *SITE)
    scopes = tuple(list(access.SCOPES)[:4])
    lifetime = grants.ACCESS_SECONDS
    rotates = False
    has_messages = False

    def routes(self) -> Iterable[Route]:
        v3 = "/youtube/v3"
        for method, path, handler, does in (
            ("POST", videos.PATH, videos.begin, "upload"),
            # Its last piece is what makes a video exist, so it is the one that publishing faults strike.
            ("PUT", videos.PATH, videos.receive, "publish"),
            ("GET", f"{v3}/videos", videos.several, "measure"),
            ("PUT", f"{v3}/videos", videos.update, "edit"),
            ("DELETE", f"{v3}/videos", videos.delete, "delete"),
            ("GET", f"{v3}/channels", channels.several, "identity"),
            ("GET", f"{v3}/playlistItems", channels.uploads, "list"),
            ("POST", f"{v3}/commentThreads", comments.begin, "reply"),
            ("GET", f"{v3}/commentThreads", comments.threads, "list"),
            ("POST", f"{v3}/comments", comments.answer, "reply"),
            ("GET", f"{v3}/comments", comments.several, "list"),
            ("DELETE", f"{v3}/comments", comments.delete, "delete"),
            ("POST", f"{v3}/comments/setModerationStatus", comments.moderate, "hide"),
        ):
            yield Route(method, path, handler, does, API)
        for method in ("GET", "POST"):
            yield Route(method, "/o/oauth2/v2/auth", grants.authorize, "consent", CONSENT)
        yield Route("GET", "/watch", watch_page, "page", SITE)
        yield Route("GET", "/feeds/videos.xml", feeds.feed, "page", SITE)
        yield Route("GET", "/oembed", showing.oembed, "page", SITE)
        yield Route("POST", "/token", grants.token, "token", TOKENS)
        yield Route("POST", "/revoke", grants.revoke, "token", TOKENS)

    def new_id(self, world: World, kind: str, handle: str = "") -> str:
        """Channels UC + 22, videos 11, comments Ug + 24, upload sessions long: all as YouTube's look."""
        digest = hashlib.sha256(f"{kind}{world.number()}".encode()).digest()
        letters = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if kind in ("person", "brand"):
            return f"UC{letters[:22]}"
        return {"post": letters[:11], "comment": f"Ug{letters[:24]}"}.get(kind, f"AB{letters}")

    def whose(self, call: Call) -> str:
        token = call.world.get(Token, self.slug, call.bearer()) if call.bearer() else None
        if token is None and call.host in TOKENS and b"refresh_token=" in call.body:
            token = call.world.by_refresh(self.slug, call.form().get("refresh_token", ""))
        return token.account if token else ""

    def problem(self, name: str, call: Call, fault: Fault | None) -> Answer:
        return problems.for_fault(name, call, fault)

    def without_id(self, answer: Answer) -> Answer:
        if isinstance(answer.body, dict):
            return Answer(answer.status, {k: v for k, v in answer.body.items() if k != "id"}, answer.headers)
        return answer

    def reader(self, world: World, post: Post) -> Reader:
        """The title above, then the description up to "...more"; what failed in processing shows nothing."""
        if post.kind == "comment":
            return Reader(post.text)
        if reason := shapes.failure(world, post):
            return Reader("", note=f"Processing failed: {reason}")
        lines = [post.extra.get("privacyStatus", "public")]
        if post.extra.get("paid"):
            lines.append("includes paid promotion")
        if shapes.uploading(world, post):
            lines.append("processing")
        text = f"{post.extra['title']}\n{post.text}"
        fold = len(post.extra["title"]) + 1 + FOLD
        return Reader(text, fold if len(text) > fold else None, ", ".join(lines))

    def address(self, world: World, post: Post) -> str:
        if post.kind == "comment":
            return f"https://www.youtube.com/watch?v={post.root}&lc={post.id}"
        return f"https://www.youtube.com/watch?v={post.id}"

    def sign(self, app: App, raw: bytes) -> dict[str, str]:
        return {}

    def events(self, world: World, thing: Post | Message, verb: str) -> list[Event]:
        """YouTube pushes no comments: who wants them asks for them."""
        return []

    def say(self, house: House, author: Account, text: str, parent: str, wall: str) -> Post:
        """A comment below a video, or an answer in its thread; on a channel's wall: below its newest video.

        With neither it is a video of the author's own: the first line its title, the rest its description.
        """
        world = house.world
        if not parent and not wall:
            return self._video(world, author, text)
        above = world.get(Post, self.slug, parent) if parent else self._newest(world, wall)
        if above is None:
            raise ValueError("a comment on YouTube needs a video")
        top = above if above.kind == "post" or above.parent == above.root else world.get(Post, self.slug, above.parent)
        assert top is not None
        video = top.id if top.kind == "post" else top.root
        owner = world.get(Post, self.slug, video)
        id = self.new_id(world, "comment")
        return world.put(
            Post(
                network=self.slug,
                id=id if top.kind == "post" else f"{top.id}.{id[2:24]}",
                account=author.id,
                text=text,
                visible=text,
                kind="comment",
                parent=top.id,
                root=video,
                wall=owner.account if owner else "",
            )
        )

    def _video(self, world: World, author: Account, text: str) -> Post:
        title, _, description = text.partition("\n")
        extra = {"title": title[:100], "tags": [], "categoryId": "22", "privacyStatus": "public"}
        id = self.new_id(world, "post")
        return world.put(Post(self.slug, id, author.id, description.strip(), description.strip(), extra=extra))

    def _newest(self, world: World, channel: str) -> Post | None:
        videos = [p for p in world.posts_by(self.slug, channel) if p.kind == "post" and not p.deleted]
        return videos[-1] if videos else None

    def write(self, house: House, author: Account, to: str, text: str) -> Message | None:
        return None


WIRE = YouTube()
