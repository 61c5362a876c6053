"""The smallest change that mends a post: the right word, in its own language, where every reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compliance.protocol import Context, Edit, mended
from compliance.rules.reading.adequacy import standing
from compliance.rules.reading.phrases import every_language
from compliance.rules.reading.post import read
from networks.protocol import Content

OF_PLACE = {"US": "en", "GB": "en", "DE": "de", "FR": "fr", "ES": "es", "IT": "it", "NL": "nl", "BR": "pt", "ID": "id"}
LEADING = 4
SEPARATORS = re.compile(r"[\s,.:;!?-]*")
WORDING = frozenset({"undisclosed", "below_fold", "buried", "late", "ambiguous", "wrong_language", "disguised"}) | {
    "elsewhere", "understated", "label_only",
}  # fmt: skip


def disclosure(content: Content, context: Context) -> Edit | None:
    """The word to put before the text so that its wording and place are enough; None when no word would do."""
    inserts = tuple(_candidates(content, context))
    edits = [Edit(0, 0, insert) for insert in inserts]
    denied_until = _leading_denial(content, context)
    if denied_until:  # the joke would take back whatever is put before it
        edits = [Edit(0, denied_until, insert) for insert in inserts]
    for edit in edits:
        left = {problem.code for problem in standing(mended(content, edit), context).problems}
        if not left & WORDING:
            return edit
    return None


def _leading_denial(content: Content, context: Context) -> int:
    """Where the text stops denying, when it begins with that; 0 when it does not."""
    spans = [denial.span for denial in read(content, context).denials if denial.part == "text"]
    end = max((end for start, end in spans if start <= LEADING), default=0)
    rest = SEPARATORS.match(content.text[end:]) if end else None
    return end + rest.end() if rest else end


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
