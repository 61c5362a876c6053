"""Comments: threads below videos, answers in them, and what the channel's owner may do about them."""

from __future__ import annotations

from sandbox.nouns import Account, Post
from sandbox.wire import Answer, Call
from sandbox.wires.youtube import shapes
from sandbox.wires.youtube.access import COMMENT, me, user
from sandbox.wires.youtube.channels import BROKEN, _start
from sandbox.wires.youtube.document import body, parts
from sandbox.wires.youtube.problems import forbidden, invalid, missing

LONGEST = 10_000


@user(COMMENT, units=50)
def begin(call: Call) -> Answer:
    """POST /youtube/v3/commentThreads: a new comment below a video."""
    asked = parts(call, "commentThreads", "insert")
    snippet = body(call, "CommentThread", asked).get("snippet", {})
    text = snippet.get("topLevelComment", {}).get("snippet", {}).get("textOriginal", "")
    video = call.world.get(Post, call.network, snippet.get("videoId", ""))
    if video is None or video.deleted or video.kind != "post":
        raise missing("videoNotFound", "The video identified by the videoId parameter could not be found.")
    if video.extra.get("privacyStatus") == "private":
        raise forbidden("commentsDisabled", "The video identified by the videoId parameter has disabled comments.")
    made = _write(call, text, parent=video.id, root=video.id, wall=video.account)
    return Answer(200, shapes.thread(call.world, made, asked, [], plain=False))


@user(COMMENT, units=50)
def answer(call: Call) -> Answer:
    """POST /youtube/v3/comments: an answer in a thread; its parent is always the thread's first comment."""
    asked = parts(call, "comments", "insert")
    snippet = body(call, "Comment", asked).get("snippet", {})
    if not snippet.get("parentId"):
        raise invalid("parentIdMissing", "The comment resource that is being inserted must specify a parentId.")
    top = call.world.get(Post, call.network, snippet["parentId"])
    if top is None or top.deleted or top.parent != top.root:
        raise missing("parentCommentNotFound", "The specified parent comment could not be found.")
    made = _write(call, snippet.get("textOriginal", ""), parent=top.id, root=top.root, wall=top.wall)
    return Answer(200, shapes.comment(call.world, made, plain=False))


def _write(call: Call, text: str, *, parent: str, root: str, wall: str) -> Post:
    if not text.strip():
        raise invalid("commentTextRequired", "The comment resource must specify a value for snippet.textOriginal.")
    if len(text) > LONGEST:
        raise invalid("commentTextTooLong", "The comment resource that is being inserted contains too many characters.")
    made = Post(
        network=call.network,
        id=new_id(call, parent if parent != root else ""),
        account=me(call).id,
        text=text,
        visible=text,
        kind="comment",
        parent=parent,
        root=root,
        wall=wall,
    )
    call.world.put(made)
    call.keep(made)
    return made


def new_id(call: Call, thread: str) -> str:
    id = call.house.wires[call.network].new_id(call.world, "comment")
    return f"{thread}.{id[2:24]}" if thread else id


@user(COMMENT, units=1)
def threads(call: Call) -> Answer:
    """GET /youtube/v3/commentThreads by channel, video or id; newest thread first."""
    asked = parts(call, "commentThreads", "list")
    found = [post for post in _threads(call) if not post.deleted]
    wanted = call.query.get("moderationStatus", "published")
    found = [post for post in found if post.hidden == (wanted == "rejected")]
    shown, whole = call.visible(sorted(found, key=lambda post: post.created))
    shown = list(reversed(shown))
    size = int(call.query.get("maxResults", 20))
    start = _start(call.query.get("pageToken", ""))
    plain = call.query.get("textFormat", "html") == "plainText"
    items = [
        shapes.thread(call.world, top, asked, _answers(call, top), plain=plain) for top in shown[start : start + size]
    ]
    after = f"P{start + size}" if len(shown) > start + size else "" if whole else BROKEN
    return Answer(200, shapes.page("commentThreadListResponse", items, size, len(shown), after))


def _threads(call: Call) -> list[Post]:
    world = call.world
    if ids := call.query.get("id"):
        named = (world.get(Post, call.network, id) for id in ids.split(","))
        return [post for post in named if post and post.kind == "comment"]
    if id := call.query.get("videoId"):
        video = world.get(Post, call.network, id)
        if video is None or video.deleted:
            raise missing("videoNotFound", "The video identified by the videoId parameter could not be found.")
        return [post for post in world.in_conversation(call.network, id) if post.parent == id]
    if channel := call.query.get("allThreadsRelatedToChannelId"):
        if world.get(Account, call.network, channel) is None:
            raise missing("channelNotFound", "The channel identified by the request could not be found.")
        return [post for post in world.on_wall(call.network, channel) if post.parent == post.root]
    raise invalid("missingRequiredParameter", "No filter selected. Expected one of: videoId, id, channelId")


def _answers(call: Call, top: Post) -> list[Post]:
    return [post for post in call.world.replies_to(call.network, top.id) if not post.deleted and not post.hidden]


@user(COMMENT, units=1)
def several(call: Call) -> Answer:
    """GET /youtube/v3/comments?parentId=… or ?id=…"""
    parts(call, "comments", "list")
    if parent := call.query.get("parentId"):
        top = call.world.get(Post, call.network, parent)
        if top is None or top.deleted:
            raise missing("commentNotFound", "One or more of the specified comments cannot be found.")
        found, whole = call.visible(_answers(call, top))
    elif ids := call.query.get("id"):
        named = (call.world.get(Post, call.network, id) for id in ids.split(","))
        found, whole = [post for post in named if post and not post.deleted and post.kind == "comment"], True
    else:
        raise invalid("missingRequiredParameter", "No filter selected. Expected one of: id, parentId")
    size = int(call.query.get("maxResults", 20))
    start = _start(call.query.get("pageToken", ""))
    plain = call.query.get("textFormat", "html") == "plainText"
    items = [shapes.comment(call.world, post, plain=plain) for post in found[start : start + size]]
    after = f"P{start + size}" if len(found) > start + size else "" if whole else BROKEN
    return Answer(200, shapes.page("commentListResponse", items, size, len(found), after))


@user(COMMENT, units=50)
def moderate(call: Call) -> Answer:
    """POST /youtube/v3/comments/setModerationStatus: the channel's owner shows or hides comments."""
    parts(call, "comments", "setModerationStatus")
    for id in call.query["id"].split(","):
        post = _comment(call, id)
        if post.wall != call.account:
            raise forbidden("forbidden", "The comment cannot be moderated by this user.")
        post.hidden = call.query["moderationStatus"] in ("rejected", "heldForReview", "likelySpam")
        call.world.put(post)
    return Answer(204)


@user(COMMENT, units=50)
def delete(call: Call) -> Answer:
    """DELETE /youtube/v3/comments?id=…"""
    parts(call, "comments", "delete")
    post = _comment(call, call.query["id"])
    if call.account not in (post.wall, post.account):
        raise forbidden("forbidden", "The comment cannot be deleted by this user.")
    post.deleted = call.world.now()
    call.world.put(post)
    return Answer(204)


def _comment(call: Call, id: str) -> Post:
    post = call.world.get(Post, call.network, id)
    if post is None or post.deleted or post.kind != "comment":
        raise missing("commentNotFound", "The specified comment could not be found.")
    return post
