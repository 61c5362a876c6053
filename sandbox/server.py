"""Takes every request to every pretend host, lets faults strike, and writes down what happened."""

from __future__ import annotations

import asyncio
import inspect
import time
from urllib.parse import unquote, urlencode

from aiohttp import web

from sandbox import consent, control, pages, showing, sites
from sandbox.faults import Stage
from sandbox.house import House
from sandbox.ledger import ANSWER_KEPT, BODY_KEPT, shown
from sandbox.nouns import Fault, Post
from sandbox.wire import HTML, JSON, Answer, Call, Problem, Route, Wire

HOUSE = web.AppKey("house", House)
BODY_LIMIT = 600 * 1024 * 1024
GATEWAY = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
BAD_GATEWAY = Answer(502, GATEWAY.format("502 Bad Gateway"), kind=HTML)
GATEWAY_TIMEOUT = Answer(504, GATEWAY.format("504 Gateway Time-out"), kind=HTML)
OWN_ANSWERS = {
    "bad_gateway": BAD_GATEWAY,
    "bad_gateway_after": BAD_GATEWAY,
    "gateway_timeout": GATEWAY_TIMEOUT,
    "gateway_timeout_after": GATEWAY_TIMEOUT,
}
RESETS = ("reset_before", "reset_after", "refresh_lost")


class Cut(Exception):
    """The connection breaks here."""


def make_app(house: House) -> web.Application:
    """The aiohttp application around one house."""
    app = web.Application(client_max_size=BODY_LIMIT)
    app[HOUSE] = house
    control.add_routes(app, house)
    pages.add_routes(app, house)
    app.router.add_route("*", "/{host}/{path:.*}", answer)

    async def close(_: web.Application) -> None:
        await house.courier.close()
        house.journal.close()

    app.on_cleanup.append(close)
    return app


async def answer(request: web.Request) -> web.StreamResponse:
    """One call to a pretend network, from the first byte to the ledger."""
    house = request.app[HOUSE]
    host = request.match_info["host"]
    wire = house.wire_of(host)
    if wire is None:
        return sites.answer(request, house, host)
    started = time.perf_counter()
    call = await _call(request, house, wire, host)
    if latency := house.latency(wire.slug):
        await asyncio.sleep(latency)
    cut = False
    reply = Answer()
    try:
        reply = await _through(call, wire, house)
    except Cut:
        cut = True
    _note(house, call, reply, cut, started)
    if cut:
        _abort(request)
        return web.Response(status=500)
    if "truncated" in call.struck:
        return await _truncated(request, reply)
    return web.Response(
        status=reply.status, body=reply.raw(), headers={"Content-Type": reply.content_type(), **reply.headers}
    )


async def _call(request: web.Request, house: House, wire: Wire, host: str) -> Call:
    path = request.rel_url.raw_path[1 + len(host) :] or "/"
    call = Call(
        house=house,
        network=wire.slug,
        method=request.method,
        host=host,
        path=path,
        base=f"http://{_own_address(request)}",
        query=dict(request.query),
        headers=request.headers,
        body=await request.read(),
    )
    call.account = wire.whose(call)
    return call


def _own_address(request: web.Request) -> str:
    """Host and port this sandbox listens on, whatever the Host header was kept at by a rerouting caller."""
    name = request.transport.get_extra_info("sockname") if request.transport else None
    return f"{name[0]}:{name[1]}" if name else request.host


async def _through(call: Call, wire: Wire, house: House) -> Answer:
    """Before, the handler, after. Raises Cut where a fault breaks the connection."""
    found = house.route(call.host, call.method, call.path)
    if found is None:
        if call.method == "GET" and "text/html" in call.headers.get("Accept", ""):
            return _public_page(call, wire, house)
        known = house.known_path(call.host, call.path)
        return wire.problem("method" if known else "not_found", call, None)
    route, match = found
    call.does = route.does if isinstance(route.does, str) else route.does(call)
    call.args = {name: unquote(value) for name, value in match.groupdict().items()}
    early = await _before(call, wire, house)
    if early is not None:
        return early
    reply = await _handled(call, route)
    if not 200 <= reply.status < 300:
        return reply
    tasks: list[asyncio.Task[None]] = []
    if call.events:
        tasks = house.courier.send(wire, call.events, call.does)
        if house.faults.strike(call.network, call.account, call.does, Stage.HOOK, "hook_early", about=call.about):
            call.struck.append("hook_early")
            await asyncio.wait(tasks, timeout=15)
    return await _after(call, wire, house, reply)


