"""Where a text names a brand that is on record: whole or shortened, as a handle or a tag, spaced or run together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from compliance.rules.reading.alphabet import BRAND
from compliance.rules.reading.letters import Letters, fold_letters

SHORTEST_FIRST_WORD = 4
SHORTEST_INSIDE = 5  # letters of a name that may stand inside a tag or before an ending
SHORTEST_PAIR = 2  # of a longer name the first two words are enough: "Little Anvil Jewellery"
SHORTEST_IN_TWO = 8  # letters of these two
LONGEST_ENDING = 3  # "Lumoras", "Teranya"
LONGEST_GAP = 3  # signs between the words of a name
LONGEST_TAG = 60
# First words that many sentences hold: "Best Kettle" is not meant by every "best".
COMMON = frozenset(
    """
    best good great fresh free home house blue green black white little happy super simple natural pure royal golden
    first north south east west city urban modern smart daily kopi warung toko rumah dapur kedai teras bakso maison
    casa haus cafe hotel studio coffee tea the over under open true real life love wild work play next only
    """.split()  # noqa: SIM905 - a paragraph is easier to read and to add to than a hundred quotes
)
# What stands before a family's name.
HOUSES = frozenset(
    """
    fratelli panaderia pasticceria boulangerie backerei viveros bodegas librairie atelier hermanos gebruder gebroeders
    """.split()  # noqa: SIM905 - see above
)
Span = tuple[int, int]


def branded(letters: Letters, brands: tuple[str, ...]) -> Letters:
    """`letters` with a sign of its own in the place of every letter of the brands' names."""
    text = letters.text
    spans = [span for brand in brands for words in names_of(brand) for span in _named(text, words)]
    if not spans:
        return letters
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            start = max(start, at)
            pieces += [text[at:start], BRAND * (end - start)]
            at = end
    return letters.rewritten("".join([*pieces, text[at:]]))


@lru_cache(maxsize=4096)
def names_of(brand: str) -> tuple[tuple[str, ...], ...]:
    """The folded words of each way to say `brand`: "Halden Software" and "Fratelli Halden" become "Halden"."""
    words = tuple(re.findall(r"[^\W_]+", fold_letters(brand).text))
    if len(words) > 1 and words[0] in HOUSES and len(words[1]) >= SHORTEST_FIRST_WORD and words[1] not in COMMON:
        return words, words[1:]
    if len(words) > 1 and len(words[0]) >= SHORTEST_FIRST_WORD and words[0] not in COMMON:
        return words, words[:1]
    if len(words) > SHORTEST_PAIR and sum(map(len, words[:2])) >= SHORTEST_IN_TWO:
        return words, words[:2]
    return (words,) if words else ()


def _named(text: str, words: tuple[str, ...]) -> Iterator[Span]:
    at = text.find(words[0])
    while at >= 0:
        end = _end(text, at, words)
        if end and _stands_alone(text, at, end):
            yield at, end
        at = text.find(words[0], max(end, at + 1))


def _end(text: str, at: int, words: tuple[str, ...]) -> int:
    """Where the name that begins at `at` ends; 0 when its other words do not follow."""
    end = at + len(words[0])
    for word in words[1:]:
        for _ in range(LONGEST_GAP):
            if end < len(text) and not text[end].isalnum() and not text.startswith(word, end):
                end += 1
        if not text.startswith(word, end):
            return 0
        end += len(word)
    return end


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the name is a word, or a part of one that can only mean the brand."""
    before = start > 0 and text[start - 1].isalnum()
    after = end < len(text) and text[end].isalnum()
    if not before and not after:
        return True
    if end - start < SHORTEST_INSIDE:
        return not before and _in_tag(text, start)
    return _in_tag(text, start) or (not before and _ending(text, end) <= LONGEST_ENDING)


def _in_tag(text: str, start: int) -> bool:
    for index in range(start - 1, max(-1, start - LONGEST_TAG), -1):
        if text[index] in "#@":
            return True
        if not (text[index].isalnum() or text[index] in "._-"):
            return False
    return False


def _ending(text: str, end: int) -> int:
    """How many letters follow the name, at most one more than an ending has."""
    length = 0
    while length <= LONGEST_ENDING and end + length < len(text) and text[end + length].isalnum():
        length += 1
    return length
