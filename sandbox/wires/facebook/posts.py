"""A Page's posts: write them with all their rules, read, edit, delete, list, count."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sandbox.nouns import Account, Json, Media, Post
from sandbox.wire import Answer, Call, Problem
from sandbox.wires.facebook import access, problems, shapes
from sandbox.wires.facebook.access import metered
from sandbox.world import World

LONGEST = 63_206
MOST_PHOTOS = 10
SAME_WITHIN = 24 * 3600.0
LISTING = ("limit", "after", "before", "since", "until")
WRITING = ("message", "link", "attached_media", "published", "sponsor_id", "sponsor_relationship")
EARLIEST, LATEST = 10 * 60.0, 30 * 24 * 3600.0


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def node(call: Call, id: str) -> Post:
    """A live post or comment by its id."""
    found = call.world.get(Post, "facebook", id)
    if found is None or found.deleted:
        raise problems.missing(call, id)
    return found


def acting(call: Call) -> Account:
    """The Page that acts in this call: the token's, which must be the one in the path."""
    token = access.holder(call)
    brand = access.page(call, token)
    access.allows(token, "pages_manage_posts", "pages_read_engagement")
    if call.args["id"] not in (brand.id, "me"):
        raise problems.forbidden()
    return brand


@metered
def create(call: Call) -> Answer:
    """POST /{page}/feed."""
    brand = acting(call)
    given = access.knows(call, *WRITING, "scheduled_publish_time")
    text, link = given.get("message", ""), given.get("link", "")
    if units(text) > LONGEST:
        raise problems.wrong(f"Param message must be at most {LONGEST} characters long.")
    if link and not link.startswith(("http://", "https://")):
        raise problems.problem(400, 1500, "(#1500) The url you supplied is invalid")
    photos = attached(call, brand, given.get("attached_media", ""))
    if photos and link:
        raise problems.wrong("Only one of link and attached_media may be given.")
    if not (text.strip() or link or photos):
        raise problems.wrong("The status must have a message, link or attachment.")
    if not access.truth(given, "published", True):
        raise problems.wrong("This sandbox publishes at once: leave published and scheduled_publish_time out.")
    check_new(call.world, brand, text, link, photos)
    return published(call, brand, text, link=link, media=photos, raw=dict(given))


def attached(call: Call, brand: Account, given: str) -> list[str]:
    """The unpublished photos of an attached_media parameter, which must be a JSON array of objects."""
    if not given:
        return []
    try:
        asked: Any = json.loads(given)  # Any: somebody's JSON
        ids = [str(one["media_fbid"]) for one in asked]
    except (ValueError, TypeError, KeyError) as error:
        raise problems.wrong("param attached_media must be an array.") from error
    if not isinstance(asked, list) or not 1 <= len(ids) <= MOST_PHOTOS or len(set(ids)) != len(ids):
        raise problems.wrong(f"param attached_media must hold 1 to {MOST_PHOTOS} different photos.")
    for id in ids:
        photo = call.world.get(Media, "facebook", id)
        if photo is None or photo.account != brand.id or photo.state != "ready":
            raise problems.wrong(f"Invalid parameter: attached_media {id} cannot be used.")
        if photo.extra.get("used"):
            raise problems.problem(400, 100, "Photos already posted", subcode=1366051)
    return ids


def check_new(world: World, brand: Account, text: str, link: str, photos: list[str]) -> None:
    """The same words, link and pictures within a day: Facebook's 506."""
    mine = (" ".join(text.split()), link, blobs(world, photos))
    since = world.now() - SAME_WITHIN
    for post in reversed(world.posts_by("facebook", brand.id)[-50:]):
        if post.created < since or world.repeats_allowed:
            break
        theirs = (" ".join(post.text.split()), post.link, blobs(world, post.media))
        if post.kind == "post" and not post.deleted and theirs == mine:
            raise Problem(problems.duplicate())


def blobs(world: World, ids: list[str]) -> list[str]:
    found = (world.get(Media, "facebook", id) for id in ids)
    return [one.blob for one in found if one]


def published(
    call: Call, brand: Account, text: str, *, link: str = "", media: list[str], raw: Json, answer: Json | None = None
) -> Answer:
    """Put a post on the Page's wall and tell whoever listens. `answer` replaces {"id"}."""
    raw.pop("access_token", None)
    post = call.world.put(
        Post(
            network="facebook",
            id=f"{brand.id}_{call.house.wires['facebook'].new_id(call.world, 'post')}",
            account=brand.id,
            text=text,
            visible=text,
            link=link,
            media=media,
            raw=raw,
            extra={name: raw[name] for name in ("sponsor_id",) if name in raw},
        )
    )
    for id in media:
        one = call.world.get(Media, "facebook", id)
        if one is not None:
            one.extra = {**one.extra, "used": post.id}
            call.world.put(one)
    call.keep(post)
    call.tell(call.house.wires["facebook"].events(call.world, post, "create"))
    return Answer(200, answer if answer is not None else {"id": post.id})


@metered
def feed(call: Call) -> Answer:
    """GET /{page}/feed: its own posts and those of visitors; /posts and /published_posts only its own."""
    token = access.holder(call)
    brand = access.page(call, token)
    access.allows(token, "pages_read_engagement")
    if call.args["id"] not in (brand.id, "me"):
        brand = access.public_page(call, call.args["id"])
    given = access.knows(call, *LISTING)
    posts = [post for post in call.world.posts_by("facebook", brand.id) if post.kind == "post"]
    if call.path.rstrip("/").endswith("/feed"):
        posts += [post for post in call.world.on_wall("facebook", brand.id) if post.kind == "post"]
    return listed(call, posts, given)


