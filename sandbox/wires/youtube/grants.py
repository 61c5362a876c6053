"""Google's OAuth 2: consent with offline access, codes good once, refresh tokens that stay the same."""

from __future__ import annotations

from sandbox import consent, oauth
from sandbox.nouns import App, Json, Token
from sandbox.wire import Answer, Call, Malformed, Problem
from sandbox.wires.youtube.access import SCOPES
from sandbox.wires.youtube.problems import grant_refused

CODE_SECONDS = 600.0
ACCESS_SECONDS = 3599.0
KNOWN = frozenset(
    {"client_id", "redirect_uri", "response_type", "scope", "access_type", "state", "prompt", "login_hint"}
    | {"include_granted_scopes", "code_challenge", "code_challenge_method", "enable_granular_consent", "hl"}
)


def authorize(call: Call) -> Answer:
    """The consent page, and what the person decided on it."""
    asked: Json = call.query if call.method == "GET" else dict(call.form())
    app = call.world.get(App, call.network, asked.get("client_id", ""))
    fault = _asked_wrongly(call, asked, app)
    if fault or app is None:
        return consent.wrong(call, fault)
    scopes = asked["scope"].split()
    if call.method == "GET":
        choices = call.world.brands(call.network)[:30]
        return consent.ask(call, app=app, choices=choices, scopes={name: SCOPES[name] for name in scopes})
    back, state = asked["redirect_uri"], {"state": asked["state"]} if asked.get("state") else {}
    if asked.get("decision") != "allow":
        return consent.back(oauth.redirect_to(back, error="access_denied", **state))
    code = oauth.issue_code(
        call.world,
        app,
        account=asked["person"],
        redirect=back,
        scopes=scopes,
        seconds=CODE_SECONDS,
        challenge=asked.get("code_challenge", ""),
        method=asked.get("code_challenge_method", "plain"),
        extra={"offline": asked.get("access_type") == "offline", "consent": "consent" in asked.get("prompt", "")},
    )
    return consent.back(oauth.redirect_to(back, code=code.id, scope=" ".join(scopes), **state))


def _asked_wrongly(call: Call, asked: Json, app: App | None) -> str:
    if app is None:
        return "Error 401: invalid_client. The OAuth client was not found."
    if asked.get("response_type") != "code":
        return "Error 400: invalid_request. Required parameter is missing: response_type"
    if asked.get("redirect_uri") not in app.redirects:
        return "Error 400: redirect_uri_mismatch"
    scopes = str(asked.get("scope", "")).split()
    if not scopes or not set(scopes) <= set(SCOPES):
        return "Error 400: invalid_scope. Some requested scopes were invalid."
    if asked.get("access_type", "online") not in ("online", "offline"):
        return "Error 400: invalid_request. Invalid parameter value for access_type."
    if asked.get("code_challenge") and asked.get("code_challenge_method", "plain") not in ("S256", "plain"):
        return "Error 400: invalid_request. Invalid code_challenge_method."
    unknown = set(asked) - KNOWN if call.method == "GET" else set()
    return f"Error 400: invalid_request. Parameter not allowed for this message type: {min(unknown)}" if unknown else ""


def token(call: Call) -> Answer:
    """POST oauth2.googleapis.com/token: exchange a code or a refresh token."""
    form = _form(call)
    app = _caller(call, form)
    kind = form.get("grant_type")
    if kind == "authorization_code":
        return _exchange(call, app, form)
    if kind == "refresh_token":
        return _renew(call, app, form)
    raise Problem(grant_refused("unsupported_grant_type", f"Invalid grant_type: {kind}"))


def _form(call: Call) -> dict[str, str]:
    if "form-urlencoded" not in call.headers.get("Content-Type", ""):
        raise Problem(grant_refused("invalid_request", "Could not determine client ID from request."))
    try:
        return call.form()
    except Malformed as error:
        raise Problem(grant_refused("invalid_request", "Malformed request.")) from error


def _caller(call: Call, form: dict[str, str]) -> App:
    id, secret = call.basic()
    try:
        return oauth.client(
            call.world, call.network, id or form.get("client_id", ""), secret or form.get("client_secret", "")
        )
    except oauth.Denied as error:
        raise Problem(grant_refused("invalid_client", "Unauthorized", 401)) from error


def _exchange(call: Call, app: App, form: dict[str, str]) -> Answer:
    try:
        code = oauth.spend_code(
            call.world, app, form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", "")
        )
    except oauth.Denied as error:
        if str(error) == "redirect":
            raise Problem(grant_refused("redirect_uri_mismatch", "Bad Request")) from error
        says = {"verifier": "Invalid code verifier.", "code": "Malformed auth code."}.get(str(error), "Bad Request")
        raise Problem(grant_refused("invalid_grant", says)) from error
    made = oauth.mint(
        call.world,
        app,
        account=code.account,
        scopes=code.scopes,
        seconds=ACCESS_SECONDS,
        refreshable=bool(code.extra.get("offline") and code.extra.get("consent")),
    )
    return _given(made, with_refresh=True)


def _renew(call: Call, app: App, form: dict[str, str]) -> Answer:
    try:
        made = oauth.renew(call.world, app, form.get("refresh_token", ""), seconds=ACCESS_SECONDS, rotates=False)
    except oauth.Denied as error:
        raise Problem(grant_refused("invalid_grant", "Token has been expired or revoked.")) from error
    return _given(made, with_refresh=False)


def _given(made: Token, *, with_refresh: bool) -> Answer:
    body: Json = {
        "access_token": made.id,
        "expires_in": int(ACCESS_SECONDS),
        "scope": " ".join(made.scopes),
        "token_type": "Bearer",
    }
    if with_refresh and made.refresh:
        body["refresh_token"] = made.refresh
    return Answer(200, body)


def revoke(call: Call) -> Answer:
    """POST oauth2.googleapis.com/revoke."""
    named = _form(call).get("token", "")
    found = call.world.get(Token, call.network, named) or call.world.by_refresh(call.network, named)
    if found is None or found.revoked:
        raise Problem(grant_refused("invalid_token", "Token expired or revoked"))
    oauth.revoke(call.world, found)
    return Answer(200, {})
