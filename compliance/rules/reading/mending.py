"""The smallest change that mends a post: the right word, in its own language, where every reader sees it."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.protocol import Context, Edit, mended
from compliance.rules.reading.adequacy import standing
from compliance.rules.reading.phrases import every_language
from compliance.rules.reading.post import read
from networks.protocol import Content

OF_PLACE = {"US": "en", "GB": "en", "DE": "de", "FR": "fr", "ES": "es", "IT": "it", "NL": "nl", "BR": "pt", "ID": "id"}
WORDING = frozenset({"undisclosed", "below_fold", "buried", "late", "ambiguous", "wrong_language", "disguised"}) | {
    "elsewhere", "understated", "label_only",
}  # fmt: skip


def disclosure(content: Content, context: Context) -> Edit | None:
    """The word to put before the text so that its wording and place are enough; None when no word would do."""
    honest = _without_denials(content, context)
    for insert in _candidates(content, context):
        edit = Edit(0, 0, insert)
        left = {problem.code for problem in standing(mended(honest, edit), context).problems}
        if not left & WORDING:
            return edit
    return None


def _without_denials(content: Content, context: Context) -> Content:
    """The post without what takes a disclosure back; another rule asks for that change."""
    denials = sorted(
        (d for d in read(content, context).denials if d.part == "text"), key=lambda d: d.span, reverse=True
    )
    for denial in denials:
        start, end = denial.span
        content = mended(content, Edit(start, min(end, len(content.text)), ""))
    return content


def _candidates(content: Content, context: Context) -> Iterator[str]:
    tables = every_language()
    own = read(content, context).language
    languages = [own, *(OF_PLACE.get(place.upper().replace("UK", "GB"), "en") for place in context.places), "en"]
    inserts = [tables[language].insert for language in dict.fromkeys(languages) if language in tables]
    yield from inserts
    for first in inserts:
        for second in inserts:
            if first != second:
                yield f"{first.strip(' :')} | {second}"
