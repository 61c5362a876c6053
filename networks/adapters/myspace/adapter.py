"""Myspace as Gardu uses it: a person posts there, since no app can."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote, urlsplit

from networks import fits
from networks.adapters.myspace.limits import LIMITS
from networks.protocol import AppKey, Content, Limits, Misfit, Reconcile, Spotted
from networks.text import graphemes
from networks.wire import Reach

HOSTS = frozenset({"myspace.com", "www.myspace.com"})
POST = re.compile(rf"/(?P<handle>{LIMITS.handle})/(?P<rest>[^/].*?)/?")
# Sections of the site itself, which stand where a profile's name would.
SECTIONS = frozenset({"browse", "discover", "help", "pages", "search", "signin", "signup", "stream"})


class Adapter:
    """Facts only: it calls nobody."""

    slug = "myspace"
    name = "Myspace"
    limits: Limits = LIMITS
    reconcile = Reconcile.NONE
    listing_lag = timedelta(0)
    scopes: tuple[str, ...] = ()

    def __init__(self, app: AppKey, reach: Reach) -> None:
        self.app, self.reach = app, reach

    def count(self, text: str) -> int:
        return graphemes(text)

    def misfits(self, content: Content) -> list[Misfit]:
        return fits.misfits(content, self.limits)

    def door(self, handle: str) -> str:
        return f"https://myspace.com/{quote(handle)}"

    def spot(self, url: str) -> Spotted | None:
        parts = urlsplit(url)
        found = POST.fullmatch(parts.path) if (parts.hostname or "").lower() in HOSTS else None
        if found is None or found["handle"].lower() in SECTIONS or parts.scheme not in ("http", "https"):
            return None
        return Spotted(f"{found['handle'].lower()}/{found['rest']}"[:200], handle=found["handle"])
