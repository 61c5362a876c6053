"""The day's salt: without it a visitor's hash says nothing, and when the day is over it is thrown away."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from smo.models import DaySalt
from smo.rules.clicks import digest_of

Environ = Mapping[str, Any]  # Any: a WSGI environment

_known: dict[tuple[str, date], bytes] = {}
MOST = 400  # zones and days that a process remembers


def salt_of(zone: str, day: date) -> bytes | None:
    """The salt of `day` in `zone`; None while the database is away: then nobody is told apart from anybody.

    What is stored is no use without the app's own secret key, so that a copy of the database alone opens nothing.
    """
    salt = _known.get((zone, day))
    if salt is None:
        try:
            stored, _ = DaySalt.objects.get_or_create(zone=zone, day=day, defaults={"salt": secrets.token_bytes(32)})
        except (DatabaseError, InterfaceError):
            return None
        salt = hashlib.blake2b(bytes(stored.salt), key=settings.SECRET_KEY.encode()[:64], digest_size=32).digest()
        if len(_known) >= MOST:
            _known.clear()
        for old in [key for key in _known if key[1] < day and (key[0] == zone or (day - key[1]).days > 1)]:
            del _known[old]
        _known[(zone, day)] = salt
    return salt


def visitor_of(environ: Environ, zone: str, day: date, place: str) -> str:
    """A visitor's name at `place` for that day, or "" while there is no salt. What it is made from is kept nowhere."""
    salt = salt_of(zone, day)
    return digest_of(salt, place, _address(environ), environ.get("HTTP_USER_AGENT", "")) if salt else ""


def _address(environ: Environ) -> str:
    """Where the request comes from."""
    if settings.TRUST_PROXY and (forwarded := environ.get("HTTP_X_FORWARDED_FOR", "")):
        return str(forwarded.rsplit(",", 1)[-1].strip())
    return str(environ.get("REMOTE_ADDR", ""))
