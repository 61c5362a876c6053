"""Who may call what on YouTube: the token and its scopes, and the project's quota of the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.nouns import Account, Token
from sandbox.oauth import live
from sandbox.wire import Answer, Call, Handler, Problem
from sandbox.wires.youtube.problems import answer, quota_exceeded, unauthenticated

PREFIX = "https://www.googleapis.com/auth/"
SCOPES = {
    f"{PREFIX}youtube.upload": "Manage your YouTube videos",
    f"{PREFIX}youtube.readonly": "View your YouTube account",
    f"{PREFIX}youtube.force-ssl": "See, edit and delete your YouTube videos, ratings, comments and captions",
    f"{PREFIX}yt-analytics.readonly": "View YouTube Analytics reports for your YouTube content",
    f"{PREFIX}youtube": "Manage your YouTube account",
}
READ = frozenset({f"{PREFIX}youtube", f"{PREFIX}youtube.force-ssl", f"{PREFIX}youtube.readonly"})
WRITE = frozenset({f"{PREFIX}youtube", f"{PREFIX}youtube.force-ssl"})
INSERT = WRITE | {f"{PREFIX}youtube.upload"}
COMMENT = frozenset({f"{PREFIX}youtube.force-ssl"})
UNITS, INSERTS = 10_000, 100
PACIFIC = ZoneInfo("America/Los_Angeles")
Inner = Callable[[Call], Answer]


def user(scopes: frozenset[str], *, units: int = 0, inserts: int = 0) -> Callable[[Inner], Handler]:
    """Guards a call with a live token, one of `scopes`, and its price in the project's buckets of the day."""

    def guard(inner: Inner) -> Handler:
        def guarded(call: Call) -> Answer:
            token = holder(call)
            if not scopes & set(token.scopes):
                raise Problem(
                    answer(403, "insufficientPermissions", "Request had insufficient authentication scopes.", "global")
                )
            spend(call, "units", UNITS, units)
            spend(call, "inserts", INSERTS, inserts)
            return inner(call)

        return guarded

    return guard


def spend(call: Call, bucket: str, limit: int, price: int) -> None:
    """Take `price` out of the whole project's bucket, which fills up at midnight Pacific."""
    project = replace(call, account="")
    for _ in range(price):
        _allowed, left, _reset = call.house.meter(project, bucket, limit, until_midnight(call.world.now()))
        if left < 0:
            raise Problem(quota_exceeded())


def until_midnight(now: float) -> float:
    """Seconds from `now` (since 1970) to the next midnight in California."""
    here = datetime.fromtimestamp(now, UTC).astimezone(PACIFIC)
    midnight = datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), PACIFIC)
    return max(1.0, midnight.timestamp() - now)


def holder(call: Call) -> Token:
    """The live token of the call; 401 when there is none, be it unknown, expired or revoked."""
    token = live(call.world, call.network, call.bearer())
    if token is None:
        raise Problem(unauthenticated())
    return token


def me(call: Call) -> Account:
    """The channel the token stands for."""
    found = call.world.get(Account, call.network, call.account)
    if found is None:
        raise Problem(unauthenticated())
    return found
