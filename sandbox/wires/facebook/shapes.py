"""Draws Pages, posts, comments, conversations and counts as the Graph API's JSON, field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from sandbox.nouns import Account, Json, Media, Message, Post
from sandbox.wire import Call
from sandbox.wires.facebook import problems
from sandbox.wires.facebook.fields import Field, parsed
from sandbox.world import World

SITE = "https://www.facebook.com"
METRICS = {
    "post_media_view": "views",
    "post_total_media_view_unique": "views",
    "post_clicks": "clicks",
    "post_reactions_by_type_total": "likes",
}
DEFAULTS = {"Post": "created_time,message,id", "Comment": "created_time,from,message,id", "Message": "id,created_time"}
CONVERSATION_DEFAULT = "id,link,updated_time"
Draw = Callable[[Field], object]


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def address(world: World, post: Post) -> str:
    """The public address of a post or a comment."""
    if post.kind == "comment":
        root = world.get(Post, "facebook", post.root)
        base = address(world, root) if root else SITE
        return f"{base}?comment_id={post.id.rpartition('_')[2]}"
    page, _, rest = post.id.partition("_")
    return f"{SITE}/{page}/posts/{rest}"


def person(call: Call, id: str) -> Json:
    account = call.world.get(Account, "facebook", id)
    return {"name": account.name, "id": id} if account else {"id": id}


def alive(posts: list[Post]) -> list[Post]:
    return [post for post in posts if not post.deleted]


def draw_post(call: Call, post: Post, asked: str = "") -> Json:
    """A post or comment with the fields asked for, or Facebook's own choice."""
    kind = "Comment" if post.kind == "comment" else "Post"
    return _drawn(kind, _post_fields(call, post), parsed(asked or DEFAULTS[kind]))


def _drawn(kind: str, known: dict[str, Draw], asked: list[Field]) -> Json:
    made: Json = {}
    for one in asked:
        if one.name not in known:
            raise problems.wrong(f"Tried accessing nonexisting field ({one.name}) on node type ({kind})")
        value = known[one.name](one)
        if value not in (None, ""):
            made[one.name] = value
    made.setdefault("id", known["id"](Field("id")))
    return made


def _post_fields(call: Call, post: Post) -> dict[str, Draw]:
    world = call.world
    answers = alive(world.replies_to("facebook", post.id))
    shared: dict[str, Draw] = {
        "id": lambda _: post.id,
        "message": lambda _: post.visible,
        "created_time": lambda _: stamp(post.created),
        "permalink_url": lambda _: address(world, post),
        "from": lambda _: person(call, post.account),
        "comments": lambda one: _comments(call, answers, one),
        "reactions": lambda one: _summed(one, _likes(post)),
        "is_hidden": lambda _: post.hidden,
    }
    if post.kind == "comment":
        above = world.get(Post, "facebook", post.parent)
        return shared | {
            "parent": lambda _: {"id": above.id} if above and above.kind == "comment" else None,
            "attachment": lambda _: _attachments(call, post)[0] if post.media else None,
            "like_count": lambda _: _likes(post),
            "comment_count": lambda _: len(answers),
            "can_hide": lambda _: True,
        }
    return shared | {
        "updated_time": lambda _: stamp(post.edited or post.created),
        "attachments": lambda one: _attached(call, post),
        "shares": lambda _: {"count": post.metrics["shares"]} if post.metrics.get("shares") else None,
        "is_published": lambda _: True,
        "status_type": lambda _: "added_photos" if post.media else "mobile_status_update",
        "insights": lambda one: {"data": insights(post, one.modifiers.get("metric", ""))},
    }


def _likes(post: Post) -> int:
    return int(post.metrics.get("reactions", post.metrics.get("likes", 0)))


def _summed(one: Field, count: int) -> Json:
    made: Json = {"data": []}
    if one.modifiers.get("summary") == "true":
        made["summary"] = {"total_count": count}
    return made


