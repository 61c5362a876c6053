"""What people see: the networks, each network's feed, the switches and the ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from sandbox.control import Wrong, clear_faults, message, remove, say, set_fault, the_account
from sandbox.faults import FAULTS, Stage
from sandbox.house import House
from sandbox.look import HERE, draw
from sandbox.nouns import Account, Json, Media, Message, Post
from sandbox.wire import Reader

Page = Callable[[web.Request], Awaitable[web.StreamResponse]]
FEED_LENGTH = 40
STAGES = {
    Stage.BEFORE: "Nothing is stored",
    Stage.AFTER: "Stored, but the answer goes wrong",
    Stage.INSIDE: "Uploads and listings",
    Stage.HOOK: "Webhooks",
}
FILTERS = ("network", "account", "does", "kind", "stored")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; form-action 'self'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One post on a feed, with everything its drawing needs."""

    post: Post
    author: Account
    reader: Reader
    media: list[Media]
    answers: list[Shown]
    address: str

    @property
    def title(self) -> str:
        """The title, where the network shows one above the text."""
        title = str(self.post.extra.get("title", ""))
        return title if title and self.reader.text.startswith(f"{title}\n") else ""

    @property
    def _after_title(self) -> int:
        return len(self.title) + 1 if self.title else 0

    @property
    def before_fold(self) -> str:
        end = len(self.reader.text) if self.reader.fold is None else self.reader.fold
        return self.reader.text[self._after_title : end]

    @property
    def after_fold(self) -> str:
        """What stays hidden until the reader asks for it; empty when everything is shown."""
        return "" if self.reader.fold is None else self.reader.text[self.reader.fold :]


def shown(house: House, post: Post) -> Shown:
    """A post with its answers, deleted ones left out."""
    wire = house.wires[post.network]
    author = house.world.get(Account, post.network, post.account)
    assert author is not None
    answers = [answer for answer in house.world.replies_to(post.network, post.id) if not answer.deleted]
    found = (house.world.get(Media, post.network, id) for id in post.media)
    return Shown(
        post,
        author,
        wire.reader(house.world, post),
        [media for media in found if media],
        [shown(house, answer) for answer in answers],
        wire.address(house.world, post),
    )


def feed(house: House, network: str, brand: Account) -> list[Shown]:
    """A brand's own posts and what was said to it, newest first, answers inside."""
    said = house.world.posts_by(network, brand.id, last=FEED_LENGTH * 3)
    heard = house.world.on_wall(network, brand.id)[-FEED_LENGTH:]
    tops = [post for post in {p.id: p for p in (*said, *heard)}.values() if not post.deleted and not post.parent]
    tops.sort(key=lambda post: post.created, reverse=True)
    return [shown(house, post) for post in tops[:FEED_LENGTH]]


def page(template: str, **known: object) -> web.Response:
    return web.Response(
        text=draw(template, **known),
        content_type="text/html",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"},
    )


def index_page(house: House) -> Page:
    async def show(_: web.Request) -> web.StreamResponse:
        rows = [
            (
                wire,
                [(brand, len(house.world.posts_by(slug, brand.id))) for brand in house.world.brands(slug)[:12]],
            )
            for slug, wire in house.wires.items()
        ]
        return page("index.html", house=house, rows=rows)

    return show


def feed_page(house: House) -> Page:
    async def show(request: web.Request) -> web.StreamResponse:
        network, wire, brand = _brand(house, request)
        talks = [house.world.talk(network, talk) for talk in house.world.talks_with(network, brand.id)]
        return page(
            "feed.html",
            house=house,
            wire=wire,
            brand=brand,
            brands=house.world.brands(network),
            people=sorted(house.world.people(network), key=lambda person: person.id in brand.admins),
            posts=feed(house, network, brand),
            talks=[_talk(house, talk) for talk in talks],
            faults=FAULTS,
            stages=STAGES,
            switched=house.faults.on(network),
            chosen=request.query.get("as", ""),
            now=house.world.now(),
        )

    return show


