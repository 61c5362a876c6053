"""How a place to share to looks: its badge, from the network's own folder where we have one, and its bare glyph."""

from __future__ import annotations

import re
from functools import cache

from networks import registry
from smo.rules.places import FOLDER, SHEET, places

GROUND = re.compile(r"<rect\b[^>]*/>")
INSIDE = "3.6 3.6 16.8 16.8"  # a badge keeps a margin around its glyph


@cache
def badge(slug: str) -> str:
    """The place's badge as inline SVG: a coloured tile with a white glyph."""
    own = FOLDER / f"{slug}.svg"
    path = registry.folder(slug) / "icon.svg" if registry.known(slug) else own
    return path.read_text().strip() if path.exists() else (FOLDER / f"{SHEET}.svg").read_text().strip()


@cache
def glyph(slug: str) -> str:
    """The same glyph in the colour of the words around it, without its tile."""
    bare = GROUND.sub("", badge(slug), count=1).replace("#fff", "currentColor")
    return bare.replace('viewBox="0 0 24 24"', f'viewBox="{INSIDE}"', 1)


def glyphs() -> dict[str, str]:
    """Every place's glyph by its slug."""
    return {slug: glyph(slug) for slug in places()}
