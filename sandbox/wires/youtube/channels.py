"""Channels and their uploads playlist."""

from __future__ import annotations

from sandbox.nouns import Account, Post
from sandbox.wire import Answer, Call
from sandbox.wires.youtube import shapes
from sandbox.wires.youtube.access import READ, me, user
from sandbox.wires.youtube.document import parts
from sandbox.wires.youtube.problems import invalid, missing

BROKEN = "broken"  # the token of a page that never comes (fault listing_partial)


@user(READ, units=1)
def several(call: Call) -> Answer:
    """GET /youtube/v3/channels?mine=true or ?id=…"""
    asked = parts(call, "channels", "list")
    if call.query.get("mine") == "true":
        found = [me(call)]
    elif call.query.get("id"):
        named = (call.world.get(Account, call.network, id) for id in call.query["id"].split(","))
        found = [account for account in named if account]
    elif call.query.get("forHandle"):
        named_so = call.world.by_handle(call.network, call.query["forHandle"])
        found = [named_so] if named_so else []
    else:
        raise invalid("missingRequiredParameter", "No filter selected. Expected one of: mine, id, forHandle")
    items = [shapes.channel(account, asked, len(uploads_of(call, account.id))) for account in found]
    return Answer(200, shapes.page("channelListResponse", items, 5, len(items)))


@user(READ, units=1)
def uploads(call: Call) -> Answer:
    """GET /youtube/v3/playlistItems?playlistId=UU…: newest first, private ones for their owner only."""
    asked = parts(call, "playlistItems", "list")
    playlist = call.query.get("playlistId", "")
    owner = call.world.get(Account, call.network, f"UC{playlist[2:]}")
    if not playlist.startswith("UU") or owner is None:
        raise missing("playlistNotFound", "The playlist identified with the request's playlistId cannot be found.")
    size = int(call.query.get("maxResults", 5))
    if not 0 < size <= 50:
        raise invalid("invalidParameter", f"Invalid value '{size}'. Values must be within the range: [0, 50]")
    start = _start(call.query.get("pageToken", ""))
    shown, whole = call.visible(uploads_of(call, owner.id))
    shown = list(reversed(shown))
    items = [shapes.playlist_item(call.world, post, asked) for post in shown[start : start + size]]
    after = f"P{start + size}" if len(shown) > start + size else "" if whole else BROKEN
    return Answer(200, shapes.page("playlistItemListResponse", items, size, len(shown), after))


def uploads_of(call: Call, channel: str) -> list[Post]:
    """A channel's videos as the caller may see them, oldest first."""
    mine = channel == call.account
    return [
        post
        for post in call.world.posts_by(call.network, channel)
        if post.kind == "post" and not post.deleted and (mine or post.extra.get("privacyStatus") == "public")
    ]


def _start(token: str) -> int:
    if token and not (token.startswith("P") and token[1:].isdigit()):
        raise invalid("invalidPageToken", "The request specifies an invalid page token.", location="pageToken")
    return int(token[1:] or 0) if token else 0
