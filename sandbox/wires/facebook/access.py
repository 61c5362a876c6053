"""Who may call what on Facebook: the version, the token and its proof, permissions, and the Page's budget."""

from __future__ import annotations

import hashlib
import hmac
import inspect
from collections.abc import Awaitable, Callable

from sandbox.nouns import Account, App, Token
from sandbox.oauth import live
from sandbox.wire import Answer, Call, Handler, Malformed, Problem
from sandbox.wires.facebook import problems

VERSIONS = tuple(f"v{number}.0" for number in range(20, 27))
PAGE_CALLS_A_DAY = 48_000
DAY = 24 * 3600.0
ALWAYS = frozenset({"access_token", "appsecret_proof", "format", "method", "locale", "pretty", "fields"})
NO_FEATURE = (
    "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature. "
    "Refer to https://developers.facebook.com/docs/apps/review/login-permissions#manage-pages for details."
)
Inner = Callable[[Call], Answer | Awaitable[Answer]]


def sent(call: Call) -> dict[str, str]:
    """All parameters of a call, of the address and of the form."""
    return {**call.query, **form(call)}


def form(call: Call) -> dict[str, str]:
    if call.method != "POST" or not call.body:
        return {}
    try:
        return call.form()
    except (Malformed, UnicodeDecodeError) as error:
        raise problems.wrong("The body could not be read as a form.") from error


def access(call: Call) -> str:
    """The access token, out of the header, the address or the form."""
    given = call.bearer() or call.query.get("access_token", "")
    if given or call.method != "POST":
        return str(given)
    try:
        return form(call).get("access_token", "")
    except Problem:
        return ""


def app_of(call: Call, given: str) -> App | None:
    """The app behind an app token "ID|SECRET"; None when it is none."""
    id, _, secret = given.partition("|")
    app = call.world.get(App, "facebook", id)
    return app if app and secret and hmac.compare_digest(app.secret, secret) else None


def holder(call: Call) -> Token:
    """The live token of a call, with the right proof; Facebook's 190 otherwise."""
    given = access(call)
    if not given:
        raise problems.problem(400, 104, problems.NO_TOKEN)
    token = call.world.get(Token, "facebook", given)
    if token is None:
        raise problems.problem(400, 190, problems.BAD_TOKEN)
    if token.revoked:
        raise Problem(problems.revoked(token.app))
    if live(call.world, "facebook", given) is None:
        raise Problem(problems.expired())
    app = call.world.get(App, "facebook", token.app)
    proof = sent(call).get("appsecret_proof", "")
    right = hmac.new(app.secret.encode() if app else b"", given.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(proof.encode(), right.encode()):
        # Our app is set to "Require App Secret".
        says = problems.BAD_PROOF if proof else "API calls from the server require an appsecret_proof argument"
        raise problems.problem(400, 100, says, type="GraphMethodException")
    return token


def me(call: Call, token: Token) -> Account:
    found = call.world.get(Account, "facebook", token.account)
    if found is None:
        raise problems.problem(400, 190, problems.BAD_TOKEN)
    return found


def page(call: Call, token: Token) -> Account:
    """The Page a token stands for; a person's token is not enough."""
    found = me(call, token)
    if found.kind != "brand":
        raise problems.forbidden("(#210) A page access token is required to request this resource.", 210)
    return found


def public_page(call: Call, id: str) -> Account:
    """Another Page, shown to apps that Facebook gave Page Public Content Access; persons are shown to none."""
    found = call.world.get(Account, "facebook", id)
    if found is None or not (found.kind == "brand" or found.extra.get("page")):
        raise problems.missing(call, id)
    if not call.world.settings.get("facebook_public_content", True):
        raise problems.forbidden(NO_FEATURE, 10)
    return found


def allows(token: Token, *scopes: str) -> None:
    if not set(scopes) <= set(token.scopes):
        raise problems.forbidden()


def versioned(inner: Inner) -> Handler:
    """Guards a call with a living version of the interface."""

    async def guarded(call: Call) -> Answer:
        if call.args.get("version") not in VERSIONS:
            raise problems.problem(400, 2500, f"Unknown path components: {call.path}")
        made = inner(call)
        reply = await made if inspect.isawaitable(made) else made
        reply.headers["facebook-api-version"] = call.args["version"]
        return reply

    return guarded


def metered(inner: Inner) -> Handler:
    """Guards a Page's call with its day's budget, and tells how much of it is used."""

    async def guarded(call: Call) -> Answer:
        allowed, left, reset = call.house.meter(call, "page", PAGE_CALLS_A_DAY, DAY)
        if left < 0:
            raise Problem(problems.throttled(call, reset - call.world.now()))
        made = inner(call)
        reply = await made if inspect.isawaitable(made) else made
        reply.headers |= problems.usage(call, round(100 * (allowed - left) / max(allowed, 1)))
        return reply

    return versioned(guarded)


def knows(call: Call, *names: str) -> dict[str, str]:
    """The parameters of a call; unknown ones are refused (Facebook lets many pass, and loses what they meant)."""
    given = sent(call)
    for name in given:
        if name not in names and name not in ALWAYS:
            raise problems.wrong(f"Unknown parameter: {name}.")
    return given


def truth(given: dict[str, str], name: str, default: bool) -> bool:
    value = given.get(name)
    if value is None:
        return default
    if value.lower() not in ("true", "false", "1", "0"):
        raise problems.wrong(f"Param {name} must be a boolean")
    return value.lower() in ("true", "1")


def number(given: dict[str, str], name: str, default: int, most: int) -> int:
    value = given.get(name, str(default))
    if not value.isdigit():
        raise problems.wrong(f"Param {name} must be an integer")
    return min(int(value), most)
