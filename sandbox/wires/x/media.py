"""X's uploads: a picture in one call, a video in pieces, then processing, and alt text for all of them."""

from __future__ import annotations

import base64
import binascii

from sandbox.files import seconds, sniff
from sandbox.nouns import Json, Media
from sandbox.wire import Answer, Call, Malformed
from sandbox.wires.x import checks
from sandbox.wires.x.access import user
from sandbox.wires.x.problems import forbidden, invalid, missing

MB = 1024 * 1024
LIFE = 86_400
SIZES = {"photo": 5 * MB, "animated_gif": 15 * MB, "video": 512 * MB}
CHUNK = 5 * MB
SHORTEST, LONGEST = 0.5, 140.0


def _type(category: str, mime: str) -> str:
    if category.endswith("gif"):
        return "animated_gif"
    return "video" if category.endswith("video") or mime.startswith("video/") else "photo"


def _fields(call: Call, schema: Json) -> tuple[Json, bytes]:
    """The fields of a JSON (base64) or multipart body, with the media's bytes."""
    if call.headers.get("Content-Type", "").startswith("multipart/"):
        try:
            parts = call.parts()
            sent: Json = {name: part.data.decode() for name, part in parts.items() if name != "media"}
        except (Malformed, UnicodeDecodeError) as error:
            raise invalid("The multipart body could not be read.") from error
        if str(sent.get("segment_index", "")).isdigit():
            sent["segment_index"] = int(sent["segment_index"])
        if "media" in parts:
            sent["media"] = ""
        return checks.keeps(sent, schema), parts["media"].data
    sent = checks.body(call, schema)
    try:
        return sent, base64.b64decode(sent["media"], validate=True)
    except binascii.Error as error:
        raise invalid("$.media: is not base64", media=sent["media"][:40]) from error


def _new(call: Call, category: str, mime: str, size: int) -> Media:
    id = call.house.wires["x"].new_id(call.world, "media")
    kind = _type(category, mime)
    prefix = {"photo": "3", "animated_gif": "16", "video": "13"}[kind]
    extra: Json = {"category": category, "type": kind, "key": f"{prefix}_{id}"}
    expires = call.world.now() + LIFE
    return Media("x", id, call.account, mime, size, "waiting", expires=expires, extra=extra)


def _drawn(call: Call, media: Media) -> Json:
    made: Json = {
        "id": media.id,
        "media_key": media.extra["key"],
        "size": media.size,
        "expires_after_secs": max(0, int(media.expires - call.world.now())),
    }
    if media.extra["type"] != "photo":
        made["processing_info"] = _progress(call, media)
    elif media.blob:
        made["image"] = {"image_type": media.mime, "w": 0, "h": 0}
    return made


def _progress(call: Call, media: Media) -> Json:
    if media.state == "failed":
        return {"state": "failed", "progress_percent": 100, "error": media.extra["error"]}
    if media.state == "waiting":
        return {"state": "pending", "check_after_secs": 1, "progress_percent": 0}
    left = media.ready_at - call.world.now()
    if left <= 0:
        return {"state": "succeeded", "progress_percent": 100}
    return {"state": "in_progress", "check_after_secs": max(1, min(5, int(left))), "progress_percent": 40}


def _finish(call: Call, media: Media, data: bytes) -> None:
    """Store the bytes and decide what the processing will find."""
    media.blob = call.world.journal.keep(data)
    media.size = len(data)
    media.state = "ready"
    media.ready_at = call.world.now()
    real = sniff(data)
    if media.extra["type"] == "photo":
        return
    wait = float(call.world.settings.get("processing_seconds", 1))
    media.ready_at += wait if media.extra["type"] == "video" else 0.0
    problem = _video_problem(real, data) if media.extra["type"] == "video" else ""
    if problem or call.strikes("media_fails"):
        media.state = "failed"
        media.extra["error"] = {"code": 1, "name": "InvalidMedia", "message": problem or "Media processing failed"}
    elif call.strikes("media_stuck"):
        media.state = "waiting"


