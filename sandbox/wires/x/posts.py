"""X's posts: create with all its rules, delete, look up, timelines, mentions, conversation search, hide."""

from __future__ import annotations

from datetime import datetime

from sandbox.nouns import Account, Json, Media, Post
from sandbox.wire import Answer, Call, Problem
from sandbox.wires.x import checks, edits, words
from sandbox.wires.x.access import me, user
from sandbox.wires.x.problems import for_fault, forbidden, invalid, missing, not_found
from sandbox.wires.x.shapes import OBJECT_PARAMETERS, Drawing, page_start, page_token
from sandbox.world import World

PAGE = ("max_results", "pagination_token", "start_time", "end_time", "since_id", "until_id")
RECENT_DAYS = 7 * 24 * 3600.0
DUPLICATE_SECONDS = 24 * 3600.0
GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."


@user("tweet.read", "tweet.write", "users.read", bucket="create", limit=100)
def create(call: Call) -> Answer:
    """POST /2/tweets."""
    author = me(call)
    sent = checks.body(call, checks.CREATE)
    text = sent.get("text", "")
    media = [str(id) for id in sent.get("media", {}).get("media_ids", [])]
    kinds = [name for name in ("media", "poll", "quote_tweet_id") if name in sent]
    if len(kinds) > 1:
        raise invalid(f"$: only one of {', '.join(kinds)} may be given", **{kinds[0]: str(sent[kinds[0]])})
    if not text.strip() and not media:
        raise invalid("$.text: must not be empty without media", text=text)
    _fits(author, text)
    parent = _answered(call, author, sent)
    _ready(call, author, media)
    _is_new(call.world, author, text, parent, media)
    post = call.world.put(
        Post(
            network="x",
            id=call.house.wires["x"].new_id(call.world, "post"),
            account=author.id,
            text=text,
            visible=words.shown(text),
            parent=parent.id if parent else "",
            root=(parent.root or parent.id) if parent else "",
            media=media,
            raw=sent,
            extra=_extra(call.world, text, parent, sent),
        )
    )
    call.keep(post)
    call.tell(call.house.wires["x"].events(call.world, post, "create"))
    wrapped = words.wrap(text, post.id, len(media))
    data = {"edit_history_tweet_ids": [post.id], "id": post.id, "text": wrapped.text}
    return Answer(201, {"data": data})


def _fits(author: Account, text: str) -> None:
    limit = words.LONG_LIMIT if author.extra.get("premium") else words.LIMIT
    if words.weigh(text) > limit:
        raise invalid(
            "Your Tweet text is too long. For more information on how Twitter determines text length, "
            "see https://github.com/twitter/twitter-text.",
            text=text[:100],
        )
    if len(words.CASHTAG.findall(text)) > 1:
        raise forbidden("Posts may contain a maximum of one cashtag.")


def _answered(call: Call, author: Account, sent: Json) -> Post | None:
    """The post this one answers: our own, or one whose author called us."""
    asked = sent.get("reply")
    if asked is None:
        return None
    parent = call.world.get(Post, "x", asked["in_reply_to_tweet_id"])
    if parent is None or parent.deleted:
        raise forbidden(GONE)
    if parent.account != author.id and author.id not in parent.extra.get("mentions", []):
        raise forbidden("You are not permitted to perform this action.")
    return parent


def _ready(call: Call, author: Account, ids: list[str]) -> None:
    """Every media is there, ours, ready and not too old; one video or GIF, or up to four pictures."""
    now = call.world.now()
    found = [call.world.get(Media, "x", id) for id in ids]
    good = all(
        one and one.account == author.id and one.state == "ready" and one.blob and one.ready_at <= now <= one.expires
        for one in found
    )
    if not good or len(set(ids)) != len(ids):
        raise invalid("Your media IDs are invalid.", **{"media.media_ids": ids})
    moving = [one for one in found if one and one.extra.get("type") != "photo"]
    if moving and len(ids) > 1:
        raise invalid("You may only upload one video or GIF, or up to four images.", **{"media.media_ids": ids})


def _is_new(world: World, author: Account, text: str, parent: Post | None, media: list[str]) -> None:
    """The same words, to the same place, with the same pictures, within a day: refused."""
    mine = (words.normal(text), parent.id if parent else "", _blobs(world, media))
    since = world.now() - DUPLICATE_SECONDS
    for post in reversed(world.posts_by("x", author.id, last=100)):
        if post.created < since or world.repeats_allowed:
            break
        if not post.deleted and (words.normal(post.text), post.parent, _blobs(world, post.media)) == mine:
            raise forbidden("You are not allowed to create a Tweet with duplicate content.")


