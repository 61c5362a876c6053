"""Videos: the resumable upload in pieces, the lists, and what processing makes of the file."""

from __future__ import annotations

import re

from sandbox.nouns import Json, Media, Post
from sandbox.wire import Answer, Call, Problem
from sandbox.wires.youtube import shapes
from sandbox.wires.youtube.access import INSERT, READ, WRITE, holder, me, user
from sandbox.wires.youtube.document import body, parts
from sandbox.wires.youtube.problems import answer, forbidden, invalid, missing

STEP = 256 * 1024
MOST = 274_877_906_944
SESSION_SECONDS = 7 * 24 * 3600
CATEGORIES = frozenset(str(number) for number in (1, 2, 10, 15, *range(17, 45)))
HOST = "youtube.googleapis.com"
PATH = "/upload/youtube/v3/videos"


@user(INSERT, inserts=1)
def begin(call: Call) -> Answer:
    """POST /upload/youtube/v3/videos?uploadType=resumable: checks the metadata, opens a session."""
    asked = parts(call, "videos", "insert")
    if call.query.get("uploadType") != "resumable":
        raise invalid("badRequest", "This sandbox takes resumable uploads only.", location="uploadType")
    sent = body(call, "Video", asked)
    _check_snippet(sent.get("snippet", {}))
    _check_status(sent.get("status", {}))
    kind = call.headers.get("X-Upload-Content-Type", "application/octet-stream")
    if not kind.startswith("video/") and kind != "application/octet-stream":
        raise invalid("badContent", f"Media type '{kind}' is not supported. Valid media types: [video/*]")
    size = call.headers.get("X-Upload-Content-Length", "0")
    if not size.isdigit() or int(size) > MOST:
        raise Problem(answer(413, "uploadTooLarge", f"Media larger than allowed limit of {MOST}", "global"))
    fate = "stuck" if call.strikes("media_stuck") else "failed" if call.strikes("media_fails") else ""
    id = call.house.wires[call.network].new_id(call.world, "media")
    extra: Json = {"sent": sent, "parts": asked, "fate": fate, "received": 0, "video": ""}
    expires = call.world.now() + SESSION_SECONDS
    call.world.put(Media(call.network, id, me(call).id, kind, int(size), "waiting", expires=expires, extra=extra))
    # As Google answers: an address of its own host; who reroutes must reroute this one too.
    location = f"https://{HOST}{PATH}?uploadType=resumable&upload_id={id}"
    return Answer(200, "", {"Location": location, "X-GUploader-UploadID": id})


def _check_snippet(snippet: Json) -> None:
    title, description = snippet.get("title", ""), snippet.get("description", "")
    if not title.strip() or len(title) > 100 or "<" in title or ">" in title:
        raise invalid("invalidTitle", "The request metadata specifies an invalid or empty video title.")
    if len(description.encode()) > 5000 or "<" in description or ">" in description:
        raise invalid("invalidDescription", "The request metadata specifies an invalid video description.")
    tags = snippet.get("tags", [])
    if sum(len(tag) + (2 if " " in tag else 0) for tag in tags) + max(0, len(tags) - 1) > 500:
        raise invalid("invalidTags", "The request metadata specifies invalid video keywords.")
    if snippet.get("categoryId", "22") not in CATEGORIES:
        raise invalid("invalidCategoryId", "The snippet.categoryId property specifies an invalid category ID.")


def _check_status(status: Json) -> None:
    if status.get("publishAt") and status.get("privacyStatus") != "private":
        raise invalid("invalidPublishAt", "The request metadata specifies an invalid scheduled publishing time.")


def receive(call: Call) -> Answer:
    """PUT to the session: a piece (308 with what arrived, the last one 200), or a question (bytes */N)."""
    session = call.world.get(Media, call.network, call.query.get("upload_id", ""))
    if session is None or session.expires < call.world.now():
        raise Problem(Answer(404, "Not Found", kind="text/plain"))
    holder(call)
    if session.extra["video"]:
        return _whole(call, session)
    question = re.fullmatch(r"bytes \*/(\d+|\*)", call.headers.get("Content-Range", ""))
    if question:
        return _so_far(session)
    start, end, total = _range(call)
    if start != session.extra["received"]:
        return _so_far(session)
    if total and total != session.size and session.size:
        raise invalid("badRequest", "The total size differs from the announced one.")
    last = bool(total) and end + 1 == total
    if not last and len(call.body) % STEP:
        raise invalid("badRequest", "Pieces must be multiples of 262144 bytes, except the last one.")
    _add(call, session)
    if not last:
        return _so_far(session)
    _finish(call, session)
    return _whole(call, session)


def _range(call: Call) -> tuple[int, int, int]:
    """(first, last, total) of a Content-Range; total 0 when it is unknown yet. A body without one is whole."""
    given = call.headers.get("Content-Range", "")
    if not given:
        return 0, len(call.body) - 1, len(call.body)
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", given)
    if not found or int(found[2]) - int(found[1]) + 1 != len(call.body):
        raise invalid("badRequest", f"Failed to parse Content-Range header: {given}")
    return int(found[1]), int(found[2]), 0 if found[3] == "*" else int(found[3])


