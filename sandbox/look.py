"""Draws the sandbox's pages from its templates."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup, escape

HERE = Path(__file__).parent
WORDS = re.compile(
    r"(https?://[^\s<>\"]+|(?<![\w@./])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>\"]*)?|(?<![\w@])@\w[\w.]*|(?<![\w&])#\w+)"
)


def linked(text: str) -> Markup:
    """Text with its addresses, handles and hashtags drawn as the networks draw them, lines kept."""
    drawn = WORDS.sub(lambda found: f'<span class="link">{found[1]}</span>', str(escape(text)))
    return Markup(drawn.replace("\n", "<br>"))  # noqa: S704 - escaped one line above


def when(moment: float) -> str:
    """A moment as UTC date and time."""
    return datetime.fromtimestamp(moment, UTC).strftime("%d %b %Y, %H:%M:%S UTC") if moment else ""


def ago(moment: float, now: float) -> str:
    """How long ago, as feeds say it."""
    seconds = max(0, int(now - moment))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return "now"


def host(address: str) -> str:
    return urlsplit(address).netloc or address


def initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()


def hue(name: str) -> int:
    """A steady colour class (0-7) for a name's avatar."""
    return sum(name.encode()) % 8


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"linked": linked, "when": when, "initials": initials, "hue": hue, "ago": ago, "host": host}
    return made


_ENVIRONMENT = _environment()


def draw(template: str, **known: object) -> str:
    return _ENVIRONMENT.get_template(template).render(**known)
