"""Fetches what a plan names by address: public http(s) addresses only, within a size and a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from workspaces import wire

REDIRECTS = 3
CHUNK = 64 * 1024
TIMEOUT = (5, 15)  # seconds: to connect, between two reads


class NotFetched(Exception):
    """The address gave nothing usable; the text is a word: address, private, status, large, slow or unreachable."""


@contextmanager
def fetched(
    url: str, *, limit: int, seconds: float = 60, allowed: frozenset[str] = frozenset()
) -> Iterator[tuple[IO[bytes], str]]:
    """(file, name) of what `url` gives, at most `limit` bytes within `seconds`. Raises NotFetched.

    `allowed` names hosts that may be private, for a server that fetches from its own neighbour.
    """
    until = time.monotonic() + seconds
    with wire.checked_session(allowed) as session, wire.cut_off_after(seconds), TemporaryFile() as file:
        try:
            name = _download(session, url, file, limit, until, allowed)
        except wire.Private as error:
            raise NotFetched(str(error)) from error
        except requests.Timeout as error:
            raise NotFetched("slow") from error
        except (requests.RequestException, HTTPError, OSError, UnicodeError) as error:
            raise NotFetched("slow" if time.monotonic() > until else "unreachable") from error
        file.seek(0)
        yield file, name


def _download(
    session: requests.Session, url: str, file: IO[bytes], limit: int, until: float, allowed: frozenset[str]
) -> str:
    for _hop in range(REDIRECTS + 1):
        wire.check(url, allowed)
        with session.get(url, stream=True, timeout=TIMEOUT, allow_redirects=False) as reply:
            if reply.is_redirect:
                url = urljoin(url, reply.headers["location"])
                continue
            if reply.status_code != 200:
                raise NotFetched("status")
            for chunk in reply.iter_content(CHUNK):
                file.write(chunk)
                if file.tell() > limit:
                    raise NotFetched("large")
                if time.monotonic() > until:
                    raise NotFetched("slow")
            return urlsplit(url).path.rsplit("/", 1)[-1] or "file"
    raise NotFetched("status")
