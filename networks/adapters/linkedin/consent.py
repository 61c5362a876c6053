"""How a person lets us act for their LinkedIn pages, and how the access is renewed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import requests
from linkedin_v2 import linkedin

from networks.adapters.linkedin.errors import Json, trouble
from networks.adapters.linkedin.limits import NEEDED, SCOPES
from networks.adapters.linkedin.rest import Rest
from networks.protocol import AppKey, Credentials, NotOurs, Reconnect, Refused, RemoteAccount, TryLater
from networks.wire import before_final_call

OAUTH = "https://www.linkedin.com/oauth/v2"
MOST_PAGES = 50
DEAD = frozenset({"invalid_grant", "invalid_request", "invalid_token", "unauthorized_client"})
GONE = "LinkedIn has closed our access to this page. Connect it again."


class Authentication(linkedin.LinkedInAuthentication):  # type: ignore[misc]  # the SDK has no types
    """The SDK's sign-in at today's addresses: the ones it ships are gone."""

    AUTHORIZATION_URL = f"{OAUTH}/authorization"
    ACCESS_TOKEN_URL = f"{OAUTH}/accessToken"


def authorize_url(app: AppKey, *, state: str, redirect_uri: str) -> str:
    """LinkedIn's own consent page, at its real address."""
    sign_in = Authentication(app.client_id, app.client_secret, redirect_uri, list(SCOPES))
    sign_in.state = state  # else the SDK makes one and forgets it
    address: str = sign_in.authorization_url
    return address


def tokens(app: AppKey, session: requests.Session, *, code: str, redirect_uri: str) -> Credentials:
    """The credentials behind a code. The SDK's own exchange loses the refresh token. Raises NotOurs, TryLater."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    status, body = _ask(app, session, Authentication.ACCESS_TOKEN_URL, form)
    if status in (400, 401, 403):
        raise NotOurs("LinkedIn did not accept this sign-in. Start again from the connect page.")
    return _credentials(body, Credentials(""))


def renewed(app: AppKey, session: requests.Session, old: Credentials) -> Credentials:
    """New credentials for a refresh token; without one, the old ones as long as they live.

    Raises Reconnect when the grant is gone, TryLater on anything that may pass.
    """
    if not old.refresh_token:
        return _still_valid(app, session, old)
    form = {"grant_type": "refresh_token", "refresh_token": old.refresh_token}
    status, body = _ask(app, session, Authentication.ACCESS_TOKEN_URL, form)
    if status in (400, 401) and body.get("error") in DEAD:
        raise Reconnect(GONE, detail=str(body.get("error_description", "")), code=str(body["error"]))
    return _credentials(body, old)


def _still_valid(app: AppKey, session: requests.Session, old: Credentials) -> Credentials:
    _, body = _ask(app, session, f"{OAUTH}/introspectToken", {"token": old.access_token})
    if body.get("active") is False:
        raise Reconnect(GONE, code=str(body.get("status", "")))
    if body.get("active") is not True:
        raise TryLater("LinkedIn did not answer what has become of our access.", code="no_answer")
    return old


def _ask(app: AppKey, session: requests.Session, address: str, form: dict[str, str]) -> tuple[int, Json]:
    """One form to LinkedIn's sign-in; a clear no is returned, everything unclear is TryLater."""
    sent = {**form, "client_id": app.client_id, "client_secret": app.client_secret}
    with before_final_call():
        reply = session.post(address, data=sent, allow_redirects=False)
        try:
            body = reply.json()
        except ValueError:
            body = None
    if isinstance(body, dict) and (reply.ok or (reply.status_code in (400, 401, 403) and "error" in body)):
        return reply.status_code, body
    if reply.status_code == 429:
        raise trouble(429, reply.headers, body, final=False)
    raise TryLater("LinkedIn had trouble.", detail=f"HTTP {reply.status_code}", code=str(reply.status_code))


def _credentials(body: Json, old: Credentials) -> Credentials:
    if not body.get("access_token"):
        raise TryLater("LinkedIn answered without a token.", code=str(body.get("error", "no_token")))
    now = datetime.now(UTC)
    scopes = tuple(filter(None, re.split(r"[ ,]+", str(body.get("scope", "")))))
    return Credentials(
        access_token=str(body["access_token"]),
        refresh_token=str(body.get("refresh_token") or old.refresh_token),
        expires_at=_after(now, body.get("expires_in")),
        refresh_expires_at=_after(now, body.get("refresh_token_expires_in")) or old.refresh_expires_at,
        scopes=scopes or old.scopes,
        extra=old.extra,
    )


def _after(now: datetime, seconds: object) -> datetime | None:
    return now + timedelta(seconds=int(seconds)) if isinstance(seconds, int | str) and str(seconds).isdigit() else None


def person(rest: Rest) -> str:
    """The URN of the person behind a token. Raises TryLater, Reconnect, Refused."""
    return f"urn:li:person:{rest.get('/v2/userinfo')['sub']}"


def pages(rest: Rest) -> list[RemoteAccount]:
    """The pages this person administers. Members' own profiles are left out: what they posted cannot be listed, so an
    unclear send could never be settled.
    """
    given = rest.sender.credentials
    if given.scopes and not set(given.scopes) >= NEEDED:
        raise NotOurs("LinkedIn did not give the permission to post. Start again and allow everything asked for.")
    try:
        who = person(rest)
        query = "q=roleAssignee&role=ADMINISTRATOR&state=APPROVED"
        roles = rest.get("/rest/organizationAcls", query, finder=True).get("elements", [])
        return [_page(rest, str(one["organization"]), who) for one in roles[:MOST_PAGES]] or _none()
    except (Refused, Reconnect, KeyError) as error:
        raise NotOurs("LinkedIn did not show the pages of this account.") from error


def _none() -> list[RemoteAccount]:
    raise NotOurs("This person administers no LinkedIn page to publish to.")


def _page(rest: Rest, urn: str, who: str) -> RemoteAccount:
    known = rest.get(f"/rest/organizations/{urn.rpartition(':')[2]}")
    given = rest.sender.credentials
    return RemoteAccount(
        uid=urn,
        name=str(known.get("localizedName", "")),
        handle=str(known.get("vanityName", "")),
        credentials=Credentials(
            access_token=given.access_token,
            refresh_token=given.refresh_token,
            expires_at=given.expires_at,
            refresh_expires_at=given.refresh_expires_at,
            scopes=given.scopes,
            extra={**given.extra, "person": who},
        ),
        kind="page",
    )
