"""What became of an uploaded video: YouTube takes it first, looks at it afterwards, and may throw it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from networks.adapters.youtube.calls import Json, YouTube
from networks.adapters.youtube.reading import AT_ONCE
from networks.protocol import Listed, Listing, Refused, Sender, TryLater

UPLOADED = "uploaded"  # and not processed yet
THROWN_OUT = frozenset({"failed", "rejected", "deleted"})
WHY = {
    "duplicate": "YouTube removed the video: it is the same as an earlier one.",
    "copyright": "YouTube removed the video: somebody else holds the rights to something in it.",
    "inappropriate": "YouTube removed the video: it says it goes against its rules.",
    "termsOfUse": "YouTube removed the video: it says it goes against its rules.",
    "length": "YouTube removed the video: it is too long for this channel.",
}
COULD_NOT = "YouTube took the video and could not process it."


def with_statuses(youtube: YouTube, sender: Sender, listing: Listing) -> Listing:
    """The same videos with what became of each; the playlist lists them from their last byte on, whatever follows.

    One unit of quota for fifty. Raises TryLater, Reconnect.
    """
    known = _statuses(youtube, sender, [each.remote_id for each in listing.posts])
    return replace(listing, posts=tuple(_judged(each, known.get(each.remote_id, {})) for each in listing.posts))


def _statuses(youtube: YouTube, sender: Sender, ids: Sequence[str]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for place in range(0, len(ids), AT_ONCE):
        asked = ",".join(ids[place : place + AT_ONCE])
        try:
            body = youtube.read(sender, youtube().videos().list(part="status", id=asked, maxResults=AT_ONCE))
        except Refused as error:  # a refused reading is no evidence
            raise TryLater(error.reason, detail=error.detail, code=error.code) from error
        found |= {str(item["id"]): item.get("status") or {} for item in body.get("items") or []}
    return found


def _judged(video: Listed, status: Json) -> Listed:
    upload = status.get("uploadStatus")
    if upload in THROWN_OUT:
        why = str(status.get("failureReason") or status.get("rejectionReason") or "")
        return replace(video, failed=WHY.get(why, COULD_NOT))
    return replace(video, processing=upload == UPLOADED)
