"""Gets one public address: within a size, a time and a few hops, and never anything that is not public."""

from __future__ import annotations

import ipaddress
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from networks.wire import Reach, retry_after
from workspaces.wire import Private, check, checked_session, cut_off_after, is_public

AGENT = "GarduBot/1.0 (reads what endorsers publish; link preview)"
HOPS = 3
CHUNK = 64 * 1024
READ_SECONDS = 10.0
GONE = frozenset({404, 410})
HTML = ("text/html", "application/xhtml+xml")
XML = ("application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "application/rdf+xml")
JSON = ("application/json", "application/json+oembed")


class NotFetched(Exception):
    """The address gave nothing usable. `word`: address, private, status, kind, hops, large, many, slow,
    unsafe, unreachable.

    `status` where the site answered; `after`: how long it asks us to stay away.
    """

    def __init__(self, word: str, *, status: int = 0, after: timedelta | None = None) -> None:
        super().__init__(f"{word} {status}" if status else word)
        self.word = word
        self.status = status
        self.after = after

    @property
    def gone(self) -> bool:
        """Whether the site itself says that this is not there."""
        return self.status in GONE


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came, and from where after all redirects. `new` False: nothing changed since the last time; no body then."""

    url: str
    kind: str
    body: bytes
    etag: str = ""
    modified: str = ""
    new: bool = True
    charset: str = ""
    robots: str = ""  # X-Robots-Tag
    link: str = ""  # the Link header, as it came


def fetch(
    url: str,
    *,
    reach: Reach,
    kinds: Sequence[str],
    limit: int = 1024 * 1024,
    seconds: float = 15.0,
    etag: str = "",
    modified: str = "",
    hops: int = HOPS,
    may: Callable[[str], None] | None = None,
    cut: bool = False,
) -> Fetched:
    """What stands at `url`, at most `limit` bytes within `seconds`, of one of the content types `kinds`.

    `may` is asked before each hop and raises what stops it. `cut`: what is longer than `limit` is cut off there, not
    refused. Every hop is checked anew, and connects only to the address that was checked. Where the networks are
    pretended (`reach.base`), so is the rest of the web: then nothing else is called. Raises NotFetched.
    """
    until = time.monotonic() + seconds
    headers = {"User-Agent": AGENT, "Accept": ", ".join(kinds), "Accept-Encoding": "gzip"}
    headers |= {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
    session = reach.session() if reach.base else checked_session()
    session.trust_env, session.max_redirects = False, hops + 1  # we follow them ourselves
    with session, cut_off_after(seconds):
        try:
            wanted = _Wanted(kinds=kinds, limit=limit, until=until, hops=hops, may=may, cut=cut)
            return _followed(session, reach.public(url), headers, wanted=wanted, reach=reach)
        except Private as error:
            raise NotFetched(str(error)) from error
        except requests.Timeout as error:
            raise NotFetched("slow") from error
        except (requests.RequestException, HTTPError, OSError, UnicodeError, zlib.error, ValueError) as error:
            raise NotFetched("slow" if time.monotonic() > until else "unreachable") from error


@dataclass(frozen=True, slots=True)
class _Wanted:
    kinds: Sequence[str]
    limit: int
    until: float
    hops: int
    may: Callable[[str], None] | None
    cut: bool


def _followed(
    session: requests.Session, url: str, headers: dict[str, str], *, wanted: _Wanted, reach: Reach
) -> Fetched:
    for _hop in range(wanted.hops + 1):
        looks_public(url)
        if wanted.may:
            wanted.may(url)
        left = wanted.until - time.monotonic()
        if left <= 0:
            raise NotFetched("slow")
        wait = (min(5.0, left), min(READ_SECONDS, left))
        with session.get(url, headers=headers, stream=True, timeout=wait, allow_redirects=False) as reply:
            if reply.is_redirect:
                url = reach.public(urljoin(url, reply.headers["location"]))
                continue
            return _taken(reply, url, wanted)
    raise NotFetched("hops")


def looks_public(url: str) -> None:
    """Also where the web is pretended: an address inside some house is none of a post."""
    check(url)
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    try:
        ip = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        if "." not in host or host.endswith((".localhost", ".local", ".internal")):
            raise NotFetched("private") from None
        return
    if not is_public(ip):
        raise NotFetched("private")


def _taken(reply: requests.Response, url: str, wanted: _Wanted) -> Fetched:
    etag, modified = reply.headers.get("ETag", "")[:300], reply.headers.get("Last-Modified", "")[:100]
    if reply.status_code == 304 and {"If-None-Match", "If-Modified-Since"} & set(reply.request.headers):
        return Fetched(url, "", b"", etag, modified, new=False)
    if reply.status_code != 200:
        raise NotFetched("status", status=reply.status_code, after=retry_after(reply.headers))
    kind, _, more = reply.headers.get("Content-Type", "").partition(";")
    kind = kind.strip().lower()
    if kind not in wanted.kinds:
        raise NotFetched("kind")
    charset = more.partition("charset=")[2].split(";")[0].strip().strip("\"'")
    body = bytearray()
    for chunk in _unpacked(reply):
        body += chunk
        if len(body) > wanted.limit:
            if wanted.cut:
                break
            raise NotFetched("large")
        if time.monotonic() > wanted.until:
            raise NotFetched("slow")
    if time.monotonic() > wanted.until:  # cut off in the middle: what came is not the whole
        raise NotFetched("slow")
    robots = reply.headers.get("X-Robots-Tag", "")[:300]
    whole, link = bytes(body[: wanted.limit]), reply.headers.get("Link", "")[:2000]
    return Fetched(url, kind, whole, etag, modified, charset=charset, robots=robots, link=link)


def _unpacked(reply: requests.Response) -> Iterator[bytes]:
    """The body as it comes, unpacked a piece at a time: a small bomb never becomes a large one in one step."""
    packing = reply.headers.get("Content-Encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise NotFetched("kind")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packing not in ("", "identity") else None
    while piece := reply.raw.read1(CHUNK, decode_content=False):
        if unpack is None:
            yield piece
            continue
        yield unpack.decompress(piece, CHUNK)
        while unpack.unconsumed_tail:
            yield unpack.decompress(unpack.unconsumed_tail, CHUNK)
