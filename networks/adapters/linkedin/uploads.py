"""Brings pictures and videos to LinkedIn before a post names them."""

from __future__ import annotations

import time
from threading import Lock
from urllib.parse import urlsplit

import requests

from networks.adapters.linkedin.errors import Json, trouble
from networks.adapters.linkedin.rest import Rest, key
from networks.protocol import Media, MediaKind, OpenMedia, Refused, TryLater
from networks.wire import PerThread, before_final_call, opened

PAUSE = 0.5
PATIENCE = 15.0  # seconds that one attempt waits for processing; the next one goes on waiting
KEPT = 20 * 3600.0  # seconds that an upload left by a failed attempt is used again
OWN_HOSTS = (".linkedin.com", ".licdn.com")
AVAILABLE = "AVAILABLE"
FAILED = "PROCESSING_FAILED"
Key = tuple[str, str]


class Uploads:
    """Uploads media, and remembers what a failed attempt already brought there, so that the next one need not."""

    def __init__(self, session: PerThread[requests.Session]) -> None:
        self._session = session
        self._known: dict[Key, tuple[str, float]] = {}
        self._lock = Lock()

    def bring(self, rest: Rest, media: Media, open_media: OpenMedia) -> str:
        """The URN, ready to be posted. Raises Refused, TryLater, Reconnect."""
        named = (rest.sender.uid, media.sha256)
        urn = self._remembered(named)
        if not urn:
            urn = self._upload(rest, media, open_media)
            self._remember(named, urn)
        try:
            self._await(rest, urn, "images" if media.kind is MediaKind.IMAGE else "videos")
        except Refused:
            self.used(rest, (media,))
            raise
        return urn

    def used(self, rest: Rest, media: tuple[Media, ...]) -> None:
        """A post may have taken these: never offer them to another."""
        with self._lock:
            for one in media:
                self._known.pop((rest.sender.uid, one.sha256), None)

    def _upload(self, rest: Rest, media: Media, open_media: OpenMedia) -> str:
        return (
            self._image(rest, media, open_media)
            if media.kind is MediaKind.IMAGE
            else self._video(rest, media, open_media)
        )

    def _image(self, rest: Rest, media: Media, open_media: OpenMedia) -> str:
        begun = _value(rest.post("/rest/images?action=initializeUpload", _begin({"owner": rest.sender.uid})))
        with before_final_call(), opened(open_media, media) as stream:
            self._put(begun["uploadUrl"], stream.read(), token=rest.token)
        return str(begun["image"])

    def _video(self, rest: Rest, media: Media, open_media: OpenMedia) -> str:
        asked = {
            "owner": rest.sender.uid,
            "fileSizeBytes": media.size,
            "uploadCaptions": False,
            "uploadThumbnail": False,
        }
        begun = _value(rest.post("/rest/videos?action=initializeUpload", _begin(asked)))
        etags: list[str] = []
        with before_final_call(), opened(open_media, media) as stream:
            for part in begun["uploadInstructions"]:
                stream.seek(part["firstByte"])
                piece = stream.read(part["lastByte"] - part["firstByte"] + 1)
                etags.append(self._put(part["uploadUrl"], piece))  # the address itself is the key: no token
        done = {"video": begun["video"], "uploadToken": begun.get("uploadToken", ""), "uploadedPartIds": etags}
        rest.post("/rest/videos?action=finalizeUpload", {"finalizeUploadRequest": done})
        return str(begun["video"])

    def _put(self, address: str, data: bytes, *, token: str = "") -> str:
        """Send bytes to an address LinkedIn named; returns the part's ETag."""
        parts = urlsplit(address)
        if parts.scheme != "https" or not f".{parts.hostname}".endswith(OWN_HOSTS):
            raise TryLater("LinkedIn named an unknown place to upload to.", detail=parts.netloc, code="upload_host")
        headers = {"Content-Type": "application/octet-stream"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        reply = self._session().put(address, data=data, headers=headers, allow_redirects=False)
        if not 200 <= reply.status_code < 300:
            raise trouble(reply.status_code, reply.headers, None, final=False)
        return str(reply.headers.get("ETag", "")).strip('"')

    def _await(self, rest: Rest, urn: str, collection: str) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            status = rest.get(f"/rest/{collection}/{key(urn)}").get("status", "")
            if status == AVAILABLE:
                return
            if status == FAILED:
                raise Refused("LinkedIn could not process the picture or video.", code="media_failed")
            if time.monotonic() + PAUSE > until:
                raise TryLater("LinkedIn is still processing the picture or video.", code="media_processing")
            time.sleep(PAUSE)

    def _remembered(self, named: Key) -> str:
        with self._lock:
            urn, until = self._known.get(named, ("", 0.0))
        return urn if until > time.monotonic() else ""

    def _remember(self, named: Key, urn: str) -> None:
        now = time.monotonic()
        with self._lock:
            self._known = {key: value for key, value in self._known.items() if value[1] > now}
            self._known[named] = (urn, now + KEPT)


def _begin(asked: Json) -> Json:
    return {"initializeUploadRequest": asked}


def _value(answer: Json) -> Json:
    """What an action returns. Raises TryLater when LinkedIn left it out."""
    found = answer.get("value")
    if not isinstance(found, dict) or not (found.get("image") or found.get("video")):
        raise TryLater("LinkedIn took the upload without naming it.", code="no_id")
    return found
