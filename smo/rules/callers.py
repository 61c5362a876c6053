"""Who clicks: a person or a program, on what, and from where: told from what the browser sends, and then forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

DATA = Path(__file__).with_name("data")
TABLET = re.compile(r"iPad|Tablet|PlayBook|Silk/|Kindle|Android(?!.*Mobile)")
PHONE = re.compile(r"Mobi|iPhone|iPod|Android|BlackBerry|Opera Mini|IEMobile|Windows Phone")
COMPUTER = re.compile(r"Windows NT|Macintosh|X11|CrOS|Linux")
PREFETCH = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
REMEMBERED = 4096  # agents told apart in one process; it is their hash that is kept, and only in memory
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Caller:
    """What is kept of who asked: no address, no agent."""

    program: bool
    device: str  # phone | tablet | computer | other
    referrer: str  # a host, or ""
    network: str  # the slug whose site or app sent them, or ""
    untracked: bool  # Do Not Track or Global Privacy Control: counted, and nothing else


_agents: dict[int, tuple[bool, str]] = {}


def caller_of(environ: Mapping[str, Any]) -> Caller:  # Any: a WSGI environment
    """The caller by the headers of its request."""
    agent = environ.get("HTTP_USER_AGENT", "")
    program, device = _told_apart(agent)
    if not program:
        program = environ.get("REQUEST_METHOD") == "HEAD" or any(_fetches_ahead(environ.get(name)) for name in PREFETCH)
    referrer = referrer_host(environ.get("HTTP_REFERER", ""))
    untracked = environ.get("HTTP_DNT") == "1" or environ.get("HTTP_SEC_GPC") == "1"
    return Caller(program, device, referrer, network_of(referrer), untracked)


def _told_apart(agent: str) -> tuple[bool, str]:
    number = hash(agent)
    found = _agents.get(number)
    if found is None:
        found = is_program(agent), device_of(agent)
        if len(_agents) >= REMEMBERED:
            _agents.clear()
        _agents[number] = found
    return found


def _fetches_ahead(header: str | None) -> bool:
    return header is not None and ("prefetch" in header or "preview" in header or "prerender" in header)


def is_program(agent: str) -> bool:
    """Whether `agent` is on the list of programs (crawler-user-agents, and our own), or says nothing. About 0.4 ms."""
    return len(agent) < 5 or bool(_programs().search(agent[:500]))


def device_of(agent: str) -> str:
    """phone, tablet, computer or other."""
    if TABLET.search(agent):
        return "tablet"
    if PHONE.search(agent):
        return "phone"
    return "computer" if COMPUTER.search(agent) else "other"


def referrer_host(referrer: str) -> str:
    """The host that sent the visitor, without its path; "" when there is none or it is no host."""
    scheme, mark, rest = referrer.partition("://")
    if not mark or scheme not in ("http", "https", "android-app"):
        return ""
    host = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rsplit("@", 1)[-1].split(":", 1)[0].lower().rstrip(".")
    return host if HOST.fullmatch(host) else ""


def network_of(host: str) -> str:
    """The network that `host` belongs to, or ""."""
    return _hosts().get(host, "")


@cache
def _programs() -> re.Pattern[str]:
    own = json.loads((DATA / "bots.json").read_text(encoding="utf-8"))
    listed = [row["pattern"] for row in CRAWLER_USER_AGENTS_DATA if row["pattern"] not in own["left_out"]]
    return re.compile("|".join(f"(?:{pattern})" for pattern in (*own["patterns"], *listed)))


@cache
def _hosts() -> dict[str, str]:
    hosts: dict[str, str] = json.loads((DATA / "referrers.json").read_text(encoding="utf-8"))["hosts"]
    return hosts
