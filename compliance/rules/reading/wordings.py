"""Where counsel's own phrases stand in a post, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from compliance.protocol import Context, Parameter, ParameterKind, Severity, Wording, gettext_noop
from compliance.rules.reading.language import language_of
from compliance.rules.reading.letters import fold_letters
from compliance.rules.reading.post import ADDRESSES
from networks.protocol import Content

PHRASE = Parameter("phrase", gettext_noop("Phrase"), ParameterKind.WORDS)
LANGUAGE = Parameter(
    "language",
    gettext_noop("In posts in"),
    ParameterKind.CHOICE,
    choices=(
        ("", gettext_noop("Any language")),
        ("en", gettext_noop("English")),
        ("id", gettext_noop("Indonesian")),
        ("de", gettext_noop("German")),
        ("fr", gettext_noop("French")),
        ("es", gettext_noop("Spanish")),
    ),
)
SEVERITY = Parameter(
    "severity",
    gettext_noop("What it does"),
    ParameterKind.CHOICE,
    default=str(Severity.REVIEW),
    choices=(
        (str(Severity.BLOCK), gettext_noop("Stops the post until it is mended")),
        (str(Severity.REVIEW), gettext_noop("Asks an officer")),
        (str(Severity.ADVICE), gettext_noop("Only advises")),
    ),
)


def spoken_in(wording: Wording, content: Content, context: Context) -> bool:
    """Whether the phrase is about posts in this one's language; when that cannot be told, it is."""
    said = content.language or language_of(content.text)
    return not wording.language or not said or said == wording.language


def places_of(phrase: str, content: Content, context: Context) -> Iterator[tuple[str, tuple[int, int], str]]:
    """(part, span, the words as written) of each place where the post says `phrase`."""
    pattern = _pattern(phrase)
    said = {name: words for name, words in context.around.items() if name != ADDRESSES}
    for part, text in {"text": content.text, "title": content.title, **said}.items():
        letters = fold_letters(text)
        for match in pattern.finditer(letters.text):
            span = letters.span(*match.span())
            yield part, span, text[slice(*span)]


@lru_cache(maxsize=1024)
def _pattern(phrase: str) -> re.Pattern[str]:
    """The phrase's words with any white space between them, not inside longer words."""
    words = r"\s{1,20}".join(re.escape(word) for word in fold_letters(phrase).text.split())
    return re.compile(rf"(?<!\w){words}(?!\w)" if words else r"(?!)")
