"""A template's words with an article's title, link and the rest in their places, cut to what a network takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

VARIABLES = ("title", "link", "summary", "author", "tags", "site", "date")
SHRINK = ("summary", "tags", "title", "author", "site")
"""What is cut where it is too long, in this order. The link never is."""
PART = re.compile(r"\{(\w+)\}")
Fits = Callable[[str], bool]


def unknown(template: str) -> list[str]:
    """Names in braces that mean nothing here."""
    return sorted({name for name in PART.findall(template) if name not in VARIABLES})


def filled(template: str, values: Mapping[str, str], fits: Fits) -> str:
    """The text, cut at words, the summary first, until `fits` says yes. Braces in values stay braces."""
    told = dict(values)
    text = _put(template, told)
    for name in SHRINK:
        if fits(text):
            return text
        if told.get(name) and f"{{{name}}}" in template:
            told[name] = _longest(told[name], _fits_as(name, template, told, fits))
            text = _put(template, told)
    return text if fits(text) else _longest(text, fits)


def _fits_as(name: str, template: str, values: Mapping[str, str], fits: Fits) -> Fits:
    return lambda words: fits(_put(template, {**values, name: words}))


def hashtags(tags: Iterable[str]) -> str:
    """Tags as networks read them: "kopi susu" becomes #kopisusu; those without a letter are left out."""
    glued = dict.fromkeys(re.sub(r"\W", "", tag) for tag in tags)
    return " ".join(f"#{tag}" for tag in glued if tag and not tag.isdecimal())


def cut(words: str, fits: Fits) -> str:
    """`words`, or as many of them as fit."""
    return words if fits(words) else _longest(words, fits)


def _longest(words: str, fits: Fits) -> str:
    """The longest beginning that ends at a word and fits, with "…" where words follow prose; "" when none does."""
    ends = [match.end() for match in re.finditer(r"\S+", words)]
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_ended(words, ends, middle)):
            low = middle
        else:
            high = middle - 1
    return _ended(words, ends, low)


def _ended(words: str, ends: list[int], count: int) -> str:
    if count in (0, len(ends)):
        return words if count else ""
    begun = words[: ends[count - 1]].rstrip(".,;:–—-")
    return begun if begun.split()[-1].startswith("#") else f"{begun}…"


def _put(template: str, values: Mapping[str, str]) -> str:
    text = PART.sub(lambda found: values.get(found[1], ""), template)
    lines = "\n".join(" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
