"""How a post or an answer gets onto a blog: terms and pictures first, then the one call that counts."""

from __future__ import annotations

from networks.adapters.wordpress import terms, words
from networks.adapters.wordpress.errors import Json
from networks.adapters.wordpress.limits import LIMITS, SLUG, count
from networks.adapters.wordpress.site import COMMENTS, POSTS, Site
from networks.adapters.wordpress.uploads import Uploads
from networks.protocol import Content, NetworkError, OpenMedia, Receipt, Refused, Target, TargetKind, TryLater

ANSWERS = frozenset({TargetKind.COMMENT, TargetKind.COMMENT_REPLY})
STATUSES = frozenset({"publish", "draft", "pending"})
COMMENT = "comment-"  # what the blog itself puts before a comment's number in an address


def comment_number(remote_id: str) -> int:
    """The number of a comment. Raises ValueError for the id of a post."""
    return int(remote_id.removeprefix(COMMENT)) if remote_id.startswith(COMMENT) else int(f"no comment: {remote_id}")


def publish(site: Site, content: Content, uploads: Uploads, open_media: OpenMedia) -> Receipt:
    """A post. Its first picture is the featured one, the others stand in it. Raises like `Publishes.publish`."""
    pictures = uploads.bring(site, content.media, open_media)
    body = _body(content, pictures)
    if pictures:
        body["featured_media"] = pictures[0].id
    for name, taxonomy in (("categories", terms.CATEGORIES), ("tags", terms.TAGS)):
        if wanted := str(content.options.get(name, "")):
            body[name] = terms.numbers(site, taxonomy, wanted)
    status = str(content.options.get("status", "publish"))
    body["status"] = status if status in STATUSES else "publish"
    try:
        made = site.put_live(POSTS, body)
    except TryLater:
        raise
    except NetworkError:
        uploads.used(site, content.media)
        raise
    uploads.used(site, content.media)
    return Receipt(str(made["id"]), _public(site, made) if body["status"] == "publish" else "")


def _public(site: Site, made: Json) -> str:
    """Where readers find it; a draft is nowhere yet."""
    return str(made.get("link", "")) or f"https://{site.sender.uid}/?p={made['id']}"


def _body(content: Content, pictures: list[words.Picture]) -> Json:
    body: Json = {"title": words.titled(content.title), "content": words.blocks(content, pictures[1:])}
    for name in ("excerpt", "slug"):
        if given := str(content.options.get(name, "")).strip():
            body[name] = given[:SLUG] if name == "slug" else words.titled(given)
    if content.options.get("comments_closed"):
        body["comment_status"] = "closed"
    return body


def edit(site: Site, number: str, content: Content) -> None:
    """Other words in the place of the post's own; its pictures stay. Raises like `Edits.edit`."""
    shown = site.get(f"{POSTS}/{int(number)}", {"context": "edit", "_fields": "id,content"})
    figures = words.figures_of(str(shown["content"]["raw"]))
    body = _body(content, [])
    body["content"] = "\n\n".join(filter(None, [body["content"], figures]))
    site.put_live(f"{POSTS}/{int(number)}", body)


def reply(site: Site, content: Content, target: Target) -> Receipt:
    """A comment below a post, or an answer to one. Raises like `publish`."""
    if target.kind not in ANSWERS:
        raise Refused("A blog takes comments and answers to comments only.")
    if content.media:
        raise Refused("Pictures cannot be sent in a comment on a blog.")
    if count(words.comment(content)) > LIMITS.comment:
        raise Refused("The comment is too long for the blog.")
    body: Json = {"post": int(target.post_id), "content": words.comment(content)}
    if target.kind is TargetKind.COMMENT_REPLY and target.message_id:
        body["parent"] = comment_number(target.message_id)
    made = site.put_live(COMMENTS, body, what="comment")
    return Receipt(f"{COMMENT}{made['id']}", str(made.get("link", "")))
