"""A blog's posts: write, change, trash, read and list them."""

from __future__ import annotations

import re

from sandbox.nouns import Account, Json, Media, Post
from sandbox.wire import Answer, Call
from sandbox.wires.wordpress import access, problems, words
from sandbox.wires.wordpress.access import SLUG
from sandbox.world import World

STATUSES = frozenset({"publish", "draft", "pending", "private", "future"})
FIELDS = frozenset(
    {
        "title",
        "content",
        "excerpt",
        "slug",
        "status",
        "date_gmt",
        "categories",
        "tags",
        "featured_media",
        "comment_status",
        "format",
        "sticky",
        "meta",
    }
)
PICTURE = re.compile(r"wp-image-(\d+)")


def create(call: Call) -> Answer:
    """POST /wp/v2/posts."""
    owner, sent = access.writer(call), _sent(call)
    if not sent.get("title") and not sent.get("content") and not sent.get("excerpt"):
        raise problems.problem(400, "empty_content", "Content, title, and excerpt are empty.")
    post = Post(SLUG, str(call.world.number()), owner.id, "", kind="post", raw=sent, extra={"status": "draft"})
    _fill(call, post, sent)
    call.world.put(post)
    call.keep(post)
    return Answer(201, drawn(call.world, post, edit=True))


def change(call: Call) -> Answer:
    """POST /wp/v2/posts/{id}."""
    access.writer(call)
    post = existing(call)
    _fill(call, post, _sent(call))
    post.edited = call.world.now()
    call.world.put(post)
    return Answer(200, drawn(call.world, post, edit=True))


def _sent(call: Call) -> Json:
    sent = access.body(call)
    if str(sent.get("status", "draft")) not in STATUSES:
        raise problems.invalid("status")
    for name in ("title", "content", "excerpt", "slug"):
        if not isinstance(sent.get(name, ""), str):
            raise problems.invalid(name)
    for name in ("categories", "tags"):
        if not all(isinstance(one, int) for one in sent.get(name, [])):
            raise problems.invalid(name)
    return {name: value for name, value in sent.items() if name in FIELDS}


def _fill(call: Call, post: Post, sent: Json) -> None:
    extra = {**post.extra, **{name: sent[name] for name in sent.keys() - {"content", "title"}}}
    if "title" in sent:
        extra["title"] = words.plain(sent["title"])
    if "content" in sent:
        post.text = words.filtered(sent["content"])
    extra["slug"] = _free(call.world, post, words.slug(str(sent.get("slug") or extra.get("slug") or "")), extra)
    post.extra = extra
    featured = str(extra.get("featured_media") or "")
    if featured and call.world.get(Media, SLUG, featured) is None:
        raise problems.problem(400, "rest_invalid_featured_media", "Invalid featured media ID.")
    shown = [id for id in PICTURE.findall(post.text) if call.world.get(Media, SLUG, id)]
    post.media = list(dict.fromkeys([*filter(None, [featured]), *shown]))
    post.visible = f"{extra.get('title', '')}\n{words.plain(post.text)}".strip()


def _free(world: World, post: Post, wanted: str, extra: Json) -> str:
    """A slug that no other post of the blog has: `-2` is put to one that is taken."""
    wanted = wanted or words.slug(str(extra.get("title", ""))) or post.id
    others = {one.extra.get("slug") for one in world.posts_by(SLUG, post.account) if one.id != post.id}
    found, place = wanted, 2
    while found in others:
        found, place = f"{wanted}-{place}", place + 1
    return found


def existing(call: Call, id: str = "") -> Post:
    post = call.world.get(Post, SLUG, id or call.args["id"])
    if post is None or post.kind != "post" or post.account != call.host:
        raise problems.no_post()
    return post


def one(call: Call) -> Answer:
    """GET /wp/v2/posts/{id}."""
    inside = access.is_inside(call)
    post = existing(call)
    if not inside and (post.deleted or post.extra["status"] != "publish"):
        raise problems.problem(401, "rest_forbidden", "Sorry, you are not allowed to do that.")
    return Answer(200, access.fields(call, drawn(call.world, post, edit=inside)))


def delete(call: Call) -> Answer:
    """DELETE /wp/v2/posts/{id}: into the trash."""
    access.writer(call)
    post = existing(call)
    if post.deleted:
        raise problems.problem(410, "rest_already_trashed", "The post has already been deleted.")
    post.deleted = call.world.now()
    call.world.put(post)
    return Answer(200, {**drawn(call.world, post, edit=True), "status": "trash"})


def listed(call: Call) -> Answer:
    """GET /wp/v2/posts, newest first; what is not published only for users."""
    inside = access.is_inside(call)
    owner = access.blog(call)
    wanted = set(str(call.query.get("status", "publish")).split(","))
    if wanted - {"publish"} and not inside:
        details = {
            "status": {"code": "rest_forbidden_status", "message": "Status is forbidden.", "data": {"status": 401}}
        }
        raise problems.problem(400, "rest_invalid_param", "Invalid parameter(s): status", details=details)
    posts = [post for post in call.world.posts_by(SLUG, owner.id) if post.kind == "post" and not post.deleted]
    posts = [post for post in posts if post.extra["status"] in wanted]
    if named := str(call.query.get("include", "")):
        posts = [post for post in posts if post.id in named.split(",")]
    if slug := call.query.get("slug"):
        posts = [post for post in posts if post.extra["slug"] == slug]
    since, changed = access.after(call, "after"), access.after(call, "modified_after")
    posts = [p for p in posts if p.created >= since and (p.edited or p.created) >= changed]
    posts, is_whole = call.visible(posts)
    posts.sort(key=lambda post: post.created, reverse=True)
    edit = inside and call.query.get("context") == "edit"
    return access.paged(call, [drawn(call.world, post, edit=edit) for post in posts], is_whole)


def link(post: Post) -> str:
    if post.extra.get("status", "publish") != "publish":
        return f"https://{post.account}/?p={post.id}"
    return f"https://{post.account}/{post.extra.get('slug', post.id)}/"


def drawn(world: World, post: Post, *, edit: bool) -> Json:
    """A post as the interface shows it."""
    extra = post.extra
    title, given = str(extra.get("title", "")), str(extra.get("excerpt", ""))
    raw = {"title": title, "content": post.text, "excerpt": given}
    shown = {"title": title, "content": post.text, "excerpt": f"<p>{words.excerpt(post.text, given)}</p>"}
    texts = {name: {"rendered": shown[name], **({"raw": raw[name]} if edit else {})} for name in raw}
    changed = post.edited or post.created
    return {
        "id": int(post.id),
        "date": access.stamp(post.created),
        "date_gmt": access.stamp(post.created),
        "modified": access.stamp(changed),
        "modified_gmt": access.stamp(changed),
        "slug": extra.get("slug", post.id),
        "status": extra.get("status", "publish"),
        "type": "post",
        "link": link(post),
        "guid": {"rendered": f"https://{post.account}/?p={post.id}"},
        **texts,
        "author": owner_number(world, post.account),
        "featured_media": int(extra.get("featured_media") or 0),
        "comment_status": extra.get("comment_status", "open"),
        "categories": extra.get("categories") or [1],
        "tags": extra.get("tags") or [],
    }


def owner_number(world: World, blog: str) -> int:
    """The user behind the application passwords of a blog."""
    found = world.get(Account, SLUG, blog)
    return 1 if found else 0
