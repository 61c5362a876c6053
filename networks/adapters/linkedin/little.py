"""LinkedIn's "little text": what must be escaped so that nothing after it is silently cut off."""

from __future__ import annotations

import re
from collections.abc import Callable

# learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format (2026-11-23).
RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")
TEMPLATE = re.compile(r"\{hashtag\|\\?#\|([^|{}]+)\}")
KEPT = re.compile(
    r"@\[(?P<name>[^\[\]\n]+)\]\((?P<urn>urn:li:(?:organization|person):[A-Za-z0-9_-]+)\)"
    r"|\{hashtag\|\\?#\|(?P<template>[^|{}\n]+)\}"
    r"|(?<![^\s(\[{\"'])#(?P<tag>[^\W_]+)"
)


def little(text: str) -> str:
    """`text` as it is sent: mentions `@[Name](urn:li:organization:1)` and hashtags stay alive, the rest is literal."""
    done: list[str] = []
    at = 0
    for match in KEPT.finditer(text):
        done += [_escaped(text[at : match.start()]), _kept(match)]
        at = match.end()
    return "".join([*done, _escaped(text[at:])])


def plain(text: str) -> str:
    """What a writer would have typed for a little text."""
    return ESCAPED.sub(r"\1", TEMPLATE.sub(r"#\1", text))


def _escaped(text: str) -> str:
    return RESERVED.sub(lambda match: f"\\{match[0]}", text)


def _kept(match: re.Match[str]) -> str:
    forms: dict[str, Callable[[], str]] = {
        "urn": lambda: f"@[{_escaped(match['name'])}]({match['urn']})",
        "template": lambda: f"{{hashtag|\\#|{_escaped(match['template'])}}}",
        "tag": lambda: match[0],
    }
    return forms[str(match.lastgroup)]()
