"""The sandbox's own interface: make accounts, switch faults, speak as a customer, read the truth."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import cast

from aiohttp import web

from sandbox.demo import add_account, furnish, staff_of
from sandbox.faults import FAULTS
from sandbox.house import House
from sandbox.nouns import Account, Json, Media, Message, Post
from sandbox.oauth import revoke
from sandbox.script import marks_of
from sandbox.sites import put_page

Verb = Callable[[House, Json], object]


class Wrong(Exception):
    """The caller asked for something that does not exist."""


def the_account(house: House, network: str, named: str) -> Account:
    """An account by id or handle. Raises Wrong."""
    found = house.world.get(Account, network, named) or house.world.by_handle(network, named)
    if found is None:
        raise Wrong(f"no account {named!r} on {network}")
    return found


def the_post(house: House, network: str, id: str) -> Post:
    found = house.world.get(Post, network, id)
    if found is None:
        raise Wrong(f"no post {id!r} on {network}")
    return found


def seen(house: House, post: Post) -> Json:
    """A post as stored and as read."""
    wire = house.wires[post.network]
    reader = wire.reader(house.world, post)
    media = (house.world.get(Media, post.network, id) for id in post.media)
    return {
        **asdict(post),
        "alt": [one.alt for one in media if one],
        "reader": asdict(reader),
        "address": wire.address(house.world, post),
    }


def state(house: House, _: Json) -> Json:
    return {
        "app_url": house.app_url,
        "now": house.world.now(),
        "latency_ms": house.latency() * 1000,
        "rate_scale": house.world.settings.get("rate_scale", 1),
        "courier_busy": house.courier.busy,
        "ledger": len(house.ledger.lines),
        "networks": {
            slug: {
                "title": wire.title,
                "hosts": list(wire.hosts),
                "brands": [asdict(account) for account in house.world.brands(slug)],
                "people": [asdict(account) for account in house.world.people(slug)],
            }
            for slug, wire in house.wires.items()
        },
        "faults": {name: {"says": kind.says, "stage": kind.stage, "on": kind.on} for name, kind in FAULTS.items()},
    }


def accounts(house: House, asked: Json) -> Json:
    """Make `count` brands (or people) on a network, each with a ready token."""
    network = asked["network"]
    kind = asked.get("kind", "brand")
    count = int(asked.get("count", 1))
    prefix = asked.get("handle") or asked.get("prefix") or f"{kind[:1]}{house.world.number():x}x"
    made: list[Json] = []
    for place in range(count):
        handle = prefix if count == 1 else f"{prefix}{place + 1}"
        admins = [staff_of(house, network).id] if kind == "brand" else []
        name, extra = asked.get("name") or handle.title(), dict(asked.get("extra", {}))
        account = add_account(house, network, handle, name, kind=kind, admins=admins, extra=extra)
        one = asdict(account)
        if kind == "brand":
            one["token"] = asdict(house.ready_token(account, asked.get("expires_in"), asked.get("scopes")))
        made.append(one)
    return {"accounts": made}


def tokens(house: House, asked: Json) -> Json:
    """A ready token for an account, as its consent would have given."""
    account = the_account(house, asked["network"], asked["account"])
    return asdict(house.ready_token(account, asked.get("expires_in"), asked.get("scopes")))


def revoke_tokens(house: House, asked: Json) -> Json:
    """Take back all an account gave, as the person could in the network's settings."""
    account = the_account(house, asked["network"], asked["account"])
    given = house.world.tokens_of(account.network, account.id)
    for token in given:
        revoke(house.world, token)
    return {"revoked": len(given)}


def set_fault(house: House, asked: Json) -> Json:
    network = asked["network"]
    named = asked.get("account", "*")
    account = "*" if named == "*" else the_account(house, network, named).id
    if asked["fault"] not in FAULTS:
        raise Wrong(f"no fault {asked['fault']!r}; there are {', '.join(FAULTS)}")
    fault = house.faults.switch_on(
        network,
        asked["fault"],
        account=account,
        on=asked.get("on"),
        times=int(asked.get("times", -1)),
        rate=float(asked.get("rate", 1)),
        seed=int(asked.get("seed", 0)),
        params=asked.get("params"),
    )
    return asdict(fault)


def clear_faults(house: House, asked: Json) -> Json:
    named = asked.get("account", "")
    networks = [asked["network"]] if asked.get("network") else list(house.wires)
    gone = 0
    for network in networks:
        account = the_account(house, network, named).id if named and named != "*" else named
        gone += house.faults.clear(network, account, asked.get("fault", ""))
    return {"cleared": gone}


def write_script(house: House, asked: Json) -> Json:
    """Add lines for marks and accounts: {"lines": {key: [{"fault", "on", "times", "params"}]}}."""
    wrong = sorted({line["fault"] for lines in asked["lines"].values() for line in lines} - FAULTS.keys())
    if wrong:
        raise Wrong(f"no fault {', '.join(wrong)}")
    for key, lines in asked["lines"].items():
        for line in lines:
            defaults = dict(FAULTS[line["fault"]].params)
            house.faults.script.add(key, line, defaults=defaults, now=house.world.now())
    return read_script(house, {})


def read_script(house: House, _: Json) -> Json:
    """How often each scripted fault struck."""
    return {"hits": dict(house.faults.script.hits)}


def list_marks(house: House, _: Json) -> Json:
    """What readers find of everything that carries a mark: mark -> its posts."""
    found: dict[str, list[Json]] = {}
    for post in house.world.all(Post):
        if post.deleted or not house.wires[post.network].reader(house.world, post).text:
            continue
        for mark in marks_of(post):
            one = {"network": post.network, "account": post.account, "id": post.id, "created": post.created}
            found.setdefault(mark, []).append(one)
    return found


