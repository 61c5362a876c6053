"""JSON Feed 1.1."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from smo.rules.formats.parts import Channel, Item, Piece, clean, html_of, title_of, web

Told = dict[str, Any]  # Any: JSON values
VERSION = "https://jsonfeed.org/version/1.1"


def written(channel: Channel) -> bytes:
    """The feed as a JSON document."""
    told: Told = {
        "version": VERSION,
        "title": clean(channel.title),
        "home_page_url": channel.home,
        "feed_url": channel.addresses["json"],
    }
    if channel.about:
        told["description"] = clean(channel.about)
    if channel.hub:
        told["hubs"] = [{"type": "WebSub", "url": channel.hub}]
    told["items"] = [_item(item) for item in channel.items]
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _item(item: Item) -> Told:
    told: Told = {
        "id": item.id,
        "title": title_of(item),
        "content_html": html_of(item),
        "content_text": clean(item.text),
        "date_published": _moment(item.published),
        "date_modified": _moment(item.changed),
    }
    images = [piece for piece in item.pieces if piece.kind == "image"]
    more: Told = {
        "url": web(item.url) or web(item.link),
        "external_url": web(item.link),
        "image": images[0].url if images else "",
        "language": item.language,
        "authors": [{"name": clean(item.author)}] if item.author else [],
        "tags": [clean(item.network)] if item.network else [],
        "attachments": [_piece(piece) for piece in item.pieces],
    }
    return told | {name: value for name, value in more.items() if value}


def _piece(piece: Piece) -> Told:
    told: Told = {"url": piece.url, "mime_type": piece.mime, "size_in_bytes": piece.size}
    if piece.alt:
        told["title"] = clean(piece.alt)
    if piece.seconds:
        told["duration_in_seconds"] = round(piece.seconds)
    return told


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
