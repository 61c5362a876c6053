"""The addresses in a site map: plain, packed, or a list of further maps."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree

DECLARES = re.compile(rb"<!\s*(?:ENTITY|ATTLIST|ELEMENT|NOTATION|DOCTYPE)", re.IGNORECASE)
LARGEST = 10 * 1024 * 1024
SCHEMES = ("http://", "https://")


class NotAMap(ValueError):
    """No site map. The text is a word: kind, unsafe or large."""


@dataclass(frozen=True, slots=True)
class SiteMap:
    """`pages` to look at, `maps` with more of them."""

    pages: tuple[str, ...] = ()
    maps: tuple[str, ...] = ()


def read_map(body: bytes, *, most: int) -> SiteMap:
    """At most `most` addresses of each sort. Raises NotAMap."""
    body = _unpacked(body)
    if DECLARES.search(body) or DECLARES.search(body.replace(b"\0", b"")):
        raise NotAMap("unsafe")
    if body.lstrip()[:1] != b"<" and not body.startswith(b"\xef\xbb\xbf"):
        return _plain(body, most)
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - declarations are refused above: nothing to expand or fetch
    except ElementTree.ParseError as error:
        raise NotAMap("kind") from error
    kind = root.tag.rsplit("}", 1)[-1]
    found = tuple(dict.fromkeys(_addresses(root)))[:most]
    if kind == "urlset":
        return SiteMap(pages=found)
    if kind == "sitemapindex":
        return SiteMap(maps=found)
    raise NotAMap("kind")


def _addresses(root: ElementTree.Element) -> list[str]:
    named = (each.text or "" for each in root.iterfind("{*}*/{*}loc"))
    return [address for each in named if (address := each.strip()).startswith(SCHEMES)]


def _plain(body: bytes, most: int) -> SiteMap:
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines()]
    found = tuple(dict.fromkeys(line for line in lines if line.startswith(SCHEMES)))[:most]
    if not found:
        raise NotAMap("kind")
    return SiteMap(pages=found)


def _unpacked(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        found = unpack.decompress(body, LARGEST)
    except zlib.error as error:
        raise NotAMap("kind") from error
    if unpack.unconsumed_tail:
        raise NotAMap("large")
    return found
