"""A post's public page as programs get it: its words as Open Graph and oEmbed, for those who preview links."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from urllib.parse import urlencode

from sandbox.house import House
from sandbox.look import draw
from sandbox.nouns import Account, Json, Post
from sandbox.wire import HTML, Answer, Call, Wire

ROBOTS = ("bot", "crawler", "preview", "spider")


def is_program(call: Call) -> bool:
    """Whether a program asks, by how it calls itself."""
    agent = call.headers.get("User-Agent", "").lower()
    return any(word in agent for word in ROBOTS)


def page(call: Call, wire: Wire, house: House, post: Post) -> Answer:
    """The post's words in the page's head, as networks write them for previews."""
    author = house.world.get(Account, wire.slug, post.account)
    address = wire.address(house.world, post)
    asked = urlencode({"url": address, "format": "json"})
    shown = wire.reader(house.world, post)
    head = {
        "site": wire.title,
        "title": post.extra.get("title") or (author.name if author else wire.title),
        "text": post.text if post.extra.get("title") else shown.text,
        "url": address,
        "published": datetime.fromtimestamp(post.created, UTC).isoformat(),
        "author": author.name if author else "",
        "handle": author.handle if author else "",
        "oembed": f"https://{call.host}/oembed?{asked}",
    }
    return Answer(200, draw("post.html", head=head, house=house), kind=HTML)


def oembed(call: Call) -> Answer:
    """GET /oembed?url=…: title and author, and the words in its HTML."""
    wire = call.house.wires[call.network]
    post = call.house.post_at(wire, str(call.query.get("url", "")))
    if post is None:
        return Answer(404, "Not Found", kind="text/plain")
    author = call.house.world.get(Account, call.network, post.account)
    words = wire.reader(call.house.world, post).text
    body: Json = {
        "version": "1.0",
        "type": "rich",
        "provider_name": wire.title,
        "author_name": author.name if author else "",
        "author_url": f"https://{call.host}/{author.handle}" if author else "",
        "title": post.extra.get("title", ""),
        "html": f"<blockquote><p>{html.escape(words)}</p></blockquote>",
    }
    return Answer(200, body)
