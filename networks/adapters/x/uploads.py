"""Brings pictures and videos to X, with their descriptions, before a post names them."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import BinaryIO

from networks.adapters.x.calls import Client, preparing
from networks.adapters.x.limits import GIF, MB
from networks.protocol import Media, MediaKind, OpenMedia, Refused, Sender, TryLater

CHUNK = 4 * MB
PATIENCE = 15.0  # seconds that one attempt waits for a video's processing; the next one goes on waiting
KEPT = 20 * 3600.0  # seconds an upload is good for; X keeps it 24 hours
READY = ("succeeded", "")
Key = tuple[str, str, str]


class Uploads:
    """Uploads media, and remembers what a failed attempt already brought there, so that the next one need not."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._known: dict[Key, tuple[str, float]] = {}
        self._lock = Lock()

    def bring(
        self, client: Client, sender: Sender, media: tuple[Media, ...], open_media: OpenMedia, use: str = "tweet"
    ) -> list[str]:
        """The media ids, each ready to be posted; `use` is tweet or dm. Raises Refused, TryLater, Reconnect."""
        with preparing(sender):
            return [self._bring(client, sender, one, open_media, use) for one in media]

    def used(self, sender: Sender, media: tuple[Media, ...]) -> None:
        """A post may have taken these: never offer them to another."""
        with self._lock:
            for one in media:
                self._known.pop(_key(sender, one), None)

    def _bring(self, client: Client, sender: Sender, one: Media, open_media: OpenMedia, use: str) -> str:
        id = self._remembered(sender, one)
        if not id:
            id = _upload(client, one, open_media, use)
            if one.alt:
                client.call("POST", "/2/media/metadata", json={"id": id, "metadata": {"alt_text": {"text": one.alt}}})
            self._remember(sender, one, id)
        if one.kind is MediaKind.VIDEO or one.mime == GIF:
            self._await(client, sender, one, id)
        return id

    def _await(self, client: Client, sender: Sender, one: Media, id: str) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            data = client.call("GET", "/2/media/upload", params={"command": "STATUS", "media_id": id}).json()["data"]
            progress = data.get("processing_info") or {}
            state = progress.get("state", "")
            if state in READY:
                return
            if state == "failed":
                self.used(sender, (one,))
                said = str((progress.get("error") or {}).get("message", ""))
                raise Refused("X could not process the video.", detail=said, code="media_failed")
            pause = float(progress.get("check_after_secs") or 1)
            if time.monotonic() + pause > until:
                raise TryLater("X is still processing the video.", code="media_processing")
            self._sleep(pause)

    def _remembered(self, sender: Sender, one: Media) -> str:
        with self._lock:
            id, until = self._known.get(_key(sender, one), ("", 0.0))
        return id if until > time.monotonic() else ""

    def _remember(self, sender: Sender, one: Media, id: str) -> None:
        now = time.monotonic()
        with self._lock:
            self._known = {key: value for key, value in self._known.items() if value[1] > now}
            self._known[_key(sender, one)] = (id, now + KEPT)


def _key(sender: Sender, one: Media) -> Key:
    return sender.uid, one.sha256, one.alt


def _opened(open_media: OpenMedia, one: Media) -> BinaryIO:
    """The media's bytes. Raises TryLater when our own storage does not give them."""
    try:
        return open_media(one)
    except OSError as error:
        said = f"{type(error).__name__}: {one.key}"
        raise TryLater("The picture or video could not be read.", detail=said, code="media_unreadable") from error


def _upload(client: Client, one: Media, open_media: OpenMedia, use: str) -> str:
    if one.kind is MediaKind.VIDEO:
        return _in_pieces(client, one, open_media, use)
    with _opened(open_media, one) as opened:
        data = opened.read()
    category = f"{use}_gif" if one.mime == GIF else f"{use}_image"
    reply = client.form("/2/media/upload", {"media_category": category}, {"media": ("blob", data, one.mime)})
    return str(reply.json()["data"]["id"])


def _in_pieces(client: Client, one: Media, open_media: OpenMedia, use: str) -> str:
    about = {"media_type": one.mime, "total_bytes": one.size, "media_category": f"{use}_video"}
    id = str(client.call("POST", "/2/media/upload/initialize", json=about).json()["data"]["id"])
    with _opened(open_media, one) as opened:
        for place in range(1000):
            piece = opened.read(CHUNK)
            if not piece:
                break
            client.form(
                f"/2/media/upload/{id}/append",
                {"segment_index": str(place)},
                {"media": ("blob", piece, "application/octet-stream")},
            )
    client.call("POST", f"/2/media/upload/{id}/finalize")
    return id
