"""Facebook's sign-in: the dialog, codes, long-lived tokens, the Pages a person runs, and what a token is worth."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, parse_qsl, urlsplit

from sandbox import consent, oauth
from sandbox.nouns import Account, App, Json, Token
from sandbox.wire import Answer, Call, Problem
from sandbox.wires.facebook import access, problems

SCOPES = {
    "public_profile": "Receive your name and profile picture",
    "pages_show_list": "Show a list of the Pages you manage",
    "pages_manage_posts": "Create and manage content on your Page",
    "pages_read_engagement": "Read content posted on the Page",
    "pages_read_user_content": "Read user content on your Page",
    "pages_manage_engagement": "Manage comments on the Page",
    "pages_manage_metadata": "Manage accounts, settings and webhooks of the Page",
    "pages_messaging": "Manage and access Page conversations",
    "read_insights": "Access the Page's insights",
    "business_management": "Manage your business",
}
CODE_SECONDS = 600.0
SHORT_SECONDS = 3600.0 * 1.5
LONG_SECONDS = 5_183_944.0
DATA_ACCESS_SECONDS = 90 * 24 * 3600.0
TASKS = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
LINK = "https://www.facebook.com"


def dialog(call: Call) -> Answer:
    """The consent page, and which Pages the person gave."""
    asked = call.query if call.method == "GET" else call.form()
    app = call.world.get(App, "facebook", asked.get("client_id", ""))
    if fault := _asked_wrongly(call, asked, app):
        return consent.wrong(call, fault)
    assert app is not None
    scopes = ["public_profile", *[name for name in asked["scope"].split(",") if name != "public_profile"]]
    if call.method == "GET":
        choices = call.world.brands("facebook")[:30]
        says = {name: SCOPES[name] for name in scopes}
        return consent.ask(call, app=app, choices=choices, scopes=says, multiple=True)
    back, state = asked["redirect_uri"], asked["state"]
    pages = parse_qs(call.body.decode()).get("person", [])
    if asked.get("decision") != "allow" or not pages:
        refusal = {"error": "access_denied", "error_code": "200", "error_description": "Permissions error"}
        return consent.back(oauth.redirect_to(back, **refusal, error_reason="user_denied", state=state) + "#_=_")
    first = call.world.get(Account, "facebook", pages[0])
    person = first.admins[0] if first and first.admins else pages[0]
    code = oauth.issue_code(
        call.world,
        app,
        account=person,
        redirect=back,
        scopes=scopes,
        seconds=CODE_SECONDS,
        extra={"pages": pages},
    )
    return consent.back(oauth.redirect_to(back, code=code.id, state=state) + "#_=_")


def _asked_wrongly(call: Call, asked: Json, app: App | None) -> str:
    if app is None:
        return "Invalid App ID: The provided app ID does not look like a valid app ID."
    if call.args["version"] not in access.VERSIONS:
        return "This version of the dialog does not exist."
    if asked.get("redirect_uri") not in app.redirects:
        return "URL Blocked: This redirect failed because the redirect URI is not whitelisted in the app's settings."
    if asked.get("response_type", "code") != "code" or not asked.get("state"):
        return "The response type must be code, and a state is required."
    unknown = set(str(asked.get("scope", "")).split(",")) - set(SCOPES)
    return f"Invalid Scopes: {', '.join(sorted(unknown))}." if unknown else ""


def token(call: Call) -> Answer:
    """/oauth/access_token: a code, or a short token for a long one."""
    given = access.sent(call)
    try:
        app = oauth.client(call.world, "facebook", given.get("client_id", ""), given.get("client_secret", ""))
    except oauth.Denied as error:
        raise problems.problem(400, 1, "Error validating client secret.") from error
    if given.get("grant_type") == "fb_exchange_token":
        return _extended(call, app, given.get("fb_exchange_token", ""))
    if given.get("grant_type") == "client_credentials":
        return Answer(200, {"access_token": f"{app.id}|{app.secret}", "token_type": "bearer"})
    return _exchanged(call, app, given)


def _exchanged(call: Call, app: App, given: dict[str, str]) -> Answer:
    try:
        code = oauth.spend_code(call.world, app, given.get("code", ""), given.get("redirect_uri", ""))
    except oauth.Denied as error:
        says, subcode = {
            "code_used": ("This authorization code has been used.", 36009),
            "code_expired": ("This authorization code has expired.", 36007),
            "redirect": (
                "Error validating verification code. Please make sure your redirect_uri is identical to the one "
                "you used in the OAuth dialog request",
                36008,
            ),
        }.get(str(error), ("Invalid verification code format.", 36009))
        raise problems.problem(400, 100, says, subcode=subcode) from error
    extra: Json = {"pages": code.extra["pages"], "short": True}
    made = oauth.mint(
        call.world,
        app,
        account=code.account,
        scopes=code.scopes,
        seconds=SHORT_SECONDS,
        refreshable=False,
        extra=extra,
    )
    return Answer(200, {"access_token": made.id, "token_type": "bearer", "expires_in": int(SHORT_SECONDS)})


def _extended(call: Call, app: App, short: str) -> Answer:
    old = oauth.live(call.world, "facebook", short)
    if old is None or old.app != app.id:
        raise problems.problem(400, 190, problems.BAD_TOKEN)
    made = oauth.mint(
        call.world,
        app,
        account=old.account,
        scopes=old.scopes,
        seconds=LONG_SECONDS,
        refreshable=False,
        extra={**old.extra, "short": False},
    )
    return Answer(200, {"access_token": made.id, "token_type": "bearer", "expires_in": int(LONG_SECONDS)})


def permissions(call: Call) -> Answer:
    """GET /me/permissions."""
    holder = access.holder(call)
    granted = [{"permission": name, "status": "granted"} for name in holder.scopes]
    return Answer(200, {"data": granted})


def give_up(call: Call) -> Answer:
    """DELETE /me/permissions: the app's access ends, that of its Page tokens too."""
    _end(call, access.holder(call))
    return Answer(200, {"success": True})


