"""LinkedIn's uploads: ask for an address, put the bytes there, wait until they are processed."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from sandbox.files import seconds, sniff
from sandbox.nouns import Json, Media
from sandbox.wire import Answer, Call
from sandbox.wires.linkedin import access, problems
from sandbox.wires.linkedin.access import rest

MB = 1024 * 1024
PART = 4 * MB
IMAGE_BYTES = 5 * MB
VIDEO_BYTES = 500 * MB
SHORTEST, LONGEST = 3.0, 1800.0
LIFE = 24 * 3600.0
PROCESSING_SECONDS = 0.5
IMAGES = ("image/jpeg", "image/png", "image/gif")
VIDEO_FIELDS = {"owner", "fileSizeBytes", "uploadCaptions", "uploadThumbnail"}


def _asked(call: Call, name: str, known: set[str], required: set[str]) -> Json:
    sent = access.body(call, {name}, {name})
    access.shaped(sent[name], known, required, f"/{name}")
    found: Json = sent[name]
    return found


def _address(media: Media, part: int) -> str:
    return f"https://www.linkedin.com/dms-uploads/{quote(media.id, safe='')}/{part}?ut={media.extra['token']}"


def _new(call: Call, kind: str, owner: str, size: int) -> Media:
    id = f"urn:li:{kind}:D4E10{call.world.number()}"
    expires = call.world.now() + LIFE
    extra: Json = {"token": call.world.secret(), "kind": kind}
    return call.world.put(Media("linkedin", id, owner, size=size, state="waiting", expires=expires, extra=extra))


@rest("w_organization_social")
def images(call: Call) -> Answer:
    """POST /rest/images?action=initializeUpload."""
    if call.query.get("action") != "initializeUpload":
        raise problems.wrong("action must be initializeUpload", "action")
    asked = _asked(call, "initializeUploadRequest", {"owner"}, {"owner"})
    owner = access.page(call, asked["owner"])
    made = _new(call, "image", owner.id, 0)
    expires = int(made.expires * 1000)
    value = {"uploadUrlExpiresAt": expires, "uploadUrl": _address(made, 0), "image": made.id}
    return Answer(200, {"value": value})


@rest("w_organization_social")
def videos(call: Call) -> Answer:
    """POST /rest/videos?action=initializeUpload or finalizeUpload."""
    action = call.query.get("action")
    if action == "initializeUpload":
        return _begin(call)
    if action == "finalizeUpload":
        return _finish(call)
    raise problems.wrong("action must be initializeUpload or finalizeUpload", "action")


def _begin(call: Call) -> Answer:
    asked = _asked(call, "initializeUploadRequest", VIDEO_FIELDS, {"owner", "fileSizeBytes"})
    owner = access.page(call, asked["owner"])
    size = asked["fileSizeBytes"]
    if not isinstance(size, int) or not 1 <= size <= VIDEO_BYTES:
        raise problems.wrong(f"fileSizeBytes must be between 1 and {VIDEO_BYTES}", "/fileSizeBytes")
    made = _new(call, "video", owner.id, size)
    parts = [
        {"uploadUrl": _address(made, place), "firstByte": first, "lastByte": min(first + PART, size) - 1}
        for place, first in enumerate(range(0, size, PART))
    ]
    value: Json = {
        "uploadUrlsExpireAt": int(made.expires * 1000),
        "video": made.id,
        "uploadInstructions": parts,
        "uploadToken": "",
    }
    return Answer(200, {"value": value})


def put(call: Call) -> Answer:
    """PUT to an upload address: a picture with the token, a part of a video without one."""
    media = call.world.get(Media, "linkedin", call.args["urn"])
    if media is None or call.query.get("ut") != media.extra["token"] or media.expires < call.world.now():
        return Answer(403, "<Error><Code>AccessDenied</Code></Error>", kind="application/xml")
    if media.extra["kind"] == "image":
        return _picture(call, media)
    if call.headers.get("Authorization"):
        return Answer(400, "<Error><Code>InvalidArgument</Code></Error>", kind="application/xml")
    media.parts[call.args["part"]] = call.world.journal.keep(call.body)
    media.extra.setdefault("etags", {})[call.args["part"]] = _etag(call.body)
    call.world.put(media)
    return Answer(200, b"", {"ETag": f'"{_etag(call.body)}"'})


def _etag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _picture(call: Call, media: Media) -> Answer:
    access.page(call, media.account)
    if not call.body or len(call.body) > IMAGE_BYTES:
        return Answer(400, b"")
    media.blob = call.world.journal.keep(call.body)
    media.size = len(call.body)
    media.mime = sniff(call.body)
    _process(call, media, "" if media.mime in IMAGES else "not a picture")
    return Answer(201, b"")


def _process(call: Call, media: Media, problem: str) -> None:
    """What the processing will find, and when."""
    media.state = "ready"
    media.ready_at = call.world.now() + float(call.world.settings.get("processing_seconds", PROCESSING_SECONDS))
    if problem or call.strikes("media_fails"):
        media.state = "failed"
    elif call.strikes("media_stuck"):
        media.state = "pending"
    call.world.put(media)


def _finish(call: Call) -> Answer:
    names = {"video", "uploadToken", "uploadedPartIds"}
    asked = _asked(call, "finalizeUploadRequest", names, names)
    media = call.world.get(Media, "linkedin", str(asked["video"]))
    if media is None:
        raise problems.missing(str(asked["video"]))
    access.page(call, media.account)
    wanted = [str(place) for place in range(-(-media.size // PART))]
    etags = media.extra.get("etags", {})
    if [etags.get(place) for place in wanted] != asked["uploadedPartIds"]:
        raise problems.wrong("uploadedPartIds do not match the uploaded parts", "/uploadedPartIds")
    data = b"".join(call.world.journal.blob(media.parts[place]) or b"" for place in wanted)
    if len(data) != media.size:
        raise problems.wrong("The parts do not add up to fileSizeBytes", "/uploadedPartIds")
    media.blob = call.world.journal.keep(data)
    media.mime = sniff(data)
    is_good = media.mime == "video/mp4" and SHORTEST <= seconds(data) <= LONGEST
    _process(call, media, "" if is_good else "not a video that LinkedIn takes")
    return Answer(200, b"")


@rest("r_organization_social")
def one(call: Call) -> Answer:
    """GET /rest/images/{urn} or /rest/videos/{urn}."""
    media = call.world.get(Media, "linkedin", call.args["urn"])
    if media is None:
        raise problems.missing(call.args["urn"])
    access.page(call, media.account)
    return Answer(200, {"id": media.id, "owner": media.account, "status": status(call, media)})


def status(call: Call, media: Media) -> str:
    if media.state == "waiting":
        return "WAITING_UPLOAD"
    if media.state == "failed":
        return "PROCESSING_FAILED"
    is_ready = media.state == "ready" and media.ready_at <= call.world.now()
    return "AVAILABLE" if is_ready else "PROCESSING"
