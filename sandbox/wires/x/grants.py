"""X's OAuth 2: consent with PKCE, codes good for 30 seconds, refresh tokens that work once."""

from __future__ import annotations

from sandbox import consent, oauth
from sandbox.nouns import App, Json, Token
from sandbox.wire import Answer, Call, Malformed, Problem

SCOPES = {
    "tweet.read": "See all the posts you can see",
    "tweet.write": "Post and repost for you",
    "tweet.moderate.write": "Hide and unhide replies to your posts",
    "users.read": "See any account you can see",
    "media.write": "Upload media for you",
    "dm.read": "Read your direct messages",
    "dm.write": "Send direct messages for you",
    "offline.access": "Stay connected until you take the access back",
    "like.read": "See the posts you liked",
    "follows.read": "See who you follow",
    "list.read": "See your lists",
    "bookmark.read": "See your bookmarks",
    "space.read": "See your Spaces",
    "mute.read": "See whom you muted",
    "block.read": "See whom you blocked",
}
CODE_SECONDS = 30.0
ACCESS_SECONDS = 7200.0
REFRESH_SECONDS = 180 * 24 * 3600.0
BAD_CODE = "Value passed for the authorization code was invalid."
BAD_TOKEN = "Value passed for the token was invalid."  # noqa: S105 - X's words
BAD_REDIRECT = "Value passed for the redirect uri did not match the uri of the authorization code."
BAD_VERIFIER = "Value passed for the code verifier did not match the code challenge."


def authorize(call: Call) -> Answer:
    """The consent page, and what the person decided on it."""
    asked = call.query if call.method == "GET" else call.form()
    app = call.world.get(App, "x", asked.get("client_id", ""))
    fault = _asked_wrongly(asked, app)
    if fault or app is None:
        return consent.wrong(call, fault)
    scopes = asked["scope"].split()
    if call.method == "GET":
        choices = call.world.brands("x")[:30] + call.world.people("x")[:4]
        return consent.ask(call, app=app, choices=choices, scopes={name: SCOPES[name] for name in scopes})
    back, state = asked["redirect_uri"], asked["state"]
    if asked.get("decision") != "allow":
        return consent.back(oauth.redirect_to(back, error="access_denied", state=state))
    code = oauth.issue_code(
        call.world,
        app,
        account=asked["person"],
        redirect=back,
        scopes=scopes,
        seconds=CODE_SECONDS,
        challenge=asked["code_challenge"],
        method=asked["code_challenge_method"],
    )
    return consent.back(oauth.redirect_to(back, state=state, code=code.id))


def _asked_wrongly(asked: Json, app: App | None) -> str:
    if app is None:
        return "The client id is not known."
    if asked.get("response_type") != "code":
        return "The response type must be code."
    if asked.get("redirect_uri") not in app.redirects:
        return "The redirect address is not one of the app's."
    scopes = str(asked.get("scope", "")).split()
    if not scopes or not set(scopes) <= set(SCOPES):
        return "A scope is not known."
    if not 1 <= len(str(asked.get("state", ""))) <= 500:
        return "The state is missing or too long."
    if not asked.get("code_challenge") or asked.get("code_challenge_method") not in ("S256", "plain"):
        return "The code challenge is missing."
    return ""


def refused(says: str, error: str = "invalid_request", status: int = 400) -> Problem:
    return Problem(Answer(status, {"error": error, "error_description": says}))


def caller(call: Call, form: dict[str, str]) -> App:
    """The confidential client: HTTP Basic with its id and secret."""
    id, secret = call.basic()
    try:
        return oauth.client(call.world, "x", id, secret)
    except oauth.Denied as error:
        raise refused("Missing valid authorization header", "unauthorized_client", 401) from error


def token(call: Call) -> Answer:
    """POST /2/oauth2/token: exchange a code or a refresh token."""
    form = _form(call)
    app = caller(call, form)
    kind = form.get("grant_type")
    if kind == "authorization_code":
        return _exchange(call, app, form)
    if kind == "refresh_token":
        return _renew(call, app, form)
    raise refused("Missing required parameter [grant_type].")


def _form(call: Call) -> dict[str, str]:
    if "form-urlencoded" not in call.headers.get("Content-Type", ""):
        raise refused("The content type must be application/x-www-form-urlencoded.")
    try:
        return call.form()
    except Malformed as error:
        raise refused("The body is not a form.") from error


def _exchange(call: Call, app: App, form: dict[str, str]) -> Answer:
    if not form.get("code_verifier"):
        raise refused("Missing required parameter [code_verifier].")
    try:
        code = oauth.spend_code(
            call.world, app, form.get("code", ""), form.get("redirect_uri", ""), form["code_verifier"]
        )
    except oauth.Denied as error:
        says = {"redirect": BAD_REDIRECT, "verifier": BAD_VERIFIER}.get(str(error), BAD_CODE)
        raise refused(says) from error
    lasting = "offline.access" in code.scopes
    made = oauth.mint(
        call.world,
        app,
        account=code.account,
        scopes=code.scopes,
        seconds=ACCESS_SECONDS,
        refreshable=lasting,
        refresh_seconds=REFRESH_SECONDS,
    )
    return _given(made)


def _renew(call: Call, app: App, form: dict[str, str]) -> Answer:
    try:
        made = oauth.renew(call.world, app, form.get("refresh_token", ""), seconds=ACCESS_SECONDS, rotates=True)
    except oauth.Denied as error:
        raise refused(BAD_TOKEN) from error
    return _given(made)


def _given(made: Token) -> Answer:
    body: Json = {
        "token_type": "bearer",
        "expires_in": int(ACCESS_SECONDS),
        "access_token": made.id,
        "scope": " ".join(made.scopes),
    }
    if made.refresh:
        body["refresh_token"] = made.refresh
    return Answer(200, body)


def app_token(call: Call) -> Answer:
    """POST /oauth2/token: the app's own bearer, by client credentials."""
    form = _form(call)
    app = caller(call, form)
    if form.get("grant_type") != "client_credentials":
        raise refused("Missing required parameter [grant_type].")
    known = [one for one in call.world.tokens_of("x", "") if one.app == app.id and not one.revoked]
    made = (
        known[0]
        if known
        else oauth.mint(call.world, app, account="", scopes=[], seconds=0, refreshable=False, kind="app")
    )
    return Answer(200, {"token_type": "bearer", "access_token": made.id})


def revoke(call: Call) -> Answer:
    form = _form(call)
    app = caller(call, form)
    named = form.get("token", "")
    found = call.world.get(Token, "x", named) or call.world.by_refresh("x", named)
    if found is None or found.app != app.id:
        raise refused(BAD_TOKEN)
    oauth.revoke(call.world, found)
    return Answer(200, {"revoked": True})
