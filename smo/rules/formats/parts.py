"""What a feed and its entries say, before any format; and how words become safe HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

TITLE = 90
# XML 1.0 knows no other control characters, no halves of a pair and no non-characters; JSON readers choke on some.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ADDRESS = re.compile(r"https?://[^\s<>\"']+")
TRAILING = ".,;:!?)]}…"


@dataclass(frozen=True, slots=True)
class Piece:
    """One picture or video. `size` in bytes, `width` and `height` in pixels, `seconds` for a video."""

    url: str
    mime: str
    size: int
    alt: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0

    @property
    def kind(self) -> str:
        """image or video."""
        return self.mime.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Item:
    """One post. `id` is the same for good; `url` is where it is live, `link` what it leads to."""

    id: str
    text: str
    published: datetime
    changed: datetime
    title: str = ""
    url: str = ""
    link: str = ""
    author: str = ""
    network: str = ""  # its name
    language: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """The feed itself. `addresses` maps each format to where it stands; `home` is a page for people."""

    id: str
    title: str
    about: str
    home: str
    changed: datetime
    addresses: Mapping[str, str]
    hub: str = ""
    items: tuple[Item, ...] = ()


def clean(text: str) -> str:
    """`text` without what no document may hold."""
    return UNWRITABLE.sub("", text)


def title_of(item: Item) -> str:
    """Its title, or how its words begin, cut at a word; never empty."""
    if item.title.strip():
        return " ".join(clean(item.title).split())
    words = " ".join(clean(item.text).split())
    if len(words) <= TITLE:
        return words or item.network or item.id
    cut = words[: TITLE + 1].rsplit(" ", 1)[0]
    return (cut if len(cut) > TITLE // 2 else words[:TITLE]).rstrip() + "…"


def html_of(item: Item) -> str:
    """Its words as paragraphs, its addresses as links, its pictures with their alt texts."""
    parts = [f"<p>{_linked(part)}</p>" for part in re.split(r"\n\s*\n", clean(item.text).strip()) if part.strip()]
    link = web(item.link)
    if link and item.link not in item.text:
        parts.append(f'<p><a href="{escape(link)}">{escape(link)}</a></p>')
    parts += [_shown(piece) for piece in item.pieces]
    return "".join(parts)


def web(address: str) -> str:
    """`address` where a browser may open it, else nothing."""
    try:
        parts = urlsplit(clean(address))
    except ValueError:
        return ""
    return clean(address) if parts.scheme in ("http", "https") and parts.hostname else ""


def _linked(text: str) -> str:
    made, end = [], 0
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(TRAILING)
        if not web(address):
            continue
        made += [escape(text[end : match.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        end = match.start() + len(address)
    made.append(escape(text[end:]))
    return "".join(made).strip().replace("\n", "<br>")


def _shown(piece: Piece) -> str:
    alt, url = escape(clean(piece.alt)), escape(piece.url)
    size = f' width="{piece.width}" height="{piece.height}"' if piece.width and piece.height else ""
    if piece.kind == "video":
        return f'<p><video src="{url}" controls preload="none" title="{alt}"{size}></video></p>'
    return f'<p><img src="{url}" alt="{alt}"{size}></p>'