def _blobs(world: World, ids: list[str]) -> list[str]:
    found = (world.get(Media, "x", id) for id in ids)
    return [one.blob for one in found if one]


def _extra(world: World, text: str, parent: Post | None, sent: Json) -> Json:
    extra: Json = {"mentions": mentioned(world, text, parent)}
    for name in ("paid_partnership", "made_with_ai", "poll", "reply_settings"):
        if name in sent:
            extra[name] = sent[name]
    return extra


def mentioned(world: World, text: str, parent: Post | None) -> list[str]:
    """Whom a post calls: the names in it and, for an answer, the author it answers and those called there."""
    named = (world.by_handle("x", hit[1]) for hit in words.MENTION.finditer(text))
    ids = [account.id for account in named if account]
    if parent:
        ids += [parent.account, *parent.extra.get("mentions", [])]
    return list(dict.fromkeys(ids))


@user("tweet.read", "tweet.write", "users.read", bucket="delete", limit=50)
def delete(call: Call) -> Answer:
    """DELETE /2/tweets/{id}."""
    post = call.world.get(Post, "x", call.args["id"])
    if post is None or post.deleted:
        raise missing("tweet", call.args["id"])
    if post.account != call.account:
        raise forbidden("You are not authorized to delete this Tweet.")
    post.deleted = call.world.now()
    call.world.put(post)
    call.tell(call.house.wires["x"].events(call.world, post, "delete"))
    return Answer(200, {"data": {"deleted": True}})


@user("tweet.read", "tweet.moderate.write", "users.read", bucket="hide", limit=50)
def hide(call: Call) -> Answer:
    """PUT /2/tweets/{tweet_id}/hidden, by the author of the conversation."""
    sent = checks.body(call, checks.HIDE)
    post = call.world.get(Post, "x", call.args["tweet_id"])
    if post is None or post.deleted:
        raise missing("tweet", call.args["tweet_id"])
    root = call.world.get(Post, "x", post.root) if post.root else None
    if root is None or root.account != call.account:
        raise forbidden("You are not permitted to perform this action.")
    post.hidden = bool(sent["hidden"])
    call.world.put(post)
    return Answer(200, {"data": {"hidden": post.hidden}})


@user("tweet.read", "users.read", bucket="lookup", limit=5000, app_too=True)
def one(call: Call) -> Answer:
    """GET /2/tweets/{id}."""
    checks.query(call, *OBJECT_PARAMETERS)
    drawing = Drawing(call)
    post = edits.post_with(call.world, call.args["id"])
    if post is None or post.deleted:
        # X answers 200 with an error and no data.
        return Answer(200, {"errors": [not_found("tweet", call.args["id"], "id")]})
    return Answer(200, _with_includes({"data": drawing.post(post, call.args["id"])}, drawing, [post]))


@user("tweet.read", "users.read", bucket="lookup", limit=5000, app_too=True)
def several(call: Call) -> Answer:
    """GET /2/tweets?ids=: data and errors may stand side by side."""
    checks.query(call, "ids", *OBJECT_PARAMETERS)
    drawing = Drawing(call)
    ids = [id for id in str(call.query.get("ids", "")).split(",") if id]
    if not 1 <= len(ids) <= 100 or not all(id.isdigit() for id in ids):
        raise invalid("The `ids` query parameter must hold 1 to 100 numbers", ids=call.query.get("ids", ""))
    found = {id: edits.post_with(call.world, id) for id in ids}
    there = {id: post for id, post in found.items() if post and not post.deleted}
    drawn = {"data": [drawing.post(post, id) for id, post in there.items()]} if there else {}
    answer = _with_includes(drawn, drawing, list(there.values()))
    gone = [id for id in ids if id not in there]
    if gone:
        answer["errors"] = [not_found("tweet", id, "ids") for id in gone]
    return Answer(200, answer)


def _with_includes(body: Json, drawing: Drawing, posts: list[Post]) -> Json:
    includes = drawing.includes(posts)
    return {**body, "includes": includes} if includes else body


