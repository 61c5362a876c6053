"""Comments below a blog's posts: say, answer, hold back, approve, trash and list them."""

from __future__ import annotations

from sandbox.nouns import Account, Json, Post
from sandbox.wire import Answer, Call
from sandbox.wires.wordpress import access, posts, problems, words
from sandbox.wires.wordpress.access import SLUG
from sandbox.world import World

PREFIX = "comment-"
LONGEST = 65_525
HELD = frozenset({"hold", "spam", "0"})


def create(call: Call) -> Answer:
    """POST /wp/v2/comments, by a user of the blog."""
    owner, sent = access.writer(call), access.body(call)
    post = posts.existing(call, str(sent.get("post", "")))
    _open(post)
    text = words.filtered(str(sent.get("content", "")))
    if not text.strip():
        raise problems.problem(400, "rest_comment_content_invalid", "Invalid comment content.")
    if len(text) > LONGEST:
        raise problems.problem(400, "comment_content_column_length", "Your comment is too long.")
    parent = existing(call, str(sent["parent"])).id if sent.get("parent") else post.id
    repeated = [one for one in call.world.replies_to(SLUG, parent) if (one.account, one.text) == (owner.id, text)]
    if repeated and not call.world.repeats_allowed:
        return problems.duplicate()
    made = said(call.world, owner.id, text, post, parent)
    call.keep(made)
    return Answer(201, drawn(call.world, made, edit=True))


def _open(post: Post) -> None:
    if post.deleted:
        raise problems.problem(403, "rest_comment_trash_post", "Sorry, you are not allowed to comment on this post.")
    if post.extra["status"] in ("draft", "pending"):
        raise problems.problem(403, "rest_comment_draft_post", "Sorry, you are not allowed to comment on this post.")
    if post.extra.get("comment_status") == "closed":
        raise problems.problem(403, "rest_comment_closed", "Sorry, comments are closed for this item.")


def said(world: World, author: str, text: str, post: Post, parent: str) -> Post:
    """Somebody says something below a post."""
    id = f"{PREFIX}{world.number()}"
    made = Post(SLUG, id, author, text, words.plain(text), "comment", parent, post.id, post.account)
    return world.put(made)


def existing(call: Call, number: str = "") -> Post:
    found = call.world.get(Post, SLUG, f"{PREFIX}{number or call.args['id']}")
    if found is None or found.wall != call.host:
        raise problems.no_comment()
    return found


def change(call: Call) -> Answer:
    """POST /wp/v2/comments/{id}: hold, approve, or change the words."""
    access.writer(call)
    comment, sent = existing(call), access.body(call)
    if "status" in sent:
        comment.hidden = str(sent["status"]) in HELD
    if "content" in sent:
        comment.text = words.filtered(str(sent["content"]))
        comment.visible, comment.edited = words.plain(comment.text), call.world.now()
    call.world.put(comment)
    return Answer(200, drawn(call.world, comment, edit=True))


def delete(call: Call) -> Answer:
    """DELETE /wp/v2/comments/{id}: into the trash."""
    access.writer(call)
    comment = existing(call)
    if comment.deleted:
        raise problems.problem(410, "rest_already_trashed", "The comment has already been trashed.")
    comment.deleted = call.world.now()
    call.world.put(comment)
    return Answer(200, {**drawn(call.world, comment, edit=True), "status": "trash"})


def listed(call: Call) -> Answer:
    """GET /wp/v2/comments; those on hold for users only."""
    inside = access.is_inside(call)
    if call.query.get("status", "approve") != "approve" and not inside:
        raise problems.problem(401, "rest_forbidden_param", "Query parameter not permitted: status")
    owner = access.blog(call)
    mine = [post.id for post in call.world.posts_by(SLUG, owner.id) if post.kind == "post"]
    wanted = [call.query["post"]] if "post" in call.query else mine
    found = [one for id in wanted for one in call.world.in_conversation(SLUG, str(id))]
    found = [one for one in found if one.wall == owner.id and not one.deleted and one.created >= _after(call)]
    if call.query.get("status", "approve") != "all":
        found = [one for one in found if not one.hidden]
    if parent := call.query.get("parent"):
        found = [one for one in found if one.parent == f"{PREFIX}{parent}"]
    if author := call.query.get("author"):
        found = [one for one in found if str(_number(call.world, one)) == str(author)]
    found, is_whole = call.visible(found)
    found.sort(key=lambda one: one.created, reverse=call.query.get("order", "desc") == "desc")
    edit = inside and call.query.get("context") == "edit"
    return access.paged(call, [drawn(call.world, one, edit=edit) for one in found], is_whole)


def _after(call: Call) -> float:
    return access.after(call, "after")


def _number(world: World, comment: Post) -> int:
    """The author's number as a user of the blog; 0 for guests."""
    return posts.owner_number(world, comment.account) if comment.account == comment.wall else 0


def drawn(world: World, comment: Post, *, edit: bool) -> Json:
    """A comment as the interface shows it; an author's e-mail address to users only."""
    post, author = world.get(Post, SLUG, comment.root), world.get(Account, SLUG, comment.account)
    handle, name = (author.handle, author.name) if author else ("", "")
    number = int(comment.id.removeprefix(PREFIX))
    is_answer = comment.parent.startswith(PREFIX)
    return {
        "id": number,
        "post": int(comment.root),
        "parent": int(comment.parent.removeprefix(PREFIX)) if is_answer else 0,
        "author": _number(world, comment),
        "author_name": name,
        "author_url": "",
        **({"author_email": f"{handle}@mail.example"} if edit else {}),
        "date": access.stamp(comment.created),
        "date_gmt": access.stamp(comment.created),
        "content": {"rendered": f"<p>{comment.text}</p>\n", **({"raw": comment.text} if edit else {})},
        "link": f"{posts.link(post)}#comment-{number}" if post else "",
        "status": "hold" if comment.hidden else "approved",
        "type": "comment",
    }
