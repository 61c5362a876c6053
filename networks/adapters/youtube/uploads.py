"""A video goes up in pieces; the last piece is the one call that makes it exist."""

from __future__ import annotations

from typing import Any, BinaryIO

from googleapiclient.http import MediaIoBaseUpload

from networks.adapters.youtube.calls import Authorized, Json, Request, going_live, preparing
from networks.adapters.youtube.limits import description, title
from networks.protocol import Content, Media, Sender, TryLater, Unsure

STEP = 256 * 1024
CHUNK = 32 * STEP  # 8 MiB: pieces must be multiples of 256 KiB


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


def insert(service: Any, http: Authorized, sender: Sender, content: Content, media: Media, file: BinaryIO) -> Json:
    """Upload `media` from `file` piece by piece and answer the video. Any: googleapiclient's resource.

    Raises Unsure only once the last piece may have arrived.
    """
    metadata = body(content)
    upload = MediaIoBaseUpload(file, mimetype=media.mime, chunksize=CHUNK, resumable=True)
    request: Request = service.videos().insert(part=",".join(metadata), body=metadata, media_body=upload)
    _open(request, http, sender, upload.size())
    while not _is_last(request, upload.size()):
        before = request.resumable_progress
        with preparing(sender):
            _status, made = request.next_chunk(http=http, num_retries=0)
        if made is not None or request.resumable_progress <= before:
            raise TryLater("YouTube did not take the video.", code="upload_stalled")
    with going_live(sender):
        _status, made = request.next_chunk(http=http, num_retries=0)
    if made is None:
        # The server says that bytes are missing: the session is not complete, and nothing is live.
        raise TryLater("YouTube did not take the whole video.", code="upload_incomplete")
    if not isinstance(made, dict) or not made.get("id"):
        raise Unsure("YouTube took the video but did not name it.", code="no_id")
    return made


def _open(request: Request, http: Authorized, sender: Sender, size: int) -> None:
    """Open the upload session, apart from the first piece: `next_chunk` would do both in one, blurring which failed."""
    headers = {
        **request.headers,
        "X-Upload-Content-Type": request.resumable.mimetype(),
        "X-Upload-Content-Length": str(size),
    }
    with preparing(sender):
        answer, content = http.request(request.uri, method="POST", body=request.body, headers=headers)
        if int(answer.status) != 200 or "location" not in answer:
            request.postproc(answer, content)  # raises for an error status
            raise ValueError("no session")
    request.resumable_uri = answer["location"]


def _is_last(request: Request, size: int) -> bool:
    return bool(request.resumable_progress + CHUNK >= size)