@user("tweet.read", "users.read", bucket="timeline", limit=900, app_too=True)
def timeline(call: Call) -> Answer:
    """GET /2/users/{id}/tweets, newest first."""
    checks.query(call, *PAGE, "exclude", *OBJECT_PARAMETERS)
    posts = [post for post in call.world.posts_by("x", call.args["id"]) if not post.deleted]
    if "replies" in str(call.query.get("exclude", "")).split(","):
        posts = [post for post in posts if not post.parent]
    return _listing(call, posts, 10, 5)


@user("tweet.read", "users.read", bucket="mentions", limit=300, app_too=True)
def mentions(call: Call) -> Answer:
    """GET /2/users/{id}/mentions, newest first."""
    checks.query(call, *PAGE, *OBJECT_PARAMETERS)
    mine = call.args["id"]
    posts = [post for post in call.world.on_wall("x", mine) if not post.deleted and post.account != mine]
    return _listing(call, posts, 10, 5)


@user("tweet.read", "users.read", bucket="search", limit=300, app_too=True)
def search(call: Call) -> Answer:
    """GET /2/tweets/search/recent: conversation_id:, from:, to:, is:reply and plain words, of 7 days."""
    checks.query(call, *PAGE, "query", "next_token", "sort_order", *OBJECT_PARAMETERS)
    asked = str(call.query.get("query", ""))
    if not asked:
        raise invalid("The `query` query parameter can not be empty", query="")
    since = call.world.now() - RECENT_DAYS
    found: dict[str, Post] = {}
    for branch in asked.split(" OR "):
        found |= {post.id: post for post in _matching(call, branch.split()) if post.created >= since}
    return _listing(call, list(found.values()), 10, 10)


def _matching(call: Call, terms: list[str]) -> list[Post]:
    root = next((term[16:] for term in terms if term.startswith("conversation_id:")), "")
    pool = call.world.in_conversation("x", root) if root else call.world.all(Post, "x")
    return [post for post in pool if not post.deleted and all(_matches(call, post, term) for term in terms)]


def _matches(call: Call, post: Post, term: str) -> bool:
    wanted = not term.startswith("-")
    name, _, value = term.removeprefix("-").partition(":")
    if name == "conversation_id":
        return (post.root == value) is wanted
    if name in ("from", "to"):
        parent = call.world.get(Post, "x", post.parent) if post.parent else None
        who = post.account if name == "from" else parent.account if parent else ""
        account = call.world.get(Account, "x", value) or call.world.by_handle("x", value)
        return (account is not None and account.id == who) is wanted
    if name == "is" and value == "reply":
        return bool(post.parent) is wanted
    if value:
        raise invalid(f"Reference to invalid operator '{name}'.", query=str(call.query["query"]))
    return (term.removeprefix("-").casefold() in post.text.casefold()) is wanted


def _moment(call: Call, name: str) -> float | None:
    given = call.query.get(name)
    if given is None:
        return None
    try:
        return datetime.fromisoformat(str(given)).timestamp()
    except ValueError as error:
        raise invalid(f"The `{name}` query parameter value [{given}] is not a valid date", **{name: given}) from error


def _listing(call: Call, posts: list[Post], default: int, low: int) -> Answer:
    drawing = Drawing(call)
    size = checks.number(call, "max_results", default, low, 100)
    since, until = _moment(call, "start_time"), _moment(call, "end_time")
    posts, whole = call.visible(posts)
    after = page_start(call, "pagination_token", "next_token")
    if after and not whole:
        raise Problem(for_fault("listing_503", call, None))
    newest = sorted(posts, key=lambda post: int(post.id), reverse=True)
    bounds = (
        (lambda post: int(post.id) > int(call.query["since_id"]), "since_id" in call.query),
        (lambda post: int(post.id) < int(call.query["until_id"]), "until_id" in call.query),
        (lambda post: since is None or post.created >= since, True),
        (lambda post: until is None or post.created < until, True),
        (lambda post: int(post.id) < int(after or 0), bool(after)),
    )
    for keeps, asked in bounds:
        newest = [post for post in newest if keeps(post)] if asked else newest
    page = newest[:size]
    meta: Json = {"result_count": len(page)}
    if page:
        meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
    if len(newest) > size or (page and not whole):
        meta["next_token"] = page_token(page[-1].id)
    body: Json = {"data": [drawing.post(post) for post in page]} if page else {}
    return Answer(200, {**_with_includes(body, drawing, page), "meta": meta})
