"""Share buttons as plain HTML and CSS: links that work without any script, and the code to paste for each way."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from html import escape
from typing import Any, Self

from smo.rules.contrast import BLACK, HEX, SHAPE, TEXT, WHITE, contrast, ink_on, nearest
from smo.rules.places import COPY, FOLDER, SHEET, Place, labelled, places, usual

SIZES = {"s": (32, 16, 14), "m": (40, 20, 15), "l": (48, 24, 16)}  # the button, its icon, its letters: pixels
SHAPES = {"square": "0", "soft": "8px", "round": "999px"}
THEMES = {"light": ("#ffffff", "#12211f", "#7e8c86"), "dark": ("#12211f", "#ffffff", "#12211f")}  # ground, ink, edge
WAYS = ("html", "block", "component")
BLOCKS: dict[str, str] = json.loads((FOLDER / "blocks.json").read_text())  # the block editor most sites use
WIDEST_GAP = 32


@dataclass(frozen=True, slots=True)
class Design:
    """How a set of share buttons looks, and what it shares. Colours as #rrggbb; `gap` in pixels."""

    address: str = ""
    text: str = ""
    places: tuple[str, ...] = usual()
    size: str = "m"
    shape: str = "soft"
    labels: bool = True
    theme: str = "brand"
    colour: str = "#0b6e66"
    ink: str = ""  # "": whichever of white and black reads better
    gap: int = 8
    language: str = "en"
    campaign: str = ""
    counted: bool = True
    here: bool = False  # the component shares the page it stands on

    def as_json(self) -> dict[str, Any]:  # Any: JSON values
        return asdict(self) | {"places": list(self.places)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:  # Any: JSON values
        known = {name: value for name, value in kept.items() if name in cls.__dataclass_fields__}
        return cls(**known | {"places": tuple(known.get("places", usual()))})

    @property
    def digest(self) -> str:
        """The same for the same design: two sets on one page keep their styles apart by it."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Words:
    """What the buttons say, in the language of the page they stand on. `to`: a place's slug -> its button's words."""

    heading: str
    to: Mapping[str, str]
    share: str
    copy: str
    copied: str
    ask: str


@dataclass(frozen=True, slots=True)
class Parts:
    """What a set needs from outside: inline glyphs, tracked addresses where there are any, and our own house.

    `house`: where the asking page and the script stand; `integrity`: the script's digest.
    """

    words: Words
    glyphs: Mapping[str, str]
    links: Mapping[str, str]
    house: str
    integrity: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """The code to paste. `policy`: what a strict Content-Security-Policy must let through for it."""

    html: str
    css: str
    pasted: Mapping[str, str]
    policy: Mapping[str, str]
    size: int


def inks(design: Design, place: Place) -> tuple[str, str, str]:
    """(ground, ink, edge) of one button."""
    if design.theme == "brand":
        return place.colour, WHITE, place.colour
    if design.theme == "own":
        return design.colour, design.ink or ink_on(design.colour), design.colour
    return THEMES[design.theme]


def too_faint(design: Design) -> str:
    """The nearest ink that can be read where the chosen one cannot; nothing when all is well."""
    if design.theme != "own" or not design.ink or not HEX.fullmatch(design.colour) or not HEX.fullmatch(design.ink):
        return ""
    least = TEXT if design.labels else SHAPE
    return "" if contrast(design.ink, design.colour) >= least else nearest(design.ink, design.colour, least)


def shared(design: Design, slug: str, links: Mapping[str, str]) -> str:
    """What is shared through one button: its tracked link, else the address with the button's UTM."""
    if links.get(slug):
        return links[slug]
    if not design.address:
        return ""
    return labelled(design.address, source=slug, campaign=design.campaign)


def snippet(design: Design, parts: Parts) -> Snippet:
    """The code for every way of putting the buttons on a page."""
    css = styles(design)
    html = markup(design, parts)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    component = _component(design, parts, css)
    own = f"<style>{css}</style>\n{html}"
    return Snippet(
        html=html,
        css=css,
        pasted={"html": own, "block": f"{BLOCKS['begin']}\n{own}\n{BLOCKS['end']}", "component": component},
        policy={
            "html": f"style-src 'sha256-{digest}'",
            "block": f"style-src 'sha256-{digest}'",
            "component": f"script-src {parts.house}",
        },
        size=len(own.encode()),
    )


def markup(design: Design, parts: Parts, *, scripted: bool = False) -> str:
    """The list of links. `scripted`: with what the component needs to copy a link and to ask for a server."""
    rows = "\n".join(
        f"  <li>{_button(design, places()[slug], parts, scripted=scripted)}</li>" for slug in design.places
    )
    heading = escape(parts.words.heading)
    return (
        f'<nav class="gs-{design.digest}" aria-label="{heading}" lang="{escape(design.language)}">\n'
        f'<ul role="list">\n{rows}\n</ul>\n</nav>'
    )


def _button(design: Design, place: Place, parts: Parts, *, scripted: bool) -> str:
    url = shared(design, place.slug, parts.links)
    href, more = place.intent(url, design.text), ""
    if place.asks_server:
        if scripted:
            more = f' data-ask="{escape(href)}"'
        href = f"{parts.house}/share/server/?{href.partition('?')[2]}&lang={design.language}"
    if place.slug == COPY and scripted:
        more = f' data-copy="{escape(parts.words.copy)}" data-copied="{escape(parts.words.copied)}"'
    out = "" if place.slug == COPY or href.startswith("mailto:") else ' target="_blank"'
    return (
        f'<a data-to="{place.slug}" href="{escape(href)}"{out} rel="noopener noreferrer nofollow"{more}>'
        f"{parts.glyphs[place.slug]}<span>{escape(parts.words.to[place.slug])}</span></a>"
    )


def _component(design: Design, parts: Parts, css: str) -> str:
    words = parts.words
    here = f' data-here="{escape(design.address)}"' if design.here else ""
    return (
        f'<gardu-share data-url="{escape(shared(design, SHEET, parts.links))}" data-text="{escape(design.text)}"'
        f' data-share="{escape(words.share)}" data-ask="{escape(words.ask)}"{here}>\n'
        f"<template>{css}</template>\n{markup(design, parts, scripted=True)}\n</gardu-share>\n"
        f'<script type="module" src="{parts.house}/share/v1.js" integrity="{parts.integrity}"'
        f' crossorigin="anonymous"></script>'
    )


def styles(design: Design) -> str:
    """The set's own stylesheet: nothing outside its list is touched, nothing is fetched."""
    it = f".gs-{design.digest}"
    button, icon, letters = SIZES[design.size]
    pad = f"0 {button // 3}px" if design.labels else "0"
    lines = [
        f"{it} ul{{display:flex;flex-wrap:wrap;gap:{design.gap}px;margin:0;padding:0;list-style:none}}",
        f"{it} li{{margin:0;padding:0}}",
        f"{it} :is(a,button){{display:inline-flex;align-items:center;justify-content:center;gap:8px;"
        f"box-sizing:border-box;min-width:{button}px;min-height:{button}px;padding:{pad};border:1px solid;"
        f"border-radius:{SHAPES[design.shape]};font:600 {letters}px/1.2 system-ui,sans-serif;"
        f"text-decoration:none;cursor:pointer}}",
        f"{it} svg{{width:{icon}px;height:{icon}px;flex:none}}",
        f"{it} :is(a,button):hover{{filter:brightness(.92)}}",
        f"{it} :is(a,button):focus-visible{{outline:2px solid {WHITE};outline-offset:1px;"
        f"box-shadow:0 0 0 5px {BLACK}}}",
    ]
    if not design.labels:
        lines.append(f"{it} span{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}")
    lines += _colours(design, it)
    lines.append(f"{it}[data-sheet] li:not(:first-child){{display:none}}")
    lines.append(f"@media (pointer:coarse){{{it} :is(a,button){{min-width:44px;min-height:44px}}}}")
    lines.append(f"@media (forced-colors:active){{{it} :is(a,button){{border-color:LinkText}}}}")
    return "\n".join(lines)


def _colours(design: Design, it: str) -> list[str]:
    sheet = replace(places()[COPY], slug=SHEET)
    if design.theme != "brand":
        ground, ink, edge = inks(design, sheet)
        return [f"{it} :is(a,button){{background:{ground};color:{ink};border-color:{edge}}}"]
    told = [(slug, inks(design, places()[slug])) for slug in design.places]
    told.append((SHEET, inks(design, sheet)))
    return [
        f'{it} [data-to="{slug}"]{{background:{ground};color:{ink};border-color:{edge}}}'
        for slug, (ground, ink, edge) in told
    ]
