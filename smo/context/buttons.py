"""Share buttons with their words and glyphs: the code to paste, and the likeness shown while one designs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from smo.queries.places import glyphs
from smo.rules.buttons import Design, Parts, Snippet, Words, snippet
from smo.rules.places import COPY, FOLDER, places

EXAMPLE = "https://example.com/page"
MAIL = "mailto:"


def made(design: Design, links: Mapping[str, str] | None = None) -> Snippet:
    """The code for a design; while there is no address yet, for an example."""
    shown = design if design.address else replace(design, address=EXAMPLE)
    return snippet(shown, parts(shown.language, links or {}))


def parts(language: str, links: Mapping[str, str]) -> Parts:
    """What the code needs from this house."""
    house = str(settings.PUBLIC_URL).rstrip("/")
    return Parts(words=words(language), glyphs=glyphs(), links=links, house=house, integrity=integrity())


def words(language: str) -> Words:
    """What the buttons say in `language`."""
    with translation.override(language):
        to = {slug: _("Share on %(place)s") % {"place": place.name} for slug, place in places().items()}
        to |= {slug: _("Share by e-mail") for slug, place in places().items() if place.address == MAIL}
        return Words(
            heading=_("Share this page"),
            to=to | {COPY: _("Link to this page")},
            share=_("Share…"),
            copy=_("Copy link"),
            copied=_("Copied"),
            ask=_("Which server is your account on? For example: mastodon.social"),
        )


@cache
def script() -> bytes:
    """The web component as it is served: without comments and indents."""
    lines = (line.strip() for line in (FOLDER / "share.js").read_text().splitlines())
    return "\n".join(line for line in lines if not line.startswith("//")).encode()


@cache
def integrity() -> str:
    """What a page may hold the script to."""
    return "sha384-" + base64.b64encode(hashlib.sha384(script()).digest()).decode()