def _comments(call: Call, answers: list[Post], one: Field) -> Json:
    limit = int(one.modifiers.get("limit", 25))
    made = _summed(one, len(answers))
    names = ",".join(each.name for each in one.inner)
    made["data"] = [draw_post(call, answer, names) for answer in answers[:limit]]
    return made


def _attached(call: Call, post: Post) -> Json | None:
    found = _attachments(call, post)
    if not found:
        return None
    if len(found) > 1:
        found = [{"media_type": "album", "title": "Photos", "subattachments": {"data": found}}]
    return {"data": found}


def _attachments(call: Call, post: Post) -> list[Json]:
    media = [call.world.get(Media, "facebook", id) for id in post.media]
    found: list[Json] = [_attachment(one) for one in media if one]
    if not found and post.link:
        found = [{"media_type": "link", "title": post.link, "url": post.link, "type": "share"}]
    return found


def _attachment(media: Media) -> Json:
    kind = "video" if media.mime.startswith("video/") else "photo"
    made: Json = {"media_type": kind, "type": kind, "target": {"id": media.id}}
    if media.extra.get("title"):
        made["title"] = media.extra["title"]
    return made


def insights(post: Post, asked: str) -> list[Json]:
    """The counts asked for; one unknown metric fails the whole call."""
    made: list[Json] = []
    for name in filter(None, asked.split(",")):
        if name not in METRICS:
            raise problems.wrong("The value must be a valid insights metric")
        value = post.metrics.get(name, post.metrics.get(METRICS[name], 0))
        made.append({"name": name, "period": "lifetime", "values": [{"value": value}], "id": f"{post.id}/{name}"})
    return made


def draw_talk(call: Call, brand: Account, talk: list[Message], asked: str) -> Json:
    """A conversation of a Page with one person."""
    other = next(id for id in (talk[0].sender, talk[0].recipient) if id != brand.id)
    known: dict[str, Draw] = {
        "id": lambda _: talk[0].conversation,
        "link": lambda _: f"/{brand.id}/inbox/{other}/",
        "updated_time": lambda _: stamp(talk[-1].created),
        "message_count": lambda _: len(talk),
        "snippet": lambda _: talk[-1].text,
        "participants": lambda _: {"data": [person(call, other), person(call, brand.id)]},
        "messages": lambda one: _messages(call, talk, one),
    }
    return _drawn("Conversation", known, parsed(asked or CONVERSATION_DEFAULT))


def _messages(call: Call, talk: list[Message], one: Field) -> Json:
    limit = int(one.modifiers.get("limit", 25))
    newest = list(reversed(talk))
    inner = one.inner or parsed(DEFAULTS["Message"])
    made: Json = {"data": [_message(call, message, inner) for message in newest[:limit]]}
    if len(newest) > limit:
        made["paging"] = {"next": f"https://graph.facebook.com/{call.args['version']}/{talk[0].conversation}/messages"}
    return made


def _message(call: Call, message: Message, asked: list[Field]) -> Json:
    known: dict[str, Draw] = {
        "id": lambda _: message.id,
        "message": lambda _: message.text,
        "created_time": lambda _: stamp(message.created),
        "from": lambda _: person(call, message.sender),
        "to": lambda _: {"data": [person(call, message.recipient)]},
    }
    return _drawn("Message", known, asked)


def paged(call: Call, entries: list[tuple[str, Json]], limit: int, is_whole: bool = True) -> Json:
    """One page of (cursor, drawing) entries after the cursor asked for, with the address of the next.

    A listing that is not whole always promises more, and more never comes.
    """
    after = str(call.query.get("after", ""))
    cursors = [cursor for cursor, _ in entries]
    if after in cursors:
        entries = entries[cursors.index(after) + 1 :]
    page = entries[:limit]
    made: Json = {"data": [drawing for _, drawing in page]}
    if page:
        made["paging"] = {"cursors": {"before": page[0][0], "after": page[-1][0]}}
    if len(entries) > limit or not is_whole:
        made.setdefault("paging", {})
        more = {**call.query, "after": page[-1][0] if page else after}
        made["paging"]["next"] = f"https://graph.facebook.com{call.path}?{urlencode(more)}"
    return made