def list_faults(house: House, asked: Json) -> list[Json]:
    return [asdict(fault) for fault in house.faults.on(asked.get("network", ""))]


def list_posts(house: House, asked: Json) -> list[Json]:
    """What an account said (deleted only with `deleted=1`), or what hangs on a post with `root`."""
    network = asked["network"]
    if asked.get("root"):
        posts = house.world.in_conversation(network, asked["root"])
    elif asked.get("account"):
        posts = house.world.posts_by(network, the_account(house, network, asked["account"]).id)
    else:
        posts = house.world.all(Post, network)
    return [seen(house, post) for post in posts if asked.get("deleted") or not post.deleted]


def list_messages(house: House, asked: Json) -> list[Json]:
    account = the_account(house, asked["network"], asked["account"])
    return [
        asdict(message)
        for message in house.world.all(Message, account.network)
        if account.id in (message.sender, message.recipient)
    ]


def list_tokens(house: House, asked: Json) -> list[Json]:
    account = the_account(house, asked["network"], asked["account"])
    return [asdict(token) for token in house.world.tokens_of(account.network, account.id)]


def read_ledger(house: House, asked: Json) -> list[Json]:
    return house.ledger.find(
        network=asked.get("network", ""),
        account=asked.get("account", ""),
        does=asked.get("does", ""),
        kind=asked.get("kind", ""),
        stored=asked.get("stored", ""),
        after=int(asked.get("after", 0)),
        limit=int(asked.get("limit", 100)),
    )


def say(house: House, asked: Json) -> Json:
    """A person comments (`parent`), mentions a brand (`to`), or, with neither, posts on their own."""
    network = asked["network"]
    author = the_account(house, network, asked["author"])
    parent = asked.get("parent", "")
    if parent:
        the_post(house, network, parent)
    wall = the_account(house, network, asked["to"]).id if asked.get("to") else ""
    return seen(house, house.say(author, asked["text"], parent=parent, wall=wall))


def post_own(house: House, asked: Json) -> Json:
    """A person posts on their own page: `text`, on YouTube its first line the title; `label`: the partnership label.

    `ago`: that many seconds earlier than now, for a past worth looking at.
    """
    author = the_account(house, asked["network"], asked["author"])
    made = house.say(author, asked["text"])
    if asked.get("label"):
        made.extra = {**made.extra, "paid_partnership": True, "paid": True}
    made.created -= float(asked.get("ago", 0))
    return seen(house, house.world.put(made))


def message(house: House, asked: Json) -> Json:
    """A person sends a brand a direct message."""
    network = asked["network"]
    author = the_account(house, network, asked["author"])
    sent = house.write(author, the_account(house, network, asked["to"]).id, asked["text"])
    if sent is None:
        raise Wrong(f"{network} has no direct messages")
    return asdict(sent)


def remove(house: House, asked: Json) -> Json:
    return seen(house, house.remove(the_post(house, asked["network"], asked["post"])))


def edit(house: House, asked: Json) -> Json:
    return seen(house, house.edit(the_post(house, asked["network"], asked["post"]), asked["text"]))


def metrics(house: House, asked: Json) -> Json:
    """Set a post's counters, as if people had reacted."""
    post = the_post(house, asked["network"], asked["post"])
    post.metrics = {**post.metrics, **asked["metrics"]}
    return seen(house, house.world.put(post))


def settings(house: House, asked: Json) -> Json:
    """latency_ms (of one `network`, or all), rate_scale, `advance` seconds on the clock, or `clock` ahead of real time.

    Anything else is a wire's own setting (X: processing_seconds).
    """
    if "latency_ms" in asked:
        named = f"latency/{asked['network']}" if asked.get("network") else "latency"
        house.world.set(named, float(asked["latency_ms"]) / 1000)
    if "rate_scale" in asked:
        house.world.set("rate_scale", float(asked["rate_scale"]))
    if "advance" in asked or "clock" in asked:
        house.world.offset = float(asked.get("clock", house.world.offset)) + float(asked.get("advance", 0))
        house.world.set("offset", house.world.offset)
    for name in asked.keys() - {"latency_ms", "network", "rate_scale", "advance", "clock"}:
        house.world.set(name, asked[name])
    return state(house, {})


def reset(house: House, _: Json) -> Json:
    """Forget everything and furnish anew."""
    house.reset()
    furnish(house)
    return {"reset": True}


GETS: dict[str, Verb] = {
    "state": state,
    "posts": list_posts,
    "messages": list_messages,
    "tokens": list_tokens,
    "faults": list_faults,
    "ledger": read_ledger,
    "script": read_script,
    "marks": list_marks,
}
POSTS: dict[str, Verb] = {
    "accounts": accounts,
    "tokens": tokens,
    "revoke": revoke_tokens,
    "faults": set_fault,
    "faults/clear": clear_faults,
    "script": write_script,
    "say": say,
    "post": post_own,
    "site": put_page,
    "message": message,
    "remove": remove,
    "edit": edit,
    "metrics": metrics,
    "settings": settings,
    "reset": reset,
}


def add_routes(app: web.Application, house: House) -> None:
    for name, verb in GETS.items():
        app.router.add_get(f"/_control/{name}", _page(house, verb))
    for name, verb in POSTS.items():
        app.router.add_post(f"/_control/{name}", _page(house, verb))


def _page(house: House, verb: Verb) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def page(request: web.Request) -> web.Response:
        asked: Json = dict(request.query)
        try:
            if request.method == "POST" and request.can_read_body:
                asked |= cast("Json", await request.json())
            made = verb(house, asked)
        except (KeyError, Wrong, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response(made, dumps=lambda value: json.dumps(value, ensure_ascii=False))

    return page
