"""A feed in each of its formats: RSS 2.0, Atom 1.0, JSON Feed 1.1. Whatever people wrote stays words, never markup."""

from smo.rules.formats import atom, json_feed, rss
from smo.rules.formats.parts import Channel, Item, Piece, html_of, title_of

KINDS = {
    "rss": ("application/rss+xml; charset=utf-8", rss.written),
    "atom": ("application/atom+xml; charset=utf-8", atom.written),
    "json": ("application/feed+json; charset=utf-8", json_feed.written),
}
"""Ending of the address -> (content type, writer)."""

__all__ = ["KINDS", "Channel", "Item", "Piece", "html_of", "title_of"]
