"""Whether two colours can be told apart by everybody: the contrast of WCAG 2.2."""

from __future__ import annotations

import re

HEX = re.compile(r"#[0-9a-f]{6}")
TEXT = 4.5  # WCAG 2.2, 1.4.3: words
SHAPE = 3.0  # WCAG 2.2, 1.4.11: icons and edges
WHITE, BLACK = "#ffffff", "#000000"


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white). Colours as #rrggbb."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """White or black, whichever reads better on `colour`; one of the two always reaches 4.5:1."""
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, colour))


def nearest(ink: str, ground: str, least: float) -> str:
    """The colour nearest to `ink` that reaches `least` on `ground`, by going towards white or black."""
    goal = ink_on(ground)
    for step in range(101):
        mixed = _mixed(ink, goal, step / 100)
        if contrast(mixed, ground) >= least:
            return mixed
    return goal


def _mixed(one: str, other: str, share: float) -> str:
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(_rgb(one), _rgb(other), strict=True))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
