"""Hundreds of patterns over one text, of which only those run whose letters occur in it at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from re import _constants as op  # type: ignore[attr-defined]  # the parser is the only place that knows a pattern's parts
from re import _parser as parser  # type: ignore[attr-defined]  # see above
from typing import Any, Generic, TypeVar

Payload = TypeVar("Payload")
Anchors = frozenset[str]
MOST_MATCHES = 60
TOO_MANY = 400
LONG = 1000


class Sieve(Generic[Payload]):
    """Patterns with what each stands for. `found` answers the matches of all, in no particular order.

    `passing`: made for one text's brands; its own literals are then looked for by themselves.
    """

    def __init__(self, rows: Iterable[tuple[str, Payload]], *, passing: bool = False) -> None:
        self._patterns: list[tuple[re.Pattern[str], Payload]] = []
        self._always: list[int] = []
        by_literal: dict[str, list[int]] = {}
        for number, (pattern, payload) in enumerate(rows):
            self._patterns.append((re.compile(pattern, re.MULTILINE), payload))
            anchors = anchors_of(pattern)
            if anchors is None:
                self._always.append(number)
            for literal in anchors or ():
                by_literal.setdefault(literal, []).append(number)
        self._by_literal = {literal: tuple(numbers) for literal, numbers in by_literal.items()}
        self._own = tuple(literal for literal in by_literal if literal not in _known) if passing else ()
        if not passing:
            _known.update(dict.fromkeys(by_literal))
            _present.cache_clear()

    def found(self, text: str) -> Iterator[tuple[re.Match[str], Payload]]:
        """Every match in `text`, at most sixty a pattern."""
        wanted = set(self._always)
        for literal in (*_present(text), *(literal for literal in self._own if literal in text)):
            wanted.update(self._by_literal.get(literal, ()))
        for number in wanted:
            pattern, payload = self._patterns[number]
            for match, _ in zip(pattern.finditer(text), range(MOST_MATCHES), strict=False):
                yield match, payload

    def any(self, text: str) -> bool:
        """Whether anything matches."""
        return next(self.found(text), None) is not None


_known: dict[str, None] = {}


@lru_cache(maxsize=256)
def _present(text: str) -> tuple[str, ...]:
    """Which of all lasting sieves' literals occur in `text`: looked for once, however many sieves ask."""
    if len(text) <= LONG:
        return tuple(literal for literal in _known if literal in text)
    # A search through a long text costs; one whose letters do not even occur in it need not be begun.
    letters = frozenset(text)
    pairs = frozenset(pairwise(text))
    return tuple(
        literal
        for literal in _known
        if literal[0] in letters and (len(literal) < 2 or (literal[0], literal[1]) in pairs) and literal in text
    )


def anchors_of(pattern: str) -> Anchors | None:
    """Literals of which every match of `pattern` contains at least one; None when there is no telling."""
    return _of_sequence(parser.parse(pattern, re.MULTILINE))


def _of_sequence(items: Sequence[Any]) -> Anchors | None:  # Any: the parser's own tuples
    best: Anchors | None = None
    run = ""
    for operator, argument in items:
        if operator is op.LITERAL:
            run += chr(argument)
            continue
        best, run = _better(best, frozenset({run}) if run else None), ""
        best = _better(best, _of_item(operator, argument))
    return _better(best, frozenset({run}) if run else None)


def _of_item(operator: Any, argument: Any) -> Anchors | None:  # Any: the parser's own constants
    if operator is op.SUBPATTERN:
        return _of_sequence(argument[-1])
    if operator in (op.MAX_REPEAT, op.MIN_REPEAT) and argument[0] >= 1:
        return _of_sequence(argument[2])
    if operator is op.BRANCH:
        branches = [_of_sequence(branch) for branch in argument[1]]
        if all(branch is not None for branch in branches):
            return frozenset().union(*(branch for branch in branches if branch is not None))
    return None


def _better(one: Anchors | None, other: Anchors | None) -> Anchors | None:
    """The one whose shortest literal is longer: it lets fewer texts through."""
    if one is None or other is None:
        return one if other is None else other
    return max(one, other, key=lambda anchors: (len(anchors) < TOO_MANY, min(map(len, anchors)), -len(anchors)))
