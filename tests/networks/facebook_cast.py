"""What tests of Facebook's adapter share: the adapter, a Page with a ready token, and media."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from networks.adapters.facebook import Adapter
from networks.protocol import AppKey, Content, Credentials, Media, MediaKind, Sender

APP = AppKey("sandbox-facebook-client", "sandbox-facebook-secret", "sandbox-facebook-verify")
CALLBACK = "http://127.0.0.1:9/connect/facebook/callback/"
LONG_AGO = datetime.now(UTC) - timedelta(hours=1)

Files = dict[str, bytes]


def opener(files: Files) -> Callable[[Media], BinaryIO]:
    return lambda media: io.BytesIO(files[media.key])


def media(data: bytes, files: Files, *, mime: str = "image/png", alt: str = "") -> Media:
    digest = hashlib.sha256(data).hexdigest()
    files[digest] = data
    kind = MediaKind.VIDEO if mime.startswith("video/") else MediaKind.IMAGE
    return Media(kind, digest, mime, digest, len(data), seconds=2.0 if kind is MediaKind.VIDEO else 0, alt=alt)


def made_sender(account: dict[str, Any]) -> Sender:
    token = account["token"]
    return Sender(account["id"], Credentials(token["id"], scopes=tuple(token["scopes"])), account["handle"])


def say(facebook: Adapter, page: Sender, text: str, **more: Any) -> str:
    return facebook.publish(page, Content(text, **more), open_media=opener({})).remote_id
