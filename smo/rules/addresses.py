"""Which addresses a tracked link may lead to, and what looks wrong about one."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from smo.protocol import NotTracked
from workspaces.wire import Private, check, is_public

LONGEST = 2000
INSIDE = (".localhost", ".local", ".internal", ".home.arpa", ".lan")
UNSAFE_ENDINGS = re.compile(r"\.(?:exe|scr|msi|bat|cmd|jar|apk|dmg|iso|vbs|ps1|hta|lnk)$", re.IGNORECASE)
ONWARD = re.compile(
    r"(?:^|&)(?:url|u|to|target|redirect|redirect_uri|next|goto|dest|destination)=https?(?::|%3a)", re.I
)
REACHING = re.compile(r"[\x00-\x20\x7f\\<>\"`{}|^]")


def host_of(url: str) -> str:
    """The host that `url` names, in lower case and in ASCII; "" without one."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
        return host.encode("idna").decode() if not host.isascii() else host
    except (ValueError, UnicodeError):
        return ""


def check_target(url: str, *, ours: Collection[str] = (), private: Collection[str] = ()) -> str:
    """`url` as it is kept. `ours`: hosts that short links are on; `private`: hosts allowed although they are inside.

    Raises NotTracked: address (no web address), private, loop (leads back to a short link), long.
    """
    url = url.strip()
    if len(url) > LONGEST:
        raise NotTracked("long")
    if not url.isprintable() or REACHING.search(url):
        raise NotTracked("address")
    try:
        check(url, frozenset(private))
    except Private as error:
        raise NotTracked(str(error)) from error
    host = host_of(url)
    if not host:
        raise NotTracked("address")
    if host in ours:
        raise NotTracked("loop")
    if host not in private:
        _check_outside(host)
    return url


def _check_outside(host: str) -> None:
    if _is_number(host):
        try:
            inside = not is_public(ipaddress.ip_address(host.strip("[]")))
        except ValueError:  # 127.1, 0x7f000001 and 2130706433 are 127.0.0.1 to a browser
            inside = True
        if inside:
            raise NotTracked("private")
        return
    if "." not in host or host.endswith(INSIDE):
        raise NotTracked("private")


def _is_number(host: str) -> bool:
    """Whether browsers read `host` as an IP address: its last part is a number, or it is in brackets."""
    last = host.rsplit(".", 1)[-1]
    return ":" in host or last.isdigit() or last.startswith("0x")


def looks_suspicious(url: str) -> bool:
    """Whether a visitor should be asked first: an address without a name, look-alike letters, programs, ways onward."""
    parts, host = urlsplit(url), host_of(url)
    return (
        _is_number(host)
        or any(label.startswith("xn--") for label in host.split("."))
        or bool(UNSAFE_ENDINGS.search(parts.path))
        or bool(ONWARD.search(parts.query))
        or host.count(".") > 5
    )


def same_site(one: str, other: str) -> bool:
    """Whether two hosts are one site as people see it: the same, or one with more in front."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