def _video_problem(real: str, data: bytes) -> str:
    if not real.startswith("video/"):
        return "Unsupported video format"
    length = seconds(data)
    if not SHORTEST <= length <= LONGEST:
        return f"Video duration {length:.1f}s is not between {SHORTEST} and {LONGEST} seconds"
    return ""


@user("media.write", bucket="upload", limit=500)
def upload(call: Call) -> Answer:
    """POST /2/media/upload: a picture or GIF in one piece."""
    sent, data = _fields(call, checks.UPLOAD)
    mime = sniff(data)
    category = sent["media_category"]
    media = _new(call, category, mime, len(data))
    if not mime or (media.extra["type"] == "video") is not mime.startswith("video/"):
        raise invalid("media type unrecognized.", media_category=category)
    _weighs(media)
    _finish(call, media, data)
    call.world.put(media)
    return Answer(200, {"data": _drawn(call, media)})


def _weighs(media: Media) -> None:
    limit = SIZES[media.extra["type"]]
    if media.size > limit:
        raise invalid(f"File size exceeds {limit} bytes.", total_bytes=media.size)


@user("media.write", bucket="initialize", limit=1875)
def initialize(call: Call) -> Answer:
    sent = checks.body(call, checks.INITIALIZE)
    for name in ("media_type", "total_bytes"):
        if name not in sent:
            raise invalid(f"$.{name}: is missing but it is required")
    media = _new(call, sent.get("media_category", "tweet_image"), sent["media_type"], sent["total_bytes"])
    _weighs(media)
    call.world.put(media)
    data = {"id": media.id, "media_key": media.extra["key"], "expires_after_secs": LIFE}
    return Answer(200, {"data": data})


def _mine(call: Call, id: str) -> Media:
    media = call.world.get(Media, "x", id)
    if media is None or media.expires < call.world.now():
        raise missing("media", id)
    if media.account != call.account:
        raise forbidden()
    return media


@user("media.write", bucket="append", limit=1875)
def append(call: Call) -> Answer:
    sent, data = _fields(call, checks.APPEND)
    media = _mine(call, call.args["id"])
    if media.blob:
        raise invalid("The media is already finalized.", id=media.id)
    if len(data) > CHUNK:
        raise invalid(f"A segment may hold {CHUNK} bytes.", segment_index=sent["segment_index"])
    media.parts[str(sent["segment_index"])] = call.world.journal.keep(data)
    call.world.put(media)
    return Answer(200, {"data": {"expires_at": int(media.expires)}})


@user("media.write", bucket="finalize", limit=1875)
def finalize(call: Call) -> Answer:
    media = _mine(call, call.args["id"])
    if not media.blob:
        wanted = [str(place) for place in range(len(media.parts))]
        if not wanted or sorted(media.parts, key=int) != wanted:
            raise invalid("Segments do not add up to provided total file size.", id=media.id)
        data = b"".join(call.world.journal.blob(media.parts[place]) or b"" for place in wanted)
        if len(data) != media.size:
            raise invalid("Segments do not add up to provided total file size.", id=media.id)
        _finish(call, media, data)
        call.world.put(media)
    return Answer(200, {"data": _drawn(call, media)})


@user("media.write", bucket="status", limit=1000)
def status(call: Call) -> Answer:
    checks.query(call, "command", "media_id")
    if call.query.get("command") != "STATUS":
        raise invalid("The `command` query parameter must be STATUS", command=call.query.get("command", ""))
    return Answer(200, {"data": _drawn(call, _mine(call, str(call.query.get("media_id", ""))))})


@user("media.write", bucket="metadata", limit=500)
def metadata(call: Call) -> Answer:
    """POST /2/media/metadata: alt text."""
    sent = checks.body(call, checks.METADATA)
    media = _mine(call, sent["id"])
    media.alt = sent.get("metadata", {}).get("alt_text", {}).get("text", "")
    call.world.put(media)
    return Answer(200, {"data": {"id": media.id, "associated_metadata": {"alt_text": {"text": media.alt}}}})
