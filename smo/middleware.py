"""The way of a short link: found, written down, sent on, before anything else of the app is asked.

It stands before Django's own stack: no session, no cookie, no log line, no template for the usual visitor.

    GET /l/<code> ──> where it leads (remembered) ──> the click written down ──> 302
    GET /<code> on a domain of a workspace ──┘         └── flagged, expired, unknown: a page that says so
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from smo.actions.naming import key_of_clicks
from smo.actions.salting import visitor_of
from smo.actions.spooling import Spool
from smo.context.signposts import signpost
from smo.models.links import PREFIX, TrackedLink
from smo.queries.targets import Away, Target, Targets
from smo.rules.addresses import host_of, same_site
from smo.rules.callers import Caller, caller_of
from smo.rules.clicks import PARAMETER, Click, click_name
from smo.rules.tags import with_pairs

logger = logging.getLogger(__name__)
QUIET = "gardu.quiet"  # what the access log leaves out
ASKS_FIRST = frozenset({TrackedLink.Flag.LOOKS, TrackedLink.Flag.MOVED, TrackedLink.Flag.PERSON})
HEADERS = (
    ("Cache-Control", "no-store, private"),
    ("Referrer-Policy", "no-referrer-when-downgrade"),
    ("X-Robots-Tag", "noindex"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", "0"),
)

Environ = dict[str, Any]  # Any: a WSGI environment
Start = Callable[..., Any]  # Any: what a WSGI server gives
App = Callable[[Environ, Start], Iterable[bytes]]


class ShortLinks:
    """A WSGI application around the app's own one."""

    def __init__(self, app: App, spool: Spool | None = None, targets: Targets | None = None) -> None:
        self.app = app
        self.spool = spool or Spool(Path(settings.CLICK_SPOOL))
        self.targets = targets or Targets()
        self._house: dict[str, bool] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        host = "" if self._is_house(environ.get("HTTP_HOST", "")) else _bare(environ.get("HTTP_HOST", ""))
        if not host and not path.startswith(PREFIX):
            return self.app(environ, start)
        code = path[1:] if host else path[len(PREFIX) :]
        environ[QUIET] = True
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return signpost("method", environ, start)
        if not 0 < len(code) <= 60 or not code.isascii():
            return signpost("unknown", environ, start)
        try:
            target = self.targets.find(host, code)
        except Away:
            return signpost("away", environ, start)
        if target is None:
            return signpost("unknown", environ, start)
        return self._send_on(target, environ, start)

    def _send_on(self, target: Target, environ: Environ, start: Start) -> Iterable[bytes]:
        now, caller = datetime.now(UTC), caller_of(environ)
        self._count(target, caller, environ, now)
        if target.expires_at is not None and target.expires_at <= now:
            if not target.expired_url:
                return signpost("expired", environ, start)
            location = target.expired_url
        else:
            location = _landing(target, caller)
            if target.flag in ASKS_FIRST and not caller.program:
                return signpost(target.flag, environ, start, onward=location)
        start("302 Found", [("Location", location), *HEADERS])
        return [b""]

    def _count(self, target: Target, caller: Caller, environ: Environ, now: datetime) -> None:
        """Written down before the visitor goes on; a disk that is full keeps nobody from where they want to go."""
        day = target.today(now)
        digest = ""
        if not caller.program and not caller.untracked:
            digest = visitor_of(environ, target.zone.key, day, f"link:{target.link}")
        network = target.network or caller.network
        click = Click(
            target.workspace,
            target.link,
            day.isoformat(),
            digest,
            caller.referrer,
            network,
            caller.device,
            caller.program,
        )
        try:
            self.spool.write(click.line())
        except OSError as error:
            logger.error("a click on link %s could not be written down: %s", target.link, error.strerror or error)

    def _is_house(self, host: str) -> bool:
        """Whether the app itself is asked; remembered, for there are few hosts and many requests."""
        known = self._house.get(host)
        if known is None:
            domain, _port = split_domain_port(host)
            known = (bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)) or not domain
            if len(self._house) > 1000:
                self._house.clear()
            self._house[host] = known
        return known


def _bare(host: str) -> str:
    return split_domain_port(host)[0].removesuffix(".")


def _landing(target: Target, caller: Caller) -> str:
    """The target, with the click's name when its site tells of visits and the visitor does not mind."""
    if not target.sites or caller.program or caller.untracked:
        return target.url
    host = host_of(target.url)
    if not any(same_site(host, site) for site in target.sites):
        return target.url
    name = click_name(key_of_clicks(), target.link, int(time.time() // 60), os.urandom(4))
    return with_pairs(target.url, {PARAMETER: name})