def _end(call: Call, holder: Token) -> None:
    oauth.revoke(call.world, holder)
    for brand in call.world.brands("facebook", holder.account):
        for each in call.world.tokens_of("facebook", brand.id):
            if each.app == holder.app:
                each.revoked = True
                call.world.put(each)


def accounts(call: Call) -> Answer:
    """GET /me/accounts: the Pages given, each with a token that lasts as long as the person's was long-lived."""
    holder = access.holder(call)
    given = access.knows(call, "limit", "after", "before")
    access.allows(holder, "pages_show_list")
    given_pages = holder.extra.get("pages", [])
    fields = [name.partition("{")[0] for name in (given.get("fields") or "access_token,name,id,tasks").split(",")]
    brands = [brand for brand in call.world.brands("facebook", holder.account) if brand.id in given_pages]
    return Answer(200, {"data": [_page(call, brand, holder, fields) for brand in brands]})


def _page(call: Call, brand: Account, holder: Token, fields: list[str]) -> Json:
    known: Json = {
        "id": brand.id,
        "name": brand.name,
        "username": brand.handle,
        "category": "Coffee Shop",
        "tasks": TASKS,
        "access_token": "",
        "picture": {"data": {"height": 50, "width": 50, "is_silhouette": True, "url": ""}},
        "link": f"{LINK}/{brand.handle}",
    }
    for name in fields:
        if name not in known:
            raise problems.wrong(f"Tried accessing nonexisting field ({name}) on node type (Page)")
    if "access_token" in fields:
        known["access_token"] = _page_token(call, brand, holder).id
    return {name: known[name] for name in dict.fromkeys([*fields, "id"])}


def _page_token(call: Call, brand: Account, holder: Token) -> Token:
    """The Page's token: a long-lived person's makes one without an end."""
    app = call.world.get(App, "facebook", holder.app)
    assert app is not None
    seconds = holder.expires - call.world.now() if holder.extra.get("short") else 0
    for old in call.world.tokens_of("facebook", brand.id):
        if old.extra.get("by") == holder.id and not old.revoked:
            return old
    return oauth.mint(
        call.world,
        app,
        account=brand.id,
        scopes=holder.scopes,
        seconds=seconds,
        refreshable=False,
        kind="page",
        extra={"by": holder.id},
    )


def batch(call: Call) -> Answer:
    """POST /: several calls in one; this sandbox answers GET debug_token in it."""
    given = access.knows(call, "batch", "include_headers")
    if access.app_of(call, access.access(call)) is None:
        access.holder(call)
    try:
        asked = json.loads(given.get("batch", ""))
    except ValueError as error:
        raise problems.wrong("Param batch must be a JSON array") from error
    if not isinstance(asked, list) or not 1 <= len(asked) <= 50:
        raise problems.wrong("Param batch must hold 1 to 50 calls")
    body = [_one_of(call, one) for one in asked]
    return Answer(200, body)


def _one_of(call: Call, asked: Json) -> Json:
    parts = urlsplit(str(asked.get("relative_url", "")))
    if asked.get("method") == "GET" and parts.path.rpartition("/")[2] == "debug_token":
        made = debugged(call, dict(parse_qsl(parts.query)).get("input_token", ""))
    else:
        made = problems.answer(400, 2500, "This sandbox answers GET debug_token in a batch only.")
    return {"code": made.status, "body": json.dumps(made.body)}


def debug(call: Call) -> Answer:
    """GET /debug_token."""
    if access.app_of(call, access.access(call)) is None:
        access.holder(call)
    return debugged(call, str(call.query.get("input_token", "")))


def debugged(call: Call, given: str) -> Answer:
    token = call.world.get(Token, "facebook", given)
    if token is None:
        error = {"code": 190, "message": "Malformed access token"}
        return Answer(200, {"data": {"error": error, "is_valid": False, "scopes": []}})
    data: Json = {
        "app_id": token.app,
        "type": "PAGE" if _is_page(call, token) else "USER",
        "application": "Gardu",
        "data_access_expires_at": int(token.created + DATA_ACCESS_SECONDS),
        "expires_at": int(token.expires),
        "is_valid": True,
        "scopes": token.scopes,
        "profile_id" if _is_page(call, token) else "user_id": token.account,
    }
    if token.revoked or oauth.live(call.world, "facebook", given) is None:
        subcode = 458 if token.revoked else 463
        says = problems.REVOKED.format(app=token.app) if token.revoked else problems.EXPIRED
        data |= {"is_valid": False, "error": {"code": 190, "message": says, "subcode": subcode}}
    return Answer(200, {"data": data})


def _is_page(call: Call, token: Token) -> bool:
    account = call.world.get(Account, "facebook", token.account)
    return account is not None and account.kind == "brand"


def whose(call: Call) -> str:
    """The account behind a call; for a batch that asks about a token, the account of that one."""
    given = access.access(call)
    token = call.world.get(Token, "facebook", given) if given else None
    if token is not None:
        return token.account
    try:
        asked = access.form(call).get("batch", "")
    except Problem:
        return ""
    for word in asked.replace('"', " ").replace("=", " ").split():
        named = call.world.get(Token, "facebook", word)
        if named is not None:
            return named.account
    return ""