def _public_page(call: Call, wire: Wire, house: House) -> Answer:
    """Somebody opened a link to a post: show it on its brand's page."""
    query = f"?{urlencode(call.query)}" if call.query else ""
    post = house.post_at(wire, f"https://{call.host}{call.path}{query}")
    if post is None:
        return consent.wrong(call, "This page is not there.", 404)
    if showing.is_program(call):
        return showing.page(call, wire, house, post)
    top = house.world.get(Post, wire.slug, post.root) if post.root else None
    return consent.back(f"/_feed/{wire.slug}/{(top or post).account}#p{post.id}")


async def _handled(call: Call, route: Route) -> Answer:
    try:
        reply = route.handler(call)
        return await reply if inspect.isawaitable(reply) else reply
    except Problem as problem:
        return problem.answer


async def _before(call: Call, wire: Wire, house: House) -> Answer | None:
    fault = house.faults.strike(call.network, call.account, call.does, Stage.BEFORE, about=call.about)
    if fault is None:
        return None
    call.struck.append(fault.name)
    if fault.name == "slow":
        await asyncio.sleep(float(fault.params["seconds"]))
        return None
    if fault.name in RESETS:
        raise Cut
    return OWN_ANSWERS.get(fault.name) or wire.problem(fault.name, call, fault)


async def _after(call: Call, wire: Wire, house: House, reply: Answer) -> Answer:
    fault = house.faults.strike(call.network, call.account, call.does, Stage.AFTER, about=call.about)
    if fault is None:
        return reply
    call.struck.append(fault.name)
    return await _spoiled(call, wire, fault, reply)


async def _spoiled(call: Call, wire: Wire, fault: Fault, reply: Answer) -> Answer:
    if fault.name in RESETS:
        raise Cut
    if fault.name in OWN_ANSWERS:
        return OWN_ANSWERS[fault.name]
    if fault.name == "late_reply":
        await asyncio.sleep(float(fault.params["seconds"]))
    elif fault.name == "error_after":
        return wire.problem("error_before", call, fault)
    elif fault.name == "bad_json":
        raw = reply.raw()
        return Answer(reply.status, raw[: max(1, len(raw) // 2)] or b"{", _without(reply, "x-restli-id"), JSON)
    elif fault.name == "empty_body":
        return Answer(reply.status, b"", _without(reply, "x-restli-id"), JSON)
    elif fault.name == "no_id":
        return wire.without_id(reply)
    return reply


def _without(reply: Answer, header: str) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name.lower() != header}


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _truncated(request: web.Request, reply: Answer) -> web.StreamResponse:
    """Announce the whole length, send half, break off."""
    raw = reply.raw() or b"{}"
    response = web.StreamResponse(status=reply.status, headers={"Content-Type": reply.content_type()})
    response.content_length = len(raw)
    await response.prepare(request)
    await response.write(raw[: len(raw) // 2])
    await asyncio.sleep(0.02)
    _abort(request)
    return response


def _note(house: House, call: Call, reply: Answer, cut: bool, started: float) -> None:
    house.ledger.note(
        {
            "kind": "call",
            "at": house.world.now(),
            "network": call.network,
            "account": call.account,
            "does": call.does,
            "method": call.method,
            "host": call.host,
            "path": call.path,
            "query": call.query,
            "headers": dict(call.headers),
            "body": shown(call.body, call.headers.get("Content-Type", ""), BODY_KEPT),
            "status": 0 if cut else reply.status,
            "answer": "" if cut else shown(reply.raw(), reply.content_type(), ANSWER_KEPT),
            "fault": call.struck,
            "ms": round((time.perf_counter() - started) * 1000, 1),
            "stored": call.stored,
        }
    )
