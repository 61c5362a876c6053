"""How an account is opened on X: OAuth 2 with PKCE, and refresh tokens that work once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import requests

from networks.adapters.x.calls import API, problem, wait
from networks.protocol import AppKey, Credentials, NotOurs, Reconnect, TryLater
from networks.wire import before_final_call, retry_after

AUTHORIZE = "https://x.com/i/oauth2/authorize"
SCOPES = (
    "tweet.read",
    "tweet.write",
    "tweet.moderate.write",
    "users.read",
    "media.write",
    "dm.read",
    "dm.write",
    "offline.access",
)
NEEDED = frozenset({"tweet.read", "tweet.write", "users.read", "media.write", "offline.access"})
DEAD = frozenset({"invalid_request", "invalid_grant"})


def challenge(verifier: str) -> str:
    """The S256 code challenge of a verifier (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def authorize_url(app: AppKey, *, state: str, redirect_uri: str, verifier: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    return f"{AUTHORIZE}?{urlencode(asked)}"


def exchange(session: requests.Session, app: AppKey, *, code: str, redirect_uri: str, verifier: str) -> Credentials:
    """The credentials a consent gave. Raises NotOurs, TryLater."""
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        "client_id": app.client_id,
    }
    response = _ask(session, app, fields)
    if response.status_code == 400:
        raise NotOurs("X did not accept the consent. It is good for half a minute only: please try again.")
    credentials = _credentials(response, {})
    lacking = NEEDED - set(credentials.scopes)
    if lacking:
        raise NotOurs(f"X did not give every permission Gardu needs: {', '.join(sorted(lacking))}")
    return credentials


def refresh(session: requests.Session, app: AppKey, credentials: Credentials) -> Credentials:
    """New credentials; the old refresh token is spent. Raises Reconnect when the grant is gone, else TryLater."""
    if not credentials.refresh_token:
        raise Reconnect("The access to X cannot be renewed: connect the account again.", code="no_refresh_token")
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": credentials.refresh_token,
        "client_id": app.client_id,
    }
    response = _ask(session, app, fields)
    if response.status_code == 400 and _error(response) in DEAD:
        raise Reconnect("X took the access to this account back.", detail=_error(response), code="grant_gone")
    return _credentials(response, {"refresh_token": credentials.refresh_token, "scope": " ".join(credentials.scopes)})


def app_token(session: requests.Session, app: AppKey) -> str:
    """The app's own bearer token: from the settings, else by its consumer key. Raises TryLater."""
    given = app.extra.get("bearer_token", "")
    if given:
        return given
    key = app.extra.get("consumer_key") or app.client_id
    secret = app.extra.get("consumer_secret") or app.client_secret
    with before_final_call():
        response = session.post(f"{API}/oauth2/token", data={"grant_type": "client_credentials"}, auth=(key, secret))
        if response.status_code != 200:
            raise TryLater("X did not accept Gardu's app.", detail=f"{response.status_code}", code="app_refused")
        return str(response.json()["access_token"])


def signing_secret(app: AppKey) -> bytes:
    """What X signs its webhooks with: the consumer secret."""
    return (app.extra.get("consumer_secret") or app.client_secret).encode()


def _ask(session: requests.Session, app: AppKey, fields: Mapping[str, str]) -> requests.Response:
    with before_final_call():
        return session.post(f"{API}/2/oauth2/token", data=fields, auth=(app.client_id, app.client_secret))


def _credentials(response: requests.Response, before: Mapping[str, str]) -> Credentials:
    if response.status_code != 200:
        _, said = problem(response)
        after = wait(response) if response.status_code == 429 else retry_after(response.headers)
        detail = f"{response.status_code} {_error(response)} {said}".strip()
        raise TryLater("X did not renew the access.", after=after, detail=detail, code=str(response.status_code))
    body = _object(response)
    if not body.get("access_token"):
        raise TryLater("X did not answer clearly.", code="no_answer")
    seconds = body.get("expires_in")
    scope = str(body.get("scope") or before.get("scope", ""))
    return Credentials(
        access_token=str(body["access_token"]),
        refresh_token=str(body.get("refresh_token") or before.get("refresh_token", "")),
        expires_at=datetime.now(UTC) + timedelta(seconds=int(seconds)) if seconds else None,
        scopes=tuple(scope.split()),
    )


def _error(response: requests.Response) -> str:
    return str(_object(response).get("error", ""))


def _object(response: requests.Response) -> dict[str, Any]:  # Any: X's JSON
    """The body as a JSON object; an empty one for anything else."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
