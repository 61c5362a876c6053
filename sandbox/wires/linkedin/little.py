"""LinkedIn's "little text" as its readers get it: the first reserved character out of place ends the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

RESERVED = frozenset("\\|{}@[]()<>#*_~")
NAME = re.compile(r"@\[((?:\\.|[^\\\]])+)\]\((urn:li:(?:organization|person):[\w-]+)\)")
TEMPLATE = re.compile(r"\{hashtag\|\\#\|((?:\\.|[^\\|{}])+)\}")
TAG = re.compile(r"#\w+")


@dataclass(frozen=True, slots=True)
class Read:
    """What is shown, whether the rest was lost, and whom it calls."""

    text: str
    is_cut: bool
    mentions: tuple[str, ...]


def read(text: str) -> Read:
    """Little text, read from left to right."""
    shown: list[str] = []
    mentions: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character not in RESERVED:
            shown.append(character)
            at += 1
        elif character == "\\" and text[at + 1 : at + 2] in RESERVED and at + 1 < len(text):
            shown.append(text[at + 1])
            at += 2
        elif name := NAME.match(text, at):
            shown.append(unescaped(name[1]))
            mentions.append(name[2])
            at = name.end()
        elif template := TEMPLATE.match(text, at):
            shown.append(f"#{unescaped(template[1])}")
            at = template.end()
        elif tag := TAG.match(text, at):
            whole = tag[0].partition("_")[0]
            shown.append(whole)
            at += len(whole)
        else:
            return Read("".join(shown).rstrip(), True, tuple(mentions))
    return Read("".join(shown), False, tuple(mentions))


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
