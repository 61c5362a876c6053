"""What tests of LinkedIn's adapter share: the adapter, a page with a ready token, and media."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from networks.adapters.linkedin import Adapter
from networks.protocol import AppKey, Content, Credentials, Media, MediaKind, Sender

APP = AppKey("sandbox-linkedin-client", "sandbox-linkedin-secret")
CALLBACK = "http://127.0.0.1:9/connect/linkedin/callback/"
LONG_AGO = datetime.now(UTC) - timedelta(hours=1)

Files = dict[str, bytes]


def opener(files: Files) -> Callable[[Media], BinaryIO]:
    return lambda media: io.BytesIO(files[media.key])


def media(data: bytes, files: Files, *, mime: str = "image/png", alt: str = "") -> Media:
    digest = hashlib.sha256(data).hexdigest()
    files[digest] = data
    kind = MediaKind.VIDEO if mime.startswith("video/") else MediaKind.IMAGE
    return Media(kind, digest, mime, digest, len(data), seconds=4.0 if kind is MediaKind.VIDEO else 0, alt=alt)


def made_sender(account: dict[str, Any]) -> Sender:
    token = account["token"]
    given = Credentials(
        token["id"],
        token["refresh"],
        datetime.fromtimestamp(token["expires"], UTC),
        scopes=tuple(token["scopes"]),
    )
    return Sender(account["id"], given, account["handle"])


def say(linkedin: Adapter, page: Sender, text: str, **more: Any) -> str:
    return linkedin.publish(page, Content(text, **more), open_media=opener({})).remote_id
