"""A channel's feed of its newest videos, as YouTube writes it for feed readers."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from sandbox.nouns import Account, Post
from sandbox.wire import Answer, Call
from sandbox.wires.youtube.channels import uploads_of

NEWEST = 15
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns="http://www.w3.org/2005/Atom">\n'
)


def feed(call: Call) -> Answer:
    """GET /feeds/videos.xml?channel_id=UC…: the fifteen newest public videos."""
    channel = call.world.get(Account, call.network, str(call.query.get("channel_id", "")))
    if channel is None:
        return Answer(404, "Error 404 (Not Found)", kind="text/html; charset=UTF-8")
    newest = list(reversed(uploads_of(call, channel.id)))[:NEWEST]
    entries = "".join(_entry(channel, post) for post in newest)
    head = f"{HEAD} <yt:channelId>{channel.id[2:]}</yt:channelId>\n <title>{escape(channel.name)}</title>\n"
    return Answer(200, f"{head}{entries}</feed>\n", kind="text/xml; charset=UTF-8")


def _entry(channel: Account, post: Post) -> str:
    link = f"https://www.youtube.com/watch?v={post.id}"
    title = escape(str(post.extra["title"]))
    return (
        f" <entry>\n  <id>yt:video:{post.id}</id>\n  <yt:videoId>{post.id}</yt:videoId>\n"
        f"  <yt:channelId>{channel.id}</yt:channelId>\n  <title>{title}</title>\n"
        f'  <link rel="alternate" href={quoteattr(link)}/>\n'
        f"  <author><name>{escape(channel.name)}</name></author>\n"
        f"  <published>{_stamp(post.created)}</published>\n  <updated>{_stamp(post.edited or post.created)}</updated>\n"
        f"  <media:group><media:title>{title}</media:title>"
        f"<media:description>{escape(post.text)}</media:description></media:group>\n </entry>\n"
    )


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
