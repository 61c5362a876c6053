"""Who may call what on X: the token, its scopes, and the budget of the quarter of an hour."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable

from sandbox.nouns import Account, Token
from sandbox.oauth import live
from sandbox.wire import Answer, Call, Handler, Problem
from sandbox.wires.x.problems import forbidden, rate_limited, unauthorized, unsupported

WINDOW = 15 * 60.0
DAY = 24 * 3600.0
Inner = Callable[[Call], Answer | Awaitable[Answer]]


def user(*scopes: str, bucket: str, limit: int, app_too: bool = False) -> Callable[[Inner], Handler]:
    """Guards a call with a user's token, its scopes and a budget of `limit` calls in 15 minutes.

    `app_too` lets an app's own token in as well.
    """

    def guard(inner: Inner) -> Handler:
        async def guarded(call: Call) -> Answer:
            token = holder(call)
            if token.kind == "app" and not app_too:
                raise unsupported()
            if token.kind != "app" and not set(scopes) <= set(token.scopes):
                raise forbidden()
            allowed, left, reset = call.house.meter(call, bucket, limit, WINDOW)
            if left < 0:
                raise Problem(rate_limited(allowed, reset))
            made = inner(call)
            reply = await made if inspect.isawaitable(made) else made
            reply.headers |= {
                "x-rate-limit-limit": str(allowed),
                "x-rate-limit-remaining": str(left),
                "x-rate-limit-reset": str(reset),
            }
            return reply

        return guarded

    return guard


def app_only(inner: Inner) -> Handler:
    """Guards a call with an app's own bearer token."""

    async def guarded(call: Call) -> Answer:
        if holder(call).kind != "app":
            raise forbidden("This endpoint needs OAuth 2.0 Application-Only authentication.")
        made = inner(call)
        return await made if inspect.isawaitable(made) else made

    return guarded


def holder(call: Call) -> Token:
    """The live token of the call; 401 when there is none, be it unknown, expired or revoked."""
    token = live(call.world, "x", call.bearer())
    if token is None:
        raise unauthorized()
    return token


def me(call: Call) -> Account:
    found = call.world.get(Account, "x", call.account)
    if found is None:
        raise unauthorized()
    return found
