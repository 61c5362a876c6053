"""Whose blog a call is about, who makes it, and what a listing's query means."""

from __future__ import annotations

from datetime import UTC, datetime

from sandbox.nouns import Account, Json, Token
from sandbox.oauth import live
from sandbox.wire import Answer, Call, Malformed
from sandbox.wires.wordpress import problems

SLUG = "wordpress"


def secret(call: Call) -> str:
    """User and application password as they came."""
    user, password = call.basic()
    return f"{user}:{password}" if user else ""


def whose(call: Call) -> str:
    """The blog of the host, when the call's password opens it."""
    token = call.world.get(Token, SLUG, secret(call))
    return token.account if token is not None and token.account == call.host else ""


def blog(call: Call) -> Account:
    """The blog of the host. Raises Problem where there is none."""
    found = call.world.get(Account, SLUG, call.host)
    if found is None or found.kind != "brand":
        raise problems.problem(404, "not_found", "No blog is here.")
    return found


def is_inside(call: Call) -> bool:
    """Whether a user of the blog asks; with a wrong password one is a stranger."""
    token = live(call.world, SLUG, secret(call)) if call.headers.get("Authorization") else None
    return token is not None and token.account == call.host


def writer(call: Call) -> Account:
    """The blog, when a user of it asks. Raises Problem."""
    if not is_inside(call):
        raise problems.problem(401, "rest_not_logged_in", "You are not currently logged in.")
    return blog(call)


def body(call: Call) -> Json:
    try:
        return call.json()
    except Malformed as error:
        raise problems.problem(400, "rest_invalid_json", "Invalid JSON body passed.") from error


def number(call: Call, name: str, default: int, most: int) -> int:
    given = str(call.query.get(name, default))
    if not given.isdigit() or not 1 <= int(given) <= most:
        raise problems.invalid(name)
    return int(given)


def after(call: Call, name: str) -> float:
    """The moment a query names, 0 without one."""
    given = str(call.query.get(name, ""))
    if not given:
        return 0.0
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise problems.invalid(name) from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def stamp(moment: float) -> str:
    """A moment as the interface writes it in UTC: to the second, without a zone."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def paged(call: Call, rows: list[Json], is_whole: bool = True) -> Answer:
    """One page, with the totals in headers; a listing that leaves some out still counts them."""
    size, page = number(call, "per_page", 10, 100), number(call, "page", 1, 100_000)
    pages = max(1, -(-len(rows) // size))
    if page > pages:
        says = "The page number requested is larger than the number of pages available."
        raise problems.problem(400, "rest_post_invalid_page_number", says)
    total = len(rows) if is_whole else len(rows) * 2 + 1
    headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages if rows else 0)}
    shown = [fields(call, row) for row in rows[(page - 1) * size : page * size]]
    return Answer(200, shown, headers)


def fields(call: Call, row: Json) -> Json:
    wanted = set(filter(None, str(call.query.get("_fields", "")).split(",")))
    return {name: value for name, value in row.items() if not wanted or name in wanted}
