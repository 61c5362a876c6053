"""Hubs of feeds (WebSub): told that a feed changed, and asked to tell us when one of others does."""

from __future__ import annotations

import time
from collections.abc import Mapping

import requests
from urllib3.exceptions import HTTPError

from networks.fetch.client import AGENT, NotFetched, looks_public
from networks.wire import Reach, retry_after
from workspaces.wire import Private, checked_session, cut_off_after

SECONDS = 10.0
TAKEN = frozenset({200, 201, 202, 204})


def post_form(url: str, fields: Mapping[str, str], *, reach: Reach, seconds: float = SECONDS) -> int:
    """Send a form to a public address; the status that it was taken with. Follows no redirect. Raises NotFetched."""
    until = time.monotonic() + seconds
    session = reach.session() if reach.base else checked_session()
    session.trust_env = False
    with session, cut_off_after(seconds):
        try:
            looks_public(url)
            with session.post(
                url,
                data=dict(fields),
                headers={"User-Agent": AGENT, "Accept-Encoding": "identity"},
                timeout=(min(5.0, seconds), seconds),
                allow_redirects=False,
                stream=True,
            ) as reply:
                if reply.status_code not in TAKEN:
                    raise NotFetched("status", status=reply.status_code, after=retry_after(reply.headers))
                return reply.status_code
        except Private as error:
            raise NotFetched(str(error)) from error
        except requests.Timeout as error:
            raise NotFetched("slow") from error
        except (requests.RequestException, HTTPError, OSError, UnicodeError, ValueError) as error:
            raise NotFetched("slow" if time.monotonic() > until else "unreachable") from error