def _so_far(session: Media) -> Answer:
    received = session.extra["received"]
    return Answer(308, "", {"Range": f"bytes=0-{received - 1}"} if received else {})


def _add(call: Call, session: Media) -> None:
    number = f"{len(session.parts):06d}"
    session.parts = {**session.parts, number: call.world.journal.keep(call.body)}
    session.extra = {**session.extra, "received": session.extra["received"] + len(call.body)}
    call.world.put(session)


def _finish(call: Call, session: Media) -> None:
    """The last byte is here: from now on the video exists."""
    journal = call.world.journal
    blob, size, head = journal.join([session.parts[number] for number in sorted(session.parts)])
    session.blob, session.size, session.state, session.parts = blob, size, "ready", {}
    if session.mime == "application/octet-stream":
        session.mime = "video/mp4"
    post = _video(call, session, head)
    session.extra = {**session.extra, "video": post.id}
    call.world.put(session)
    call.world.put(post)


def _video(call: Call, session: Media, head: bytes) -> Post:
    sent = session.extra["sent"]
    snippet, status = sent.get("snippet", {}), sent.get("status", {})
    failure = "emptyFile" if not head else "" if _is_video(head) else "invalidFile"
    if session.extra["fate"] == "failed":
        failure = "conversion"
    return Post(
        network=call.network,
        id=call.house.wires[call.network].new_id(call.world, "post"),
        account=session.account,
        text=snippet.get("description", ""),
        visible=snippet.get("description", ""),
        media=[session.id],
        raw=sent,
        extra={
            "title": snippet.get("title", ""),
            "tags": snippet.get("tags", []),
            "categoryId": snippet.get("categoryId", "22"),
            "privacyStatus": status.get("privacyStatus", "public"),
            "selfDeclaredMadeForKids": status.get("selfDeclaredMadeForKids", False),
            "paid": sent.get("paidProductPlacementDetails", {}).get("hasPaidProductPlacement", False),
            "failure": failure,
            "stuck": session.extra["fate"] == "stuck",
            "ready_at": call.world.now() + float(call.world.settings.get("processing_seconds", 1)),
        },
    )


def _is_video(data: bytes) -> bool:
    return data[4:8] == b"ftyp" or data[:4] in (b"\x1a\x45\xdf\xa3", b"RIFF", b"\x00\x00\x01\xba", b"FLV\x01")


def _whole(call: Call, session: Media) -> Answer:
    post = call.world.get(Post, call.network, session.extra["video"])
    assert post is not None
    call.keep(post)
    return Answer(200, shapes.video(call.world, post, session.extra["parts"], comments=0))


@user(READ, units=1)
def several(call: Call) -> Answer:
    """GET /youtube/v3/videos?id=…: those of the ids that exist and may be seen."""
    asked = parts(call, "videos", "list")
    ids = [id for id in call.query.get("id", "").split(",") if id]
    if not ids:
        raise invalid("missingRequiredParameter", "No filter selected. Expected one of: myRating, chart, id")
    if len(ids) > 50:
        raise invalid("invalidFilters", "The request specifies too many ids.", location="id")
    found = [post for post in (call.world.get(Post, call.network, id) for id in ids) if post and _seen(call, post)]
    items = [shapes.video(call.world, post, asked, comments=_comments(call, post)) for post in found]
    return Answer(200, shapes.page("videoListResponse", items, len(items), len(items)))


def _seen(call: Call, post: Post) -> bool:
    if post.deleted or post.kind != "post":
        return False
    return post.account == call.account or post.extra.get("privacyStatus") != "private"


def _comments(call: Call, post: Post) -> int:
    said = call.world.in_conversation(call.network, post.id)
    return sum(1 for each in said if not each.deleted and not each.hidden)


@user(WRITE, units=50)
def update(call: Call) -> Answer:
    """PUT /youtube/v3/videos: the parts named are replaced whole."""
    asked = parts(call, "videos", "update")
    sent = body(call, "Video", asked)
    post = call.world.get(Post, call.network, str(sent.get("id", "")))
    if post is None or not _seen(call, post):
        raise missing("videoNotFound", "The video that you are trying to update cannot be found.")
    if post.account != call.account:
        raise forbidden("forbidden", "The video that you are trying to update is not yours.")
    if "snippet" in asked:
        if not sent.get("snippet", {}).get("categoryId"):
            raise invalid("invalidCategoryId", "The snippet.categoryId property specifies an invalid category ID.")
        _check_snippet(sent["snippet"])
        post.text = post.visible = sent["snippet"].get("description", "")
    post.raw = {**post.raw, **{part: sent[part] for part in asked if part in sent}}
    post.edited = call.world.now()
    call.world.put(post)
    return Answer(200, shapes.video(call.world, post, asked, comments=_comments(call, post)))


@user(WRITE, units=50)
def delete(call: Call) -> Answer:
    """DELETE /youtube/v3/videos?id=…"""
    parts(call, "videos", "delete")
    post = call.world.get(Post, call.network, call.query["id"])
    if post is None or not _seen(call, post):
        raise missing("videoNotFound", "The video that you are trying to delete cannot be found.")
    if post.account != call.account:
        raise forbidden("forbidden", "The video that you are trying to delete is not yours.")
    post.deleted = call.world.now()
    call.world.put(post)
    return Answer(204)
