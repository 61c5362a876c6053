"""Consent, codes and tokens: the parts of OAuth 2 that are the same on every network."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from sandbox.nouns import App, Code, Json, Token
from sandbox.world import World


class Denied(Exception):
    """Why a grant is refused.

    client, redirect, code, code_expired, code_used, verifier, refresh or refresh_used.
    """


def client(world: World, network: str, id: str, secret: str | None) -> App:
    """The app with these credentials; secret None skips the check (a public client)."""
    app = world.get(App, network, id)
    if app is None or (secret is not None and not hmac.compare_digest(app.secret, secret)):
        raise Denied("client")
    return app


def issue_code(
    world: World,
    app: App,
    *,
    account: str,
    redirect: str,
    scopes: list[str],
    seconds: float,
    challenge: str = "",
    method: str = "",
    extra: Json | None = None,
) -> Code:
    """A code for a consent just given; the redirect must be one of the app's, to the letter."""
    if redirect not in app.redirects:
        raise Denied("redirect")
    code = Code(
        app.network,
        world.secret(),
        app.id,
        account,
        redirect,
        scopes,
        world.now() + seconds,
        challenge,
        method,
        extra=extra or {},
    )
    return world.put(code)


def spend_code(world: World, app: App, id: str, redirect: str, verifier: str = "") -> Code:
    """Exchange a code once, in time, with the same redirect and the right verifier."""
    code = world.get(Code, app.network, id)
    if code is None or code.app != app.id:
        raise Denied("code")
    if code.used:
        raise Denied("code_used")
    if code.expires < world.now():
        raise Denied("code_expired")
    if code.redirect != redirect:
        raise Denied("redirect")
    if code.challenge and not proves(verifier, code.challenge, code.method):
        raise Denied("verifier")
    code.used = True
    return world.put(code)


def proves(verifier: str, challenge: str, method: str) -> bool:
    """PKCE (RFC 7636): does the verifier belong to the challenge?"""
    if method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(verifier, challenge)


def mint(
    world: World,
    app: App,
    *,
    account: str,
    scopes: list[str],
    seconds: float,
    refreshable: bool,
    refresh_seconds: float = 0.0,
    kind: str = "user",
    extra: Json | None = None,
    prefix: str = "at-",
) -> Token:
    """A fresh token; seconds 0 means it never expires. `prefix`: how its id begins."""
    now = world.now()
    token = Token(
        network=app.network,
        id=world.secret(prefix),
        app=app.id,
        account=account,
        scopes=list(scopes),
        refresh=world.secret("rt-") if refreshable else "",
        kind=kind,
        expires=now + seconds if seconds else 0.0,
        refresh_expires=now + refresh_seconds if refresh_seconds else 0.0,
        extra=extra or {},
    )
    return world.put(token)


def renew(world: World, app: App, refresh: str, *, seconds: float, rotates: bool) -> Token:
    """A new access token for a refresh token; where it rotates, the old one is spent for good."""
    old = world.by_refresh(app.network, refresh)
    if old is None or old.app != app.id or old.revoked:
        raise Denied("refresh")
    if old.refresh_expires and old.refresh_expires < world.now():
        raise Denied("refresh")
    if old.refresh_spent:
        raise Denied("refresh_used")
    new = mint(
        world,
        app,
        account=old.account,
        scopes=old.scopes,
        kind=old.kind,
        seconds=seconds,
        refreshable=rotates,
        extra=old.extra,
    )
    if rotates:
        old.refresh_spent = True
        world.put(old)
    else:
        new.refresh = refresh
    new.refresh_expires = old.refresh_expires
    return world.put(new)


def revoke(world: World, token: Token) -> None:
    """Take back a token, and with it everything that account gave this app."""
    for each in world.tokens_of(token.network, token.account):
        if each.app == token.app and not each.revoked:
            each.revoked = True
            world.put(each)


def live(world: World, network: str, access: str) -> Token | None:
    """The token when it is known, not revoked and not expired."""
    token = world.get(Token, network, access)
    if token is None or token.revoked or (token.expires and token.expires < world.now()):
        return None
    return token


def redirect_to(address: str, **params: str) -> str:
    """A callback address with its parameters added."""
    joiner = "&" if "?" in address else "?"
    return address + joiner + urlencode(params)
