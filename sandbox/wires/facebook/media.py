"""Pictures that wait unseen for their post, and videos sent in pieces."""

from __future__ import annotations

from sandbox.files import seconds, sniff
from sandbox.nouns import Account, Media
from sandbox.wire import Answer, Call, File, Malformed, Problem
from sandbox.wires.facebook import access, problems
from sandbox.wires.facebook.access import metered
from sandbox.wires.facebook.posts import acting, published, units

MB = 1024 * 1024
PHOTO_BYTES = 4 * MB
VIDEO_BYTES = 10 * 1024 * MB
LONGEST_SECONDS = 4 * 3600.0
PIECE = 1 * MB
LIFE = 24 * 3600.0


def _file(call: Call, name: str) -> File:
    try:
        found = call.parts().get(name)
    except Malformed as error:
        raise problems.wrong("The body must be multipart/form-data.") from error
    if found is None or not found.data:
        raise problems.problem(400, 324, "(#324) Requires upload file")
    return found


@metered
def photo(call: Call) -> Answer:
    """POST /{page}/photos: published=false makes one for attached_media; else it is a post of its own."""
    brand = acting(call)
    given = access.knows(call, "published", "alt_text_custom", "temporary", "caption", "message")
    data = _file(call, "source").data
    real = sniff(data)
    if real not in ("image/jpeg", "image/png", "image/gif", "image/webp"):
        raise problems.problem(400, 324, "(#324) Missing or invalid image file", subcode=2069019)
    if len(data) > PHOTO_BYTES:
        raise problems.problem(400, 100, "Photos should be saved as JPEG or PNG under 4 MB", subcode=1366046)
    if units(given.get("alt_text_custom", "")) > 1000:
        raise problems.wrong("Param alt_text_custom is too long.")
    if call.strikes("media_fails"):
        raise problems.problem(400, 324, "(#324) Missing or invalid image file", subcode=2069019)
    made = _new(call, brand, real, len(data))
    made.blob = call.world.journal.keep(data)
    made.alt = given.get("alt_text_custom", "")
    made.state = "waiting" if call.strikes("media_stuck") else "ready"
    call.world.put(made)
    if not access.truth(given, "published", True):
        return Answer(200, {"id": made.id})
    text = given.get("message") or given.get("caption", "")
    answer = published(call, brand, text, media=[made.id], raw=dict(given))
    assert isinstance(answer.body, dict)
    return Answer(200, {"id": made.id, "post_id": answer.body["id"]})


def _new(call: Call, brand: Account, mime: str, size: int) -> Media:
    id = call.house.wires["facebook"].new_id(call.world, "media")
    return Media("facebook", id, brand.id, mime, size, expires=call.world.now() + LIFE)


def photo_does(call: Call) -> str:
    """Whether a picture goes live at once or waits, for the faults."""
    return "upload" if _given(call, "published").lower() in ("false", "0") else "publish"


def video_does(call: Call) -> str:
    """Only the last phase of a video makes something live."""
    return "publish" if _given(call, "upload_phase") in ("", "finish") else "upload"


def _given(call: Call, name: str) -> str:
    try:
        return access.sent(call).get(name, "")
    except Problem:
        return ""


@metered
def video(call: Call) -> Answer:
    """POST /{page}/videos: upload_phase start, transfer, finish."""
    phase = access.sent(call).get("upload_phase", "")
    steps = {"start": _start, "transfer": _transfer, "finish": _finish}
    if phase not in steps:
        raise problems.wrong("Param upload_phase must be one of {start, transfer, finish}")
    return steps[phase](call, acting(call))


def _start(call: Call, brand: Account) -> Answer:
    given = access.knows(call, "upload_phase", "file_size")
    size = access.number(given, "file_size", 0, VIDEO_BYTES + 1)
    if not 1 <= size <= VIDEO_BYTES:
        raise problems.problem(400, 352, "(#352) The video is too large or empty", subcode=1363023)
    made = _new(call, brand, "video/mp4", size)
    made.state = "waiting"
    made.extra = {"session": call.house.wires["facebook"].new_id(call.world, "media"), "offset": 0}
    call.world.put(made)
    return Answer(
        200,
        {
            "video_id": made.id,
            "upload_session_id": made.extra["session"],
            "start_offset": "0",
            "end_offset": str(min(PIECE, size)),
        },
    )


def _session(call: Call, brand: Account, given: dict[str, str]) -> Media:
    for media in call.world.all(Media, "facebook"):
        if media.account == brand.id and media.extra.get("session") == given.get("upload_session_id"):
            return media
    raise problems.problem(400, 6000, "There was a problem uploading your video file.", subcode=1363030)


def _transfer(call: Call, brand: Account) -> Answer:
    given = access.knows(call, "upload_phase", "upload_session_id", "start_offset")
    made = _session(call, brand, given)
    data = _file(call, "video_file_chunk").data
    offset = access.number(given, "start_offset", 0, VIDEO_BYTES)
    if offset != made.extra["offset"] or len(data) > PIECE:
        raise problems.problem(400, 6001, "The offset or the size of the piece is wrong.", subcode=1363037)
    made.parts[str(len(made.parts))] = call.world.journal.keep(data)
    reached = offset + len(data)
    made.extra = {**made.extra, "offset": reached}
    call.world.put(made)
    return Answer(200, {"start_offset": str(reached), "end_offset": str(min(reached + PIECE, made.size))})


def _finish(call: Call, brand: Account) -> Answer:
    names = ("title", "description", "published", "sponsor_id", "sponsor_relationship")
    given = access.knows(call, "upload_phase", "upload_session_id", *names)
    made = _session(call, brand, given)
    data = b"".join(call.world.journal.blob(made.parts[str(place)]) or b"" for place in range(len(made.parts)))
    if made.extra.get("used") or len(data) != made.size:
        raise problems.problem(400, 6000, "There was a problem uploading your video file.", subcode=1363041)
    real, length = sniff(data), seconds(data)
    if not real.startswith("video/") or not 0 < length <= LONGEST_SECONDS or call.strikes("media_fails"):
        raise problems.problem(
            400, 352, "(#352) Sorry, the video file you selected is in a format that we don't support"
        )
    made.mime = real
    made.state = "ready"
    made.blob = call.world.journal.keep(data)
    made.extra = {**made.extra, "title": given.get("title", "")}
    call.world.put(made)
    return published(
        call, brand, given.get("description", ""), media=[made.id], raw=dict(given), answer={"success": True}
    )
