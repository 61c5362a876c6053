"""A click's two names: one for who it was, which lasts a day; one for which it was, which lasts half an hour."""

from __future__ import annotations

import base64
import hmac
import json
import struct
from dataclasses import dataclass

PARAMETER = "gdc"
LANDS_WITHIN = 30  # minutes between the click and the page that tells of it
ORDERS_WITHIN = 24 * 60  # minutes in which a shop's server may still name the click that an order came from
_SHAPE = struct.Struct(">QI4s")
_MAC = 8


def digest_of(salt: bytes, *parts: str) -> str:
    """A visitor's name for one day and one place (16 letters). Nobody can turn it back once the salt is gone."""
    made = hmac.digest(salt, "\0".join(parts).encode("utf-8", "replace"), "sha256")
    return base64.urlsafe_b64encode(made[:12]).decode()


@dataclass(frozen=True, slots=True)
class Landing:
    """What a click's name in a landing address says. `nonce` tells two clicks apart."""

    link: int
    minute: int
    nonce: str


def click_name(key: bytes, link: int, minute: int, nonce: bytes) -> str:
    """What goes into the landing address: which link, when (minutes since 1970), sealed. `nonce` has 4 bytes."""
    body = _SHAPE.pack(link, minute, nonce)
    return base64.urlsafe_b64encode(body + hmac.digest(key, body, "sha256")[:_MAC]).decode()


def read_click(key: bytes, name: str, *, minute: int, within: int) -> Landing | None:
    """The click that `name` is of; None for a name we did not make, or that is older than `within` minutes."""
    try:
        raw = base64.urlsafe_b64decode(name.encode("ascii"))
        body, mac = raw[: _SHAPE.size], raw[_SHAPE.size :]
        link, at, nonce = _SHAPE.unpack(body)
    except (ValueError, struct.error):
        return None
    if not hmac.compare_digest(mac, hmac.digest(key, body, "sha256")[:_MAC]) or not 0 <= minute - at <= within:
        return None
    return Landing(link, at, nonce.hex())


@dataclass(frozen=True, slots=True)
class Click:
    """One click as it is written down, without anything that says who it was."""

    workspace: int
    link: int
    day: str  # ISO, of the workspace's own calendar
    digest: str  # "" for programs, and for those who asked not to be tracked
    referrer: str
    network: str
    device: str
    program: bool

    def line(self) -> bytes:
        """One line of a spool, with its end."""
        parts = (self.workspace, self.link, self.day, self.digest, self.referrer, self.network, self.device)
        return json.dumps((*parts, int(self.program)), separators=(",", ":")).encode() + b"\n"


def read_line(line: bytes) -> Click | None:
    """The click of a line; None for one that is torn or not ours."""
    try:
        workspace, link, day, digest, referrer, network, device, program = json.loads(line)
        return Click(int(workspace), int(link), str(day), str(digest), referrer, network, device, bool(program))
    except (ValueError, TypeError):
        return None
