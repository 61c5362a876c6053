"""LinkedIn's sign-in: consent, codes, tokens for 60 days, a refresh token that is not prolonged, who is who."""

from __future__ import annotations

from sandbox import consent, oauth
from sandbox.nouns import Account, App, Json, Token
from sandbox.wire import Answer, Call, Malformed, Problem
from sandbox.wires.linkedin import access, problems
from sandbox.wires.linkedin.access import rest

SCOPES = {
    "openid": "Use your LinkedIn sign-in",
    "profile": "Use your name and photo",
    "email": "Use your primary email address",
    "r_basicprofile": "Use your basic profile",
    "rw_organization_admin": "Manage your pages and retrieve reporting data",
    "r_organization_social": "Retrieve your pages' posts, comments and engagement data",
    "w_organization_social": "Create, modify and delete posts, comments and reactions on your page's behalf",
    "w_member_social": "Create, modify and delete posts, comments and reactions on your behalf",
}
CODE_SECONDS = 30 * 60.0
ACCESS_SECONDS = 60 * 24 * 3600.0
REFRESH_SECONDS = 365 * 24 * 3600.0
DEAD = "The provided authorization grant or refresh token is invalid, expired or revoked."


def authorize(call: Call) -> Answer:
    """The consent page, and what the person decided on it."""
    asked = call.query if call.method == "GET" else call.form()
    app = call.world.get(App, "linkedin", asked.get("client_id", ""))
    if fault := _asked_wrongly(asked, app):
        return consent.wrong(call, fault)
    assert app is not None
    scopes = asked["scope"].split()
    people = {admin: None for brand in call.world.brands("linkedin") for admin in brand.admins}
    if call.method == "GET":
        choices = [account for account in (call.world.get(Account, "linkedin", id) for id in people) if account]
        choices += [one for one in call.world.people("linkedin") if one.id not in people][:3]
        return consent.ask(call, app=app, choices=choices, scopes={name: SCOPES[name] for name in scopes})
    back, state = asked["redirect_uri"], asked["state"]
    if asked.get("decision") != "allow":
        says = "The user cancelled LinkedIn login"
        refusal = {"error": "user_cancelled_login", "error_description": says, "state": state}
        return consent.back(oauth.redirect_to(back, **refusal))
    person = asked["person"]
    code = oauth.issue_code(call.world, app, account=person, redirect=back, scopes=scopes, seconds=CODE_SECONDS)
    return consent.back(oauth.redirect_to(back, code=code.id, state=state))


def _asked_wrongly(asked: Json, app: App | None) -> str:
    if app is None:
        return "The passed in client_id is invalid."
    if asked.get("response_type") != "code":
        return "You need to pass the response_type parameter with the value code."
    if asked.get("redirect_uri") not in app.redirects:
        return "The redirect_uri does not match the registered value."
    scopes = str(asked.get("scope", "")).split()
    if not scopes or not set(scopes) <= set(SCOPES):
        return f"Scope {' '.join(sorted(set(scopes) - set(SCOPES)))!r} is not authorized for your application."
    return "" if asked.get("state") else "A state is required here."


def refused(error: str, says: str, status: int = 400) -> Problem:
    return Problem(Answer(status, {"error": error, "error_description": says}))


def _form(call: Call) -> tuple[App, dict[str, str]]:
    """The form of a sign-in call and the app that sends it, its secret in the form."""
    if "form-urlencoded" not in call.headers.get("Content-Type", ""):
        raise refused("invalid_request", "The content type must be application/x-www-form-urlencoded")
    try:
        form = call.form()
    except (Malformed, UnicodeDecodeError) as error:
        raise refused("invalid_request", "The body is not a form") from error
    try:
        return oauth.client(call.world, "linkedin", form.get("client_id", ""), form.get("client_secret", "")), form
    except oauth.Denied as error:
        raise refused("invalid_client", "Client authentication failed", 401) from error


def token(call: Call) -> Answer:
    """POST /oauth/v2/accessToken."""
    app, form = _form(call)
    if form.get("grant_type") == "authorization_code":
        return _exchange(call, app, form)
    if form.get("grant_type") == "refresh_token":
        return _renew(call, app, form)
    raise refused("invalid_request", 'A required parameter "grant_type" is missing')


