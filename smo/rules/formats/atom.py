"""Atom 1.0 (RFC 4287): every entry has its author, its permanent id, and when it last changed."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from smo.rules.formats.parts import Channel, Item, html_of, title_of, web
from smo.rules.formats.tree import ATOM, add, document


def written(channel: Channel) -> bytes:
    """The feed as an Atom document."""
    root = Element(_name("feed"))
    add(root, _name("id"), channel.id)
    add(root, _name("title"), channel.title, type="text")
    if channel.about:
        add(root, _name("subtitle"), channel.about, type="text")
    add(root, _name("updated"), _moment(channel.changed))
    add(root, _name("link"), rel="self", href=channel.addresses["atom"], type="application/atom+xml")
    add(root, _name("link"), rel="alternate", href=channel.home, type="text/html")
    if channel.hub:
        add(root, _name("link"), rel="hub", href=channel.hub)
    add(root, _name("generator"), "Gardu")
    add(add(root, _name("author")), _name("name"), channel.title)
    for item in channel.items:
        _entry(root, item)
    return document(root)


def _entry(root: Element, item: Item) -> None:
    row = add(root, _name("entry"))
    add(row, _name("id"), item.id)
    add(row, _name("title"), title_of(item), type="text")
    add(row, _name("updated"), _moment(item.changed))
    add(row, _name("published"), _moment(item.published))
    if item.author:
        add(add(row, _name("author")), _name("name"), item.author)
    if item.network:
        add(row, _name("category"), term=item.network)
    if address := web(item.url) or web(item.link):
        add(row, _name("link"), rel="alternate", href=address, type="text/html")
    for piece in item.pieces:
        told = {"rel": "enclosure", "href": piece.url, "type": piece.mime, "length": str(piece.size)}
        add(row, _name("link"), **told | ({"title": piece.alt} if piece.alt else {}))
    content = add(row, _name("content"), html_of(item), type="html")
    if item.language:
        content.set("{http://www.w3.org/XML/1998/namespace}lang", item.language)


def _name(local: str) -> str:
    return f"{{{ATOM}}}{local}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
