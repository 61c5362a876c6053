"""What a blog shows beside its interface: a front page that names it, its index, its feed, its consent page."""

from __future__ import annotations

from email.utils import formatdate
from xml.sax.saxutils import escape

from sandbox import consent, oauth
from sandbox.demo import staff_of
from sandbox.nouns import Json, Post
from sandbox.wire import HTML, Answer, Call
from sandbox.wires.wordpress import access, posts, words
from sandbox.wires.wordpress.access import SLUG

RELATION = "https://api.w.org/"
MAY = {
    "edit_posts": "Write and change posts on this blog as you",
    "upload_files": "Add pictures to the media library",
    "moderate_comments": "Read, answer, hold and approve comments",
}
FEED_LENGTH = 10


def home(call: Call) -> Answer:
    """GET /: the front page; it says in a header where the interface is."""
    owner = access.blog(call)
    root = f"https://{call.host}/wp-json/"
    newest = _live(call)[:FEED_LENGTH]
    rows = "".join(f'<li><a href="{posts.link(one)}">{escape(str(one.extra["title"]))}</a></li>' for one in newest)
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(owner.name)}</title>'
        f'<link rel="{RELATION}" href="{root}">'
        f'<link rel="alternate" type="application/rss+xml" href="https://{call.host}/feed/"></head>'
        f"<body><h1>{escape(owner.name)}</h1><ul>{rows}</ul></body></html>"
    )
    return Answer(200, page, {"Link": f'<{root}>; rel="{RELATION}"'}, HTML)


def index(call: Call) -> Answer:
    """GET /wp-json/: who the blog is, and where it gives application passwords."""
    owner = access.blog(call)
    here = f"https://{call.host}"
    body: Json = {
        "name": owner.name,
        "description": owner.extra.get("about", ""),
        "url": here,
        "home": here,
        "namespaces": ["oembed/1.0", "wp/v2"],
        "authentication": {
            "application-passwords": {
                "endpoints": {"authorization": f"{here}/wp-admin/authorize-application.php"},
            }
        },
    }
    return Answer(200, body)


def me(call: Call) -> Answer:
    """GET /wp/v2/users/me."""
    owner = access.writer(call)
    user = access.secret(call).partition(":")[0]
    body: Json = {
        "id": posts.owner_number(call.world, owner.id),
        "name": staff_of(call.house, SLUG).name,
        "slug": user,
        "avatar_urls": {},
        "capabilities": dict.fromkeys(("publish_posts", *MAY), True),
    }
    return Answer(200, body)


def authorize(call: Call) -> Answer:
    """The page that makes an application password, and what the person decided on it."""
    owner = access.blog(call)
    asked = call.query if call.method == "GET" else call.form()
    app = call.house.app(SLUG)
    back = str(asked.get("success_url", ""))
    if not asked.get("app_name") or not back.startswith(("https://", *app.redirects)):
        return consent.wrong(call, "The Authorize Application request is not allowed.")
    staff = staff_of(call.house, SLUG)
    if call.method == "GET":
        return consent.ask(call, app=app, choices=[staff], scopes=MAY)
    if asked.get("decision") != "allow":
        return consent.back(str(asked.get("reject_url") or oauth.redirect_to(back, success="false")))
    token = call.house.ready_token(owner)
    user, _, password = token.id.partition(":")
    return consent.back(oauth.redirect_to(back, site_url=f"https://{owner.id}", user_login=user, password=password))


def feed(call: Call) -> Answer:
    """GET /feed/: RSS 2.0 of the newest posts."""
    owner = access.blog(call)
    items = "".join(
        f"<item><title>{escape(str(one.extra['title']))}</title><link>{posts.link(one)}</link>"
        f"<pubDate>{formatdate(one.created, usegmt=True)}</pubDate>"
        f'<guid isPermaLink="false">https://{owner.id}/?p={one.id}</guid>'
        f"<description>{escape(words.excerpt(one.text, str(one.extra.get('excerpt', ''))))}</description></item>"
        for one in _live(call)[:FEED_LENGTH]
    )
    page = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(owner.name)}</title><link>https://{owner.id}</link>"
        f"<description>{escape(str(owner.extra.get('about', '')))}</description>{items}</channel></rss>"
    )
    return Answer(200, page, kind="application/rss+xml; charset=UTF-8")


def _live(call: Call) -> list[Post]:
    mine = call.world.posts_by(SLUG, call.host)
    return [post for post in reversed(mine) if post.kind == "post" and not post.deleted and _is_out(post)]


def _is_out(post: Post) -> bool:
    return bool(post.extra.get("status", "publish") == "publish")