def _talk(house: House, talk: list[Message]) -> list[tuple[Account | None, Message]]:
    return [(house.world.get(Account, message.network, message.sender), message) for message in talk]


def _brand(house: House, request: web.Request) -> tuple[str, object, Account]:
    network = request.match_info["network"]
    if network not in house.wires:
        raise web.HTTPNotFound(text="no such network")
    named = request.match_info.get("brand", "")
    try:
        brand = the_account(house, network, named) if named else house.world.brands(network)[0]
    except (Wrong, IndexError) as error:
        raise web.HTTPNotFound(text=str(error)) from error
    return network, house.wires[network], brand


def act_page(house: House) -> Page:
    """A form of the feed page: do one thing, go back to the page."""

    async def act(request: web.Request) -> web.StreamResponse:
        network, _, brand = _brand(house, request)
        form: Json = {name: str(value) for name, value in (await request.post()).items()}
        verb = form.pop("verb", "")
        asked: Json = {**form, "network": network}
        try:
            _do(house, verb, asked, brand)
        except (KeyError, Wrong, ValueError) as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        query = urlencode({"as": form.get("author", "")})
        raise web.HTTPSeeOther(f"/_feed/{network}/{brand.id}?{query}#{form.get('anchor', '')}")

    return act


def _do(house: House, verb: str, asked: Json, brand: Account) -> None:
    if verb == "comment":
        say(house, asked)
    elif verb == "mention":
        say(house, {**asked, "to": brand.id})
    elif verb == "message":
        message(house, {**asked, "to": brand.id})
    elif verb == "remove":
        remove(house, asked)
    elif verb == "fault":
        seconds = asked.pop("number", "")
        name = next((name for name, _ in FAULTS[asked["fault"]].params), "")
        params = {name: float(seconds)} if seconds and name else {}
        given = {name: value for name, value in asked.items() if value}
        set_fault(house, {**given, "params": params})
    elif verb == "clear":
        clear_faults(house, asked)
    else:
        raise Wrong(f"no verb {verb!r}")


def ledger_page(house: House) -> Page:
    async def show(request: web.Request) -> web.StreamResponse:
        chosen = {name: request.query.get(name, "") for name in ("network", "account", "does", "kind", "stored")}
        entries = house.ledger.find(limit=60, after=0, **chosen)
        for entry in entries:
            posts = (house.world.get(Post, entry["network"], id) for id in entry["stored"])
            entry["read"] = [shown(house, post) for post in posts if post]
        return page("ledger.html", house=house, entries=entries, chosen=chosen)

    return show


def blob_page(house: House) -> Page:
    async def show(request: web.Request) -> web.StreamResponse:
        network, id = request.match_info["network"], request.match_info["media"]
        media = house.world.get(Media, network, id)
        path = house.journal.path(media.blob) if media else None
        data = house.journal.blob(media.blob) if media and path is None else None
        if media is None or (path is None and data is None):
            raise web.HTTPNotFound
        safe = media.mime if media.mime.startswith(("image/", "video/")) and "svg" not in media.mime else ""
        headers = {
            "Content-Type": safe or "application/octet-stream",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "max-age=3600",
        }
        return web.Response(body=data, headers=headers) if path is None else web.FileResponse(path, headers=headers)

    return show


def add_routes(app: web.Application, house: House) -> None:
    app.router.add_get("/", index_page(house))
    app.router.add_get("/_feed/{network}/", feed_page(house))
    app.router.add_get("/_feed/{network}/{brand}", feed_page(house))
    app.router.add_post("/_feed/{network}/{brand}", act_page(house))
    app.router.add_get("/_ledger", ledger_page(house))
    app.router.add_get("/_blob/{network}/{media}", blob_page(house))
    app.router.add_static("/_static/", HERE / "static")
