"""What the conformance suite needs of any network: an adapter, accounts, contents that fit, and a person's consent."""

from __future__ import annotations

import asyncio
import hashlib
import html
import io
import random
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urljoin, urlsplit

import av
import requests
from PIL import Image

from networks import registry
from networks.async_wire import close_here
from networks.protocol import (
    Content,
    Credentials,
    HandsOver,
    Media,
    MediaKind,
    Network,
    PublishesAsync,
    Receipt,
    Sender,
)
from networks.registry import app_key
from networks.wire import Reach
from tests.sandbox_process import SandboxProcess

READ_SECONDS = 1.0
VERIFIER = "a-verifier-that-is-long-enough-for-every-network-0123456789"
_numbers = count(1)
SENT = [network.slug for network in registry.every() if not isinstance(network, HandsOver)]
"""The networks we post to ourselves; the others are posted to by people, and have nothing to call."""


def fresh(words: str) -> str:
    """A text that nobody said before."""
    return f"{words} {next(_numbers)}"


@cache
def film(seconds: float) -> bytes:
    """A noisy H.264 MP4 of the length: not too small for the networks that ask for a least size."""
    noise = random.Random(7)
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as box:
        stream = box.add_stream("h264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for _ in range(round(seconds * 10)):
            picture = Image.frombytes("RGB", (160, 120), noise.randbytes(160 * 120 * 3))
            box.mux(stream.encode(av.VideoFrame.from_image(picture)))
        box.mux(stream.encode())
    return made.getvalue()


@cache
def picture(colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(made, "JPEG")
    return made.getvalue()


@dataclass
class Stage:
    """One network on the sandbox, with one fresh account."""

    network: Any  # Any: whatever abilities the network has; each test asks by isinstance
    sandbox: SandboxProcess
    files: dict[str, bytes] = field(default_factory=dict)
    is_async: bool = False

    def __post_init__(self) -> None:
        self.slug: str = self.network.slug
        self.sender = self.account()
        self.began = datetime.now(UTC) - timedelta(seconds=5)

    @property
    def by_hand(self) -> bool:
        """Whether only people post there: then there is nothing to call, and nothing to be stored."""
        return isinstance(self.network, HandsOver)

    def account(self, **asked: Any) -> Sender:
        if self.by_hand:
            return Sender("teraskopi", Credentials(""), "teraskopi")
        made = self.sandbox.account(self.slug, **asked)
        token = made["token"]
        given = Credentials(token["id"], token["refresh"], scopes=tuple(token["scopes"]))
        return Sender(made["id"], given, made["handle"])

    # -- contents ----------------------------------------------------------------------

    def media(self, kind: MediaKind, colour: str = "#7a4a21") -> Media:
        low = self.network.limits.video_seconds[0]
        seconds = max(low + 1, 2.0) if kind is MediaKind.VIDEO else 0.0
        data = film(seconds) if kind is MediaKind.VIDEO else picture(colour)
        digest = hashlib.sha256(data).hexdigest()
        self.files[digest] = data
        mime = "video/mp4" if kind is MediaKind.VIDEO else "image/jpeg"
        width, height = (160, 120) if kind is MediaKind.VIDEO else (320, 240)
        alt = "Secangkir kopi" if self.network.limits.alt and kind is MediaKind.IMAGE else ""
        return Media(kind, digest, mime, digest, len(data), width, height, seconds, alt, f"{kind}.{mime[-3:]}")

    def content(self, words: str = "Kopi pagi di teras", *, link: str = "", media: tuple[Media, ...] = ()) -> Content:
        """A content that fits, with what the network cannot do without."""
        limits = self.network.limits
        if limits.media_required and not any(one.kind == limits.media_required for one in media):
            media = (*media, self.media(limits.media_required))
        title = fresh("Judul") if limits.title_required else ""
        return Content(fresh(words), title=title, link=link, language="id", media=media)

    def opener(self) -> Callable[[Media], BinaryIO]:
        return lambda media: io.BytesIO(self.files[media.key])

    # -- acts and the truth ------------------------------------------------------------

    def publish(self, content: Content, sender: Sender | None = None) -> Any:
        told = {"open_media": self.opener(), "key": fresh("key")}
        if self.is_async and isinstance(self.network, PublishesAsync) and self.network.sends_async(content):
            return asyncio.run(_and_close(self.network.publish_async(sender or self.sender, content, **told)))
        return self.network.publish(sender or self.sender, content, **told)

    def stored(self) -> list[dict[str, Any]]:
        """What the sandbox holds of this account, comments too."""
        if self.by_hand:
            return []
        return self.sandbox.posts(self.slug, self.sender.uid)

    def fault(self, name: str, *does: str, times: int = 1, **params: float) -> None:
        self.sandbox.fault(self.slug, name, self.sender.uid, on=list(does) or None, times=times, params=params or None)

    def struck(self, name: str) -> bool:
        """Whether the fault really hit a call since the sandbox was last asked to forget; a test without is none."""
        calls = self.sandbox.ask("ledger", network=self.slug, kind="call", limit=60)
        return any(name in call["fault"] for call in calls if call["account"] == self.sender.uid)

    def found(self, content: Content) -> list[Any]:
        """The listed posts that show `content`; asserts that the listing is whole."""
        listing = self.network.recent(self.sender, since=self.began)
        assert listing.complete
        return [post for post in listing.posts if self.network.same(content, post)]


async def _and_close(sending: Coroutine[Any, Any, Receipt]) -> Receipt:
    try:
        return await sending
    finally:
        await close_here()


def adapter(slug: str, base: str, read: float = READ_SECONDS) -> Network:
    """A fresh instance over the sandbox, as the registry makes it."""
    return registry._make(slug, app_key(slug), Reach(base, connect=1.0, read=read))


def redirect_uri(sandbox: SandboxProcess, slug: str) -> str:
    return f"{sandbox.ask('state')['app_url']}/connect/{slug}/callback/"


def allow(address: str, decision: str = "allow") -> dict[str, str]:
    """A person on the network's consent page: takes the first account offered, decides; what comes to our callback."""
    session = requests.Session()
    page = session.get(address, timeout=5)
    assert page.status_code == 200, page.text
    action = re.search(r'<form[^>]*action="([^"]*)"', page.text)
    assert action, page.text
    fields = _fields(page.text)
    answer = session.post(
        urljoin(page.url, html.unescape(action[1])),
        data={**fields, "decision": decision},
        allow_redirects=False,
        timeout=5,
    )
    assert answer.status_code in (302, 303), answer.text
    back = urlsplit(answer.headers["Location"])
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def _fields(page: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        about = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if about.get("type") == "hidden":
            fields[about["name"]] = about.get("value", "")
        elif about.get("type") == "radio":
            fields.setdefault(about["name"], about["value"])
        elif about.get("type") == "checkbox":
            fields.setdefault(about["name"], []).append(about["value"])
    return fields
