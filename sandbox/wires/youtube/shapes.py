"""YouTube's resources as its answers draw them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sandbox.nouns import Account, Json, Media, Post
from sandbox.world import World

NETWORK = "youtube"


def when(moment: float) -> str:
    """RFC 3339 in whole seconds, as YouTube writes it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def etag(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:27]


def page(kind: str, items: list[Json], size: int, total: int, after: str = "") -> Json:
    """A list answer; `after` is the token of the next page."""
    made: Json = {
        "kind": f"youtube#{kind}",
        "etag": etag(kind, items),
        "pageInfo": {"totalResults": total, "resultsPerPage": size},
        "items": items,
    }
    if after:
        made["nextPageToken"] = after
    return made


def thumbnails(id: str) -> Json:
    return {
        name: {"url": f"https://i.ytimg.com/vi/{id}/{file}.jpg", "width": width, "height": height}
        for name, file, width, height in (
            ("default", "default", 120, 90),
            ("medium", "mqdefault", 320, 180),
            ("high", "hqdefault", 480, 360),
        )
    }


def uploads_of(channel: str) -> str:
    """The id of a channel's uploads playlist."""
    return f"UU{channel[2:]}"


def channel(account: Account, parts: list[str], videos: int) -> Json:
    drawn: Json = {"kind": "youtube#channel", "etag": etag(account.id, account.name), "id": account.id}
    every: Json = {
        "snippet": {
            "title": account.name,
            "description": account.extra.get("about", ""),
            "customUrl": f"@{account.handle.lower()}",
            "publishedAt": when(account.created),
            "thumbnails": {"default": {"url": f"https://yt3.ggpht.com/{account.id}", "width": 88, "height": 88}},
            "localized": {"title": account.name, "description": account.extra.get("about", "")},
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": uploads_of(account.id)}},
        "statistics": {
            "viewCount": "0",
            "subscriberCount": str(account.extra.get("followers", 0)),
            "hiddenSubscriberCount": False,
            "videoCount": str(videos),
        },
        "status": {"privacyStatus": "public", "isLinked": True, "longUploadsStatus": "allowed", "madeForKids": False},
    }
    return drawn | {part: every[part] for part in parts if part in every}


def video(world: World, post: Post, parts: list[str], *, comments: int) -> Json:
    owner = world.get(Account, NETWORK, post.account)
    drawn: Json = {"kind": "youtube#video", "etag": etag(post.id, post.edited, parts), "id": post.id}
    every: Json = {
        "snippet": {
            "publishedAt": when(post.created),
            "channelId": post.account,
            "title": post.extra["title"],
            "description": post.text,
            "thumbnails": thumbnails(post.id),
            "channelTitle": owner.name if owner else "",
            "tags": post.extra.get("tags", []),
            "categoryId": post.extra.get("categoryId", "22"),
            "liveBroadcastContent": "none",
            "localized": {"title": post.extra["title"], "description": post.text},
        },
        "status": _status(world, post),
        "statistics": {
            "viewCount": str(post.metrics.get("views", 0)),
            "likeCount": str(post.metrics.get("likes", 0)),
            "favoriteCount": "0",
            "commentCount": str(comments),
        },
        "paidProductPlacementDetails": {"hasPaidProductPlacement": bool(post.extra.get("paid"))},
        "processingDetails": {"processingStatus": "processing" if uploading(world, post) else "succeeded"},
        "contentDetails": {"duration": "PT15S", "definition": "hd", "caption": "false", "licensedContent": False},
    }
    return drawn | {part: every[part] for part in parts if part in every}


def uploading(world: World, post: Post) -> bool:
    """Whether processing has not come to an end yet."""
    return bool(post.extra.get("stuck")) or float(post.extra.get("ready_at", 0)) > world.now()


def failure(world: World, post: Post) -> str:
    """Why processing gave up on the file, once it is over; "" for a good one."""
    return "" if uploading(world, post) else str(post.extra.get("failure", ""))


def _status(world: World, post: Post) -> Json:
    drawn: Json = {
        "uploadStatus": "uploaded" if uploading(world, post) else "processed",
        "privacyStatus": post.extra.get("privacyStatus", "public"),
        "license": "youtube",
        "embeddable": True,
        "publicStatsViewable": True,
        "madeForKids": bool(post.extra.get("selfDeclaredMadeForKids")),
        "selfDeclaredMadeForKids": bool(post.extra.get("selfDeclaredMadeForKids")),
    }
    if problem := failure(world, post):
        drawn |= {"uploadStatus": "failed", "failureReason": problem}
    return drawn


def playlist_item(world: World, post: Post, parts: list[str]) -> Json:
    owner = world.get(Account, NETWORK, post.account)
    title = owner.name if owner else ""
    drawn: Json = {"kind": "youtube#playlistItem", "etag": etag(post.id), "id": f"{uploads_of(post.account)}.{post.id}"}
    every: Json = {
        "snippet": {
            "publishedAt": when(post.created),
            "channelId": post.account,
            "title": post.extra["title"],
            "description": post.text,
            "thumbnails": thumbnails(post.id),
            "channelTitle": title,
            "playlistId": uploads_of(post.account),
            "position": 0,
            "resourceId": {"kind": "youtube#video", "videoId": post.id},
            "videoOwnerChannelTitle": title,
            "videoOwnerChannelId": post.account,
        },
        "contentDetails": {"videoId": post.id, "videoPublishedAt": when(post.created)},
        "status": {"privacyStatus": post.extra.get("privacyStatus", "public")},
    }
    return drawn | {part: every[part] for part in parts if part in every}


def comment(world: World, post: Post, *, plain: bool) -> Json:
    author = world.get(Account, NETWORK, post.account)
    video = world.get(Post, NETWORK, post.root)
    snippet: Json = {
        "channelId": video.account if video else post.wall,
        "videoId": post.root,
        "textDisplay": post.text if plain else post.text.replace("\n", "<br>"),
        "textOriginal": post.text,
        "authorDisplayName": f"@{author.handle}" if author else "",
        "authorProfileImageUrl": f"https://yt3.ggpht.com/{post.account}",
        "authorChannelUrl": f"http://www.youtube.com/@{author.handle}" if author else "",
        "authorChannelId": {"value": post.account},
        "canRate": True,
        "viewerRating": "none",
        "likeCount": post.metrics.get("likes", 0),
        "publishedAt": when(post.created),
        "updatedAt": when(post.edited or post.created),
    }
    if post.parent != post.root:
        snippet["parentId"] = post.parent
    if post.hidden:
        snippet["moderationStatus"] = "rejected"
    return {"kind": "youtube#comment", "etag": etag(post.id, post.edited), "id": post.id, "snippet": snippet}


def thread(world: World, top: Post, parts: list[str], replies: list[Post], *, plain: bool) -> Json:
    drawn: Json = {"kind": "youtube#commentThread", "etag": etag(top.id, len(replies)), "id": top.id}
    first = comment(world, top, plain=plain)
    every: Json = {
        "snippet": {
            "channelId": first["snippet"]["channelId"],
            "videoId": top.root,
            "topLevelComment": first,
            "canReply": True,
            "totalReplyCount": len(replies),
            "isPublic": True,
        },
    }
    if replies and "replies" in parts:
        # The document: "a limited number of replies"; the rest by comments.list.
        every["replies"] = {"comments": [comment(world, reply, plain=plain) for reply in replies[-5:]]}
    return drawn | {part: every[part] for part in parts if part in every}


def media_of(world: World, post: Post) -> Media | None:
    return world.get(Media, NETWORK, post.media[0]) if post.media else None