def _exchange(call: Call, app: App, form: dict[str, str]) -> Answer:
    try:
        code = oauth.spend_code(call.world, app, form.get("code", ""), form.get("redirect_uri", ""))
    except oauth.Denied as error:
        says = "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code."
        raise refused("invalid_request", f"{says} Or authorization code expired.") from error
    made = oauth.mint(
        call.world,
        app,
        account=code.account,
        scopes=code.scopes,
        seconds=ACCESS_SECONDS,
        refreshable=True,
        refresh_seconds=REFRESH_SECONDS,
    )
    return _given(call, made)


def _renew(call: Call, app: App, form: dict[str, str]) -> Answer:
    try:
        made = oauth.renew(call.world, app, form.get("refresh_token", ""), seconds=ACCESS_SECONDS, rotates=False)
    except oauth.Denied as error:
        raise refused("invalid_request", DEAD) from error
    return _given(call, made)


def _given(call: Call, made: Token) -> Answer:
    left = int(made.refresh_expires - call.world.now()) if made.refresh_expires else int(REFRESH_SECONDS)
    return Answer(
        200,
        {
            "access_token": made.id,
            "expires_in": int(ACCESS_SECONDS),
            "refresh_token": made.refresh,
            "refresh_token_expires_in": left,
            "scope": ",".join(made.scopes),
        },
    )


def revoke(call: Call) -> Answer:
    app, form = _form(call)
    found = call.world.get(Token, "linkedin", form.get("token", ""))
    if found is None or found.app != app.id:
        raise refused("invalid_request", "The token is not known")
    oauth.revoke(call.world, found)
    return Answer(200, {})


def introspect(call: Call) -> Answer:
    """POST /oauth/v2/introspectToken."""
    app, form = _form(call)
    found = call.world.get(Token, "linkedin", form.get("token", ""))
    if found is None or found.app != app.id:
        return Answer(200, {"active": False})
    is_live = oauth.live(call.world, "linkedin", found.id) is not None
    status = "revoked" if found.revoked else "active" if is_live else "expired"
    return Answer(
        200,
        {
            "active": is_live,
            "status": status,
            "client_id": app.id,
            "created_at": int(found.created),
            "expires_at": int(found.expires),
            "scope": ",".join(found.scopes),
            "auth_type": "3L",
        },
    )


def userinfo(call: Call) -> Answer:
    """GET /v2/userinfo, which knows no versions."""
    holder = access.holder(call)
    if not {"openid", "profile"} <= set(holder.scopes):
        raise problems.forbidden("userinfo.GET.NO_VERSION")
    who = access.person(call, holder)
    first, _, last = who.name.partition(" ")
    sub = who.id.rpartition(":")[2]
    return Answer(200, {"sub": sub, "name": who.name, "given_name": first, "family_name": last, "locale": "en_ID"})


@rest("rw_organization_admin")
def roles(call: Call) -> Answer:
    """GET /rest/organizationAcls?q=roleAssignee: the pages this member may act for."""
    if call.query.get("q") != "roleAssignee":
        raise problems.wrong("q must be roleAssignee here", "q")
    if call.query.get("role", "ADMINISTRATOR") != "ADMINISTRATOR":
        return Answer(200, {"elements": [], "paging": {"start": 0, "count": 0, "links": []}})
    who = access.person(call, access.holder(call))
    elements: list[Json] = [
        {"role": "ADMINISTRATOR", "organization": brand.id, "roleAssignee": who.id, "state": "APPROVED"}
        for brand in call.world.brands("linkedin", who.id)
    ]
    return Answer(200, {"elements": elements, "paging": {"start": 0, "count": len(elements), "links": []}})


@rest("rw_organization_admin")
def organization(call: Call) -> Answer:
    """GET /rest/organizations/{id}."""
    brand = access.page(call, f"urn:li:organization:{call.args['id']}")
    return Answer(
        200,
        {
            "id": int(call.args["id"]),
            "localizedName": brand.name,
            "vanityName": brand.handle,
            "primaryOrganizationType": "NONE",
            "$URN": brand.id,
        },
    )
