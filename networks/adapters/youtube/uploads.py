"""A video goes up in pieces; the last piece is the one call that makes it exist."""

from __future__ import annotations

import time
from threading import Lock
from typing import Any, BinaryIO

from googleapiclient.http import MediaIoBaseUpload

from networks.adapters.youtube.calls import RESUME, Authorized, Json, Request, going_live, preparing, succeeded
from networks.adapters.youtube.limits import description, title
from networks.async_wire import AsyncWire
from networks.protocol import Content, Media, Memory, Sender, TryLater, Unsure

STEP = 256 * 1024
CHUNK = 32 * STEP  # 8 MiB: pieces must be multiples of 256 KiB
KEPT = 20 * 3600.0  # seconds an unfinished session is gone on with; YouTube keeps it a week
UPLOAD = "https://youtube.googleapis.com/upload/youtube/v3/videos?uploadType=resumable&alt=json"
MOST = 500  # unfinished sessions remembered
Key = tuple[str, str]


def body(content: Content) -> dict[str, Any]:  # Any: JSON
    """The metadata of videos.insert; its keys are the parts to name."""
    made: dict[str, Any] = {  # Any: JSON
        "snippet": {
            "title": title(content),
            "description": description(content),
            "categoryId": str(content.options.get("category") or "22"),
        },
        "status": {
            "privacyStatus": str(content.options.get("privacy") or "public"),
            "selfDeclaredMadeForKids": bool(content.options.get("made_for_kids", False)),
        },
    }
    if content.language:
        made["snippet"]["defaultLanguage"] = content.language
    if content.options.get("made_with_ai"):
        made["status"]["containsSyntheticMedia"] = True
    if content.options.get("has_paid_product_placement"):
        made["paidProductPlacementDetails"] = {"hasPaidProductPlacement": True}
    return made


class Uploads:
    """Brings videos up, and remembers what a failed attempt brought there already, so that the next one goes on."""

    def __init__(self) -> None:
        self._known: dict[Key, tuple[str, float]] = {}
        self._lock = Lock()

    def insert(
        self,
        videos: Any,  # Any: googleapiclient's resource
        http: Authorized,
        sender: Sender,
        content: Content,
        media: Media,
        file: BinaryIO,
        memory: Memory | None = None,
    ) -> Json:
        """Upload `media` from `file` piece by piece and answer the video.

        Without a `memory` that outlives this process, its own serves. The session is remembered before a piece leaves:
        asked for how far it came, it also tells whether the video exists already. Raises Unsure only once the last
        piece may have arrived.
        """
        metadata = body(content)
        upload = MediaIoBaseUpload(file, mimetype=media.mime, chunksize=CHUNK, resumable=True)
        request: Request = videos.insert(part=",".join(metadata), body=metadata, media_body=upload)
        key = (sender.uid, content.fingerprint)
        try:
            self._go_on(request, http, sender, memory.read() if memory else self._take(key))
            if memory:
                memory.write(request.resumable_uri)
            _bring(request, http, sender)
            made = _last_piece(request, http, sender)
        except TryLater:
            if request.resumable_uri and not memory:
                self._keep(key, request.resumable_uri)
            raise
        if not isinstance(made, dict) or not made.get("id"):
            raise Unsure("YouTube took the video but did not name it.", code="no_id")
        return made

    def _go_on(self, request: Request, http: Authorized, sender: Sender, uri: str) -> None:
        """Where an earlier session stopped, if it still stands; else a new session."""
        if uri:
            request.resumable_uri = uri
            arrived = _arrived(request, http, sender)
            if arrived is not None:
                request.resumable_progress = arrived
                return
            request.resumable_uri = None
        _open(request, http, sender)

    def _take(self, key: Key) -> str:
        """The session's address for this attempt alone; "" when there is none that still stands."""
        with self._lock:
            uri, since = self._known.pop(key, ("", 0.0))
        return uri if time.monotonic() - since < KEPT else ""

    def _keep(self, key: Key, uri: str) -> None:
        with self._lock:
            while len(self._known) >= MOST:
                self._known.pop(next(iter(self._known)))
            self._known[key] = (uri, time.monotonic())


async def insert_async(wire: AsyncWire, sender: Sender, content: Content, media: Media, data: bytes) -> Json:
    """A small video in one piece, without Google's client, which knows no event loop. Raises like `Uploads.insert`."""
    metadata = body(content)
    own = {"Authorization": f"Bearer {sender.credentials.access_token}"}
    about = {**own, "X-Upload-Content-Type": media.mime, "X-Upload-Content-Length": str(len(data))}
    with preparing(sender):
        opened = await wire.ask("POST", f"{UPLOAD}&part={','.join(metadata)}", headers=about, json=metadata)
        succeeded(opened)
        place = opened.headers["Location"]
    span = {**own, "Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}", "Content-Type": media.mime}
    with going_live(sender):
        answered = await wire.ask("PUT", place, headers=span, data=data)
        if answered.status_code == RESUME:
            raise TryLater("YouTube did not take the whole video.", code="upload_incomplete")
        succeeded(answered)
        made: Json = answered.json()
    if not isinstance(made, dict) or not made.get("id"):
        raise Unsure("YouTube took the video but did not name it.", code="no_id")
    return made


def _bring(request: Request, http: Authorized, sender: Sender) -> None:
    """Every piece but the last."""
    while request.resumable_progress + CHUNK < request.resumable.size():
        before = request.resumable_progress
        with preparing(sender):
            _status, made = request.next_chunk(http=http, num_retries=0)
        if made is not None or request.resumable_progress <= before:
            raise TryLater("YouTube did not take the video.", code="upload_stalled")


def _last_piece(request: Request, http: Authorized, sender: Sender) -> Any:  # Any: YouTube's JSON, or not even that
    with going_live(sender):
        unfinished, made = request.next_chunk(http=http, num_retries=0)
    if unfinished is not None:
        # 308: the server says that bytes are missing: the session is not complete, and nothing is live.
        raise TryLater("YouTube did not take the whole video.", code="upload_incomplete")
    return made


def _open(request: Request, http: Authorized, sender: Sender) -> None:
    """Open the upload session, apart from the first piece: `next_chunk` would do both in one, blurring which failed."""
    headers = {
        **request.headers,
        "X-Upload-Content-Type": request.resumable.mimetype(),
        "X-Upload-Content-Length": str(request.resumable.size()),
    }
    with preparing(sender):
        answer, content = http.request(request.uri, method="POST", body=request.body, headers=headers)
        if int(answer.status) != 200 or "location" not in answer:
            request.postproc(answer, content)  # raises for an error status
            raise ValueError("no session")
    request.resumable_uri = answer["location"]


def _arrived(request: Request, http: Authorized, sender: Sender) -> int | None:
    """How many bytes of an earlier session are there; None when it is gone."""
    headers = {"Content-Range": f"bytes */{request.resumable.size()}", "Content-Length": "0"}
    with preparing(sender):
        answer, _content = http.request(request.resumable_uri, method="PUT", body=b"", headers=headers)
    if int(answer.status) in (200, 201):
        raise Unsure("The video may be there already.", code="already_whole")
    if int(answer.status) != RESUME:
        return None
    return int(answer["range"].split("-")[1]) + 1 if "range" in answer else 0
