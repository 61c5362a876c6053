"""RSS 2.0, with Atom's links to itself and its hub, and Media RSS for pictures and their alt texts."""

from __future__ import annotations

from email.utils import format_datetime
from xml.etree.ElementTree import Element

from smo.rules.formats.parts import Channel, Item, Piece, html_of, title_of, web
from smo.rules.formats.tree import ATOM, CORE, MEDIA, add, document

MINUTES = "15"


def written(channel: Channel) -> bytes:
    """The feed as an RSS 2.0 document."""
    root = Element("rss", {"version": "2.0"})
    top = add(root, "channel")
    add(top, "title", channel.title)
    add(top, "link", channel.home)
    add(top, "description", channel.about or channel.title)
    add(top, f"{{{ATOM}}}link", rel="self", href=channel.addresses["rss"], type="application/rss+xml")
    if channel.hub:
        add(top, f"{{{ATOM}}}link", rel="hub", href=channel.hub)
    add(top, "lastBuildDate", format_datetime(channel.changed))
    add(top, "generator", "Gardu")
    add(top, "docs", "https://www.rssboard.org/rss-specification")
    add(top, "ttl", MINUTES)
    for item in channel.items:
        _item(top, item)
    return document(root)


def _item(top: Element, item: Item) -> None:
    row = add(top, "item")
    add(row, "title", title_of(item))
    if address := web(item.url) or web(item.link):
        add(row, "link", address)
    add(row, "description", html_of(item))
    add(row, "guid", item.id, isPermaLink="false")
    add(row, "pubDate", format_datetime(item.published))
    if item.author:
        add(row, f"{{{CORE}}}creator", item.author)
    if item.network:
        add(row, "category", item.network)
    if item.language:
        add(row, f"{{{CORE}}}language", item.language)
    if item.pieces:  # readers take one at most; Media RSS names them all
        first = item.pieces[0]
        add(row, "enclosure", url=first.url, length=str(first.size), type=first.mime)
    for piece in item.pieces:
        _piece(row, piece)


def _piece(row: Element, piece: Piece) -> None:
    told = {"url": piece.url, "type": piece.mime, "medium": piece.kind, "fileSize": str(piece.size)}
    if piece.width and piece.height:
        told |= {"width": str(piece.width), "height": str(piece.height)}
    if piece.seconds:
        told["duration"] = str(round(piece.seconds))
    shown = add(row, f"{{{MEDIA}}}content", **told)
    if piece.alt:
        add(shown, f"{{{MEDIA}}}description", piece.alt, type="plain")
