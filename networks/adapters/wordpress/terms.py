"""Categories and tags by their names: those the blog has, and new ones where they are missing."""

from __future__ import annotations

import html

from networks.adapters.wordpress.errors import said, trouble
from networks.adapters.wordpress.site import Site
from networks.protocol import TryLater
from networks.wire import before_final_call

CATEGORIES, TAGS = "/wp/v2/categories", "/wp/v2/tags"
MOST = 20


def named(text: str) -> list[str]:
    """The names in a comma-separated list, each once."""
    names = (" ".join(part.split()).lstrip("#") for part in text.split(","))
    return list({name.casefold(): name for name in names if name}.values())[:MOST]


def numbers(site: Site, taxonomy: str, text: str) -> list[int]:
    """The numbers of the terms called so. Raises TryLater, Reconnect, Refused."""
    return [_number(site, taxonomy, name) for name in named(text)]


def _number(site: Site, taxonomy: str, name: str) -> int:
    page = site.page(taxonomy, {"search": name, "per_page": 100, "_fields": "id,name"})
    for row in page.rows:
        if html.unescape(str(row.get("name", ""))).casefold() == name.casefold():
            return int(row["id"])
    return _made(site, taxonomy, name)


def _made(site: Site, taxonomy: str, name: str) -> int:
    """A new term; one that somebody made meanwhile, or that differs in accents only, is named in the refusal."""
    with before_final_call():
        reply = site.ask("POST", taxonomy, json={"name": name})
    found = said(reply)
    if reply.status in (200, 201) and isinstance(found.get("id"), int):
        return int(found["id"])
    data = found.get("data")
    if found.get("code") == "term_exists" and isinstance(data, dict) and isinstance(data.get("term_id"), int):
        return int(data["term_id"])
    if reply.status in (200, 201):
        raise TryLater("The blog did not answer clearly.", detail=f"HTTP {reply.status}", code="not_understood")
    raise trouble(reply, final=False, what="term")
