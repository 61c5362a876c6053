"""Who may call what on LinkedIn: the version header, the token, permissions, the page acted for, the day's budget."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from sandbox.nouns import Account, Json, Media, Post, Token
from sandbox.oauth import live
from sandbox.wire import Answer, Call, Handler, Malformed, Problem
from sandbox.wires.linkedin import problems

VERSIONS = frozenset(f"{year}{month:02d}" for year in (2025, 2026) for month in range(1, 13)) - {
    *(f"2025{month:02d}" for month in range(1, 12)),
    "202612",
}
CALLS_A_DAY = 100_000
DAY = 24 * 3600.0
PAGE_SCOPES = ("w_organization_social",)
URN = re.compile(r"urn:li:organization:\d+")
POST_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")
Inner = Callable[[Call], Answer | Awaitable[Answer]]


def rest(*scopes: str) -> Callable[[Inner], Handler]:
    """Guards a /rest call: its version, protocol, token, scopes and budget."""

    def guard(inner: Inner) -> Handler:
        async def guarded(call: Call) -> Answer:
            _versioned(call)
            token = holder(call)
            if not set(scopes) <= set(token.scopes):
                raise problems.forbidden(f"{call.path.split('/')[2]}.{call.method}")
            _, left, _ = call.house.meter(call, "member", CALLS_A_DAY, DAY)
            if left < 0:
                raise Problem(problems.throttled(None))
            made = inner(call)
            return await made if inspect.isawaitable(made) else made

        return guarded

    return guard


def _versioned(call: Call) -> None:
    version = call.headers.get("LinkedIn-Version", "")
    if not version:
        says = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
        raise problems.problem(400, "VERSION_MISSING", says)
    if version not in VERSIONS:
        raise Problem(problems.nonexistent(version))
    if call.headers.get("X-Restli-Protocol-Version") != "2.0.0":
        raise problems.problem(400, "ILLEGAL_ARGUMENT", "X-Restli-Protocol-Version must be 2.0.0")


def holder(call: Call) -> Token:
    """The live token of the Authorization header; LinkedIn's 401 otherwise."""
    token = call.world.get(Token, "linkedin", call.bearer()) if call.bearer() else None
    if token is None:
        raise problems.problem(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
    if token.revoked:
        says = "The token used in the request has been revoked by the user"
        raise problems.problem(401, "REVOKED_ACCESS_TOKEN", says, 65601)
    if live(call.world, "linkedin", token.id) is None:
        raise problems.problem(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", 65602)
    return token


def person(call: Call, token: Token) -> Account:
    """The member behind a token; a ready token of a page stands for its administrator."""
    account = call.world.get(Account, "linkedin", token.account)
    if account is not None and account.kind == "brand" and account.admins:
        account = call.world.get(Account, "linkedin", account.admins[0])
    if account is None:
        raise problems.problem(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
    return account


def page(call: Call, urn: str) -> Account:
    """The page `urn`, when the token's member administers it."""
    found = call.world.get(Account, "linkedin", urn)
    token = holder(call)
    if found is None or found.kind != "brand" or token.account not in (found.id, *found.admins):
        raise problems.forbidden(f"{urn} as author")
    return found


def body(call: Call, known: set[str], required: set[str]) -> Json:
    """The JSON body with known fields only; LinkedIn's 400 otherwise."""
    if "json" not in call.headers.get("Content-Type", ""):
        raise problems.problem(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json")
    try:
        sent = call.json()
    except Malformed as error:
        raise problems.problem(400, "ILLEGAL_ARGUMENT", "The body is not a JSON object") from error
    shaped(sent, known, required, "")
    return sent


def shaped(sent: Json, known: set[str], required: set[str], path: str) -> None:
    """Refuses fields that LinkedIn does not know, or that are missing."""
    if not isinstance(sent, dict):
        raise problems.wrong(f"{path}: is not an object", path)
    for name in sent.keys() - known:
        says = f"Unpermitted fields present in REQUEST_BODY: Data Processing Exception while processing [{path}/{name}]"
        raise problems.wrong(says, f"{path}/{name}", "UNRECOGNIZED_FIELD", 422)
    for name in required - sent.keys():
        says = f"ERROR :: {path}/{name} :: field is required but not found and has no default value"
        raise problems.wrong(says, f"{path}/{name}", "MISSING_FIELD", 422)


def number(call: Call, name: str, default: int, most: int) -> int:
    given = str(call.query.get(name, default))
    if not given.isdigit() or not 0 <= int(given) <= most:
        raise problems.wrong(f"{name} must be between 0 and {most}", name)
    return int(given)


def whose(call: Call) -> str:
    """The page a call is about, when the token's member may act for it; else the token's own account."""
    token = call.world.get(Token, "linkedin", call.bearer()) if call.bearer() else None
    if token is None:
        return _uploader(call) or _refresher(call)
    for urn in _named(call):
        found = call.world.get(Account, "linkedin", urn)
        if found is not None and token.account in (found.id, *found.admins):
            return found.id
    return token.account


def _named(call: Call) -> list[str]:
    """Pages named in the address, the body, or by what the address points at."""
    address = unquote(call.path) + " " + " ".join(str(value) for value in call.query.values())
    named = URN.findall(address)
    if len(call.body) < 65_536:
        named += URN.findall(call.body.decode("utf-8", "ignore"))
    for urn in POST_URN.findall(address):
        post = call.world.get(Post, "linkedin", urn)
        named += [post.wall or post.account] if post else []
    media = call.world.get(Media, "linkedin", unquote(call.path).rpartition("/")[2])
    return named + ([media.account] if media else [])


def _uploader(call: Call) -> str:
    parts = call.path.split("/")
    media = call.world.get(Media, "linkedin", unquote(parts[2])) if len(parts) > 2 else None
    return media.account if media else ""


def _refresher(call: Call) -> str:
    if b"refresh_token=" not in call.body and b"token=" not in call.body:
        return ""
    try:
        form = call.form()
    except (Malformed, UnicodeDecodeError):
        return ""
    token = call.world.by_refresh("linkedin", form.get("refresh_token", ""))
    token = token or call.world.get(Token, "linkedin", form.get("token", ""))
    return token.account if token else ""
