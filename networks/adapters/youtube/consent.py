"""How a channel is opened on YouTube: Google's OAuth 2 with PKCE, offline access and refresh tokens that last."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import requests

from networks.protocol import AppKey, Credentials, NotOurs, Reconnect, TryLater
from networks.wire import before_final_call, retry_after

AUTHORIZE = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
PREFIX = "https://www.googleapis.com/auth/"
SCOPES = (f"{PREFIX}youtube.upload", f"{PREFIX}youtube.readonly", f"{PREFIX}youtube.force-ssl")
DEAD = frozenset({"invalid_grant", "unauthorized_client"})


def authorize_url(app: AppKey, *, state: str, redirect_uri: str, verifier: str) -> str:
    """`prompt=consent` makes Google give a refresh token each time, not only the first."""
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "access_type": "offline",
        "prompt": "consent",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
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
    }
    response = _ask(session, app, fields)
    if 400 <= response.status_code < 500 and response.status_code != 429:
        raise NotOurs("Google did not accept the consent. Please try again.")
    credentials = _credentials(response, Credentials(access_token=""))
    lacking = set(SCOPES) - set(credentials.scopes)
    if lacking:
        names = ", ".join(sorted(scope.removeprefix(PREFIX) for scope in lacking))
        raise NotOurs(f"Not every permission Gardu needs was given. Tick all of them: {names}")
    if not credentials.refresh_token:
        raise NotOurs("Google gave access for an hour only. Please try again.")
    return credentials


def refresh(session: requests.Session, app: AppKey, credentials: Credentials) -> Credentials:
    """A new access token; the refresh token stays. Raises Reconnect when the grant is gone, TryLater otherwise."""
    if not credentials.refresh_token:
        raise Reconnect("YouTube must be connected again.", code="no_refresh_token")
    response = _ask(session, app, {"grant_type": "refresh_token", "refresh_token": credentials.refresh_token})
    if response.status_code in (400, 401) and _error(response) in DEAD:
        raise Reconnect("The access to this channel was taken back or has ended.", code=_error(response))
    return _credentials(response, credentials)


def _ask(session: requests.Session, app: AppKey, fields: Mapping[str, str]) -> requests.Response:
    secret = {"client_id": app.client_id, "client_secret": app.client_secret}
    with before_final_call():
        return session.post(TOKEN, data={**fields, **secret})


def _error(response: requests.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        return ""
    return str(body.get("error", "")) if isinstance(body, dict) else ""


def _credentials(response: requests.Response, before: Credentials) -> Credentials:
    if response.status_code != 200:
        raise TryLater(
            "Google did not give access just now.",
            after=retry_after(response.headers),
            detail=f"{response.status_code} {_error(response)}",
            code=_error(response) or str(response.status_code),
        )
    try:
        body: dict[str, Any] = response.json()  # Any: Google's JSON
        token, seconds = str(body["access_token"]), float(body["expires_in"])
    except (ValueError, KeyError, TypeError) as error:
        raise TryLater("Google did not answer clearly.", detail=type(error).__name__, code="no_answer") from error
    now = datetime.now(UTC)
    # Given while the consent screen is still in testing: seven days.
    lasts = body.get("refresh_token_expires_in")
    return Credentials(
        access_token=token,
        refresh_token=str(body.get("refresh_token") or before.refresh_token),
        expires_at=now + timedelta(seconds=seconds),
        refresh_expires_at=now + timedelta(seconds=float(lasts)) if lasts else before.refresh_expires_at,
        scopes=tuple(str(body["scope"]).split()) if body.get("scope") else before.scopes,
        extra=before.extra,
    )
