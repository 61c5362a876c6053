"""What a reader finds of a blog post's raw content: WordPress filters it, and shows blocks as text."""

from __future__ import annotations

import html
import re

PARAGRAPH = re.compile(r"</p>|<br\s*/?>|</figure>", re.I)
DANGEROUS = re.compile(r"<(script|style|iframe)\b.*?</\1\s*>", re.S | re.I)
HANDLERS = re.compile(r"\son\w+\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.I)
EXCERPT_WORDS = 55


def filtered(raw: str) -> str:
    """As it is kept: without scripts and handlers."""
    return HANDLERS.sub("", DANGEROUS.sub("", raw))


def plain(raw: str) -> str:
    """The words, a paragraph a line."""
    bare = re.sub(r"<!--.*?-->", "", raw, flags=re.S)
    bare = re.sub(r"<[^>]*>", "", PARAGRAPH.sub("\n", bare))
    lines = (line.strip() for line in html.unescape(bare).split("\n"))
    return "\n".join(line for line in lines if line)


def excerpt(raw: str, given: str) -> str:
    """What lists show: what its author wrote, else the first 55 words."""
    if given:
        return given
    words = plain(raw).split()
    return " ".join(words[:EXCERPT_WORDS]) + (" […]" if len(words) > EXCERPT_WORDS else "")


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", html.unescape(text).lower()).strip("-")[:200]