def listed(call: Call, posts: list[Post], given: dict[str, str], *, newest_first: bool = True) -> Answer:
    """A page of posts, after the listing faults, between `since` and `until`."""
    seen, is_whole = call.visible(shapes.alive(posts))
    since, until = _moment(given, "since"), _moment(given, "until")
    seen = [post for post in seen if (since or 0) <= int(post.created) and (until is None or post.created <= until)]
    seen.sort(key=lambda post: (post.created, post.id), reverse=newest_first)
    limit = access.number(given, "limit", 25, 100)
    entries = [(post.id, shapes.draw_post(call, post, given.get("fields", ""))) for post in seen]
    return Answer(200, shapes.paged(call, entries, limit, is_whole))


def _moment(given: dict[str, str], name: str) -> float | None:
    value = given.get(name)
    if value is None:
        return None
    try:
        return float(value) if value.isdigit() else datetime.fromisoformat(value).timestamp()
    except ValueError as error:
        raise problems.wrong(f"Param {name} must be a unix timestamp or a date") from error


@metered
def tagged(call: Call) -> Answer:
    """GET /{page}/tagged: posts of others that call the Page."""
    token = access.holder(call)
    brand = access.page(call, token)
    access.allows(token, "pages_read_user_content")
    given = access.knows(call, *LISTING)
    posts = [post for post in call.world.on_wall("facebook", brand.id) if post.kind == "post"]
    return listed(call, posts, given)


@metered
def several(call: Call) -> Answer:
    """GET /?ids=: one that is missing fails the whole call."""
    access.allows(access.holder(call), "pages_read_engagement")
    given = access.knows(call, "ids")
    ids = list(dict.fromkeys(filter(None, given.get("ids", "").split(","))))
    if not 1 <= len(ids) <= 50:
        raise problems.wrong("Too many or no IDs. Maximum: 50.")
    found = {id: call.world.get(Post, "facebook", id) for id in ids}
    gone = [id for id, post in found.items() if post is None or post.deleted]
    if gone:
        raise problems.problem(404, 803, f"(#803) Some of the aliases you requested do not exist: {','.join(gone)}")
    drawn = {id: shapes.draw_post(call, post, given.get("fields", "")) for id, post in found.items() if post}
    return Answer(200, drawn)


@metered
def one(call: Call) -> Answer:
    """GET /{id}: a post, a comment, a video, a Page, or whoever the token is."""
    token = access.holder(call)
    given = access.knows(call)
    id = token.account if call.args["id"] == "me" else call.args["id"]
    account = call.world.get(Account, "facebook", id) or call.world.by_handle("facebook", id)
    if account is not None:
        if account.id != id:  # by its name in addresses
            account = access.public_page(call, account.id)
        known = {"id": account.id, "name": account.name, "username": account.handle}
        asked = [name for name in given.get("fields", "id,name").split(",") if name in known]
        return Answer(200, {name: known[name] for name in dict.fromkeys([*asked, "id"])})
    video = call.world.get(Media, "facebook", id)
    if video is not None and video.account == token.account:
        return Answer(200, _video(call, video, given.get("fields", "")))
    return Answer(200, shapes.draw_post(call, node(call, id), given.get("fields", "")))


def _video(call: Call, video: Media, asked: str) -> Json:
    post = call.world.get(Post, "facebook", video.extra.get("used", ""))
    known: Json = {
        "id": video.id,
        "title": video.extra.get("title", ""),
        "post_id": post.id if post else None,
        "permalink_url": f"/{video.account}/videos/{video.id}/",
        "status": {"video_status": "ready" if video.state == "ready" else "processing"},
    }
    names = [name for name in asked.split(",") if name] or ["id"]
    for name in names:
        if name not in known:
            raise problems.wrong(f"Tried accessing nonexisting field ({name}) on node type (Video)")
    return {name: known[name] for name in dict.fromkeys([*names, "id"]) if known[name] is not None}


def may_change(call: Call) -> tuple[Account, Post]:
    """The Page and the node it may change: its own, or what others said on its wall."""
    token = access.holder(call)
    brand = access.page(call, token)
    post = node(call, call.args["id"])
    access.allows(token, "pages_manage_engagement" if post.kind == "comment" else "pages_manage_posts")
    if brand.id not in (post.account, post.wall):
        raise problems.forbidden("(#200) Permissions error")
    return brand, post


@metered
def change(call: Call) -> Answer:
    """POST /{id}: hide or show a comment, or change one's own words."""
    brand, post = may_change(call)
    given = access.knows(call, "is_hidden", "message")
    if "is_hidden" in given:
        if post.kind != "comment" or post.account == brand.id:
            raise problems.wrong("Comments of the Page itself cannot be hidden.")
        post.hidden = access.truth(given, "is_hidden", False)
    elif "message" in given:
        if post.account != brand.id:
            raise problems.forbidden("(#200) Permissions error")
        post.text = post.visible = given["message"]
        post.edited = call.world.now()
        call.tell(call.house.wires["facebook"].events(call.world, post, "edit"))
    else:
        raise problems.wrong("Nothing to change.")
    call.world.put(post)
    return Answer(200, {"success": True})


def changes(call: Call) -> str:
    """What a POST to a node does, for the faults."""
    try:
        return "hide" if "is_hidden" in access.sent(call) else "publish"
    except Problem:
        return "publish"


@metered
def delete(call: Call) -> Answer:
    """DELETE /{id}."""
    _, post = may_change(call)
    post.deleted = call.world.now()
    call.world.put(post)
    call.tell(call.house.wires["facebook"].events(call.world, post, "delete"))
    return Answer(200, {"success": True})
