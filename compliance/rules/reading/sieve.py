"""Hundreds of patterns over one text, of which only those run whose every necessary letter run occurs in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from re import _constants as op  # type: ignore[attr-defined]  # the parser is the only place that knows a pattern's parts
from re import _parser as parser  # type: ignore[attr-defined]  # see above
from typing import Any, Generic, NamedTuple, TypeVar

import ahocorasick

from compliance.rules.reading.alphabet import BRAND
from compliance.rules.reading.letters import Letters

Payload = TypeVar("Payload")


class Spaced(dict[int, str]):
    """For `str.translate`: a space for every sign but letters, digits, "_" and "#"."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = plain = sign if sign.isalnum() or sign in "_#" else " "
        return plain


SPACED = Spaced()


class Literal(NamedTuple):
    """A run of letters; `begins` and `ends`: a word begins or ends there."""

    run: str
    begins: bool = False
    ends: bool = False

    def forms(self) -> Iterator[str]:
        """How it may stand in a spaced text."""
        run = self.run.translate(SPACED)
        for before in (" ", "#") if self.begins and run[0] not in " #" else ("",):
            for after in (" ", "#") if self.ends and run[-1] not in " #" else ("",):
                yield before + run + after


Clause = frozenset[Literal]
"""Literals of which every match of a pattern holds at least one."""
MOST_MATCHES = 60
MOST_CLAUSES = 5
TOO_MANY = 400
TELLING = 2  # letters and edges of words; shorter runs stand in too many texts to keep a pattern from running


class Net:
    """Every literal that any sieve looks for, found in one walk over a text (Aho and Corasick, 1975).

    Literals are looked for in a text whose every sign but letters, digits and "#" is a space: so that one at the edge
    of a word is not found inside another.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._masks: list[int] = []
        self._clauses = 0
        self._automaton: Any = None  # Any: pyahocorasick publishes no types

    def cast(self, clauses: Sequence[Clause]) -> int:
        """Learn the literals of `clauses`; the answer is the mask that a text must meet to hold one of each."""
        mask = 0
        for clause in clauses:
            bit = 1 << self._clauses
            self._clauses += 1
            mask |= bit
            for number in self.numbers(clause):
                self._masks[number] |= bit
        return mask

    def numbers(self, clause: Clause) -> Iterator[int]:
        """By which numbers `Letters.hits` names the literals of `clause`."""
        for literal in clause:
            for form in literal.forms():
                number = self._numbers.setdefault(form, len(self._masks))
                if number == len(self._masks):
                    self._masks.append(0)
                    self._automaton = None
                yield number

    def haul(self, letters: Letters) -> Sequence[int]:
        """The numbers of all known literals in `letters`; remembered there, with the mask they meet."""
        automaton = self._automaton or self._woven()
        if letters.hauled_by is not automaton:
            letters.hauled_by = automaton
            walked = f" {letters.text.translate(SPACED)} "
            letters.hits = tuple({number for _, number in automaton.iter(walked)})
            masks, met = self._masks, 0
            for number in letters.hits:
                met |= masks[number]
            letters.met = met
        return letters.hits

    def _woven(self) -> Any:  # Any: see above
        automaton = ahocorasick.Automaton()
        for literal, number in self._numbers.items():
            automaton.add_word(literal, number)
        automaton.make_automaton()
        self._automaton = automaton
        return automaton


NET = Net()


class Sieve(Generic[Payload]):
    """Patterns with what each stands for. `found` answers the matches of all, in no particular order."""

    def __init__(self, rows: Iterable[tuple[str, Payload]]) -> None:
        self._patterns: list[tuple[re.Pattern[str], Payload, int]] = []
        self.always: list[int] = []
        found: dict[int, list[int]] = {}
        apart = ((one, payload) for pattern, payload in rows for one in alternatives(pattern))
        for number, (pattern, payload) in enumerate(apart):
            clauses = clauses_of(pattern)
            self._patterns.append((re.compile(pattern, re.MULTILINE), payload, NET.cast(clauses)))
            if not clauses:
                self.always.append(number)
            else:
                for literal in NET.numbers(clauses[0]):
                    found.setdefault(literal, []).append(number)
        self._by_literal = {literal: tuple(numbers) for literal, numbers in found.items()}

    def found(self, letters: Letters) -> Iterator[tuple[re.Match[str], Payload]]:
        """Every match in the folded text, at most sixty a pattern."""
        hits, met = NET.haul(letters), letters.met
        by_literal = self._by_literal
        wanted = {number for hit in hits if hit in by_literal for number in by_literal[hit]}
        for number in (*self.always, *wanted) if self.always else wanted:
            pattern, payload, needed = self._patterns[number]
            if met & needed == needed:
                for match in islice(pattern.finditer(letters.text), MOST_MATCHES):
                    yield match, payload

    def any(self, letters: Letters) -> bool:
        """Whether anything matches."""
        return next(self.found(letters), None) is not None


def alternatives(pattern: str) -> Iterator[str]:
    """The parts of `pattern` between its outermost bars: apart, each runs only for its own letters."""
    depth = start = 0
    in_set = False
    for at, sign, escaped in _signs(pattern):
        if escaped:
            continue
        if in_set:
            in_set = sign != "]"
        elif sign == "[":
            in_set = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "|" and depth == 0:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]


def _signs(pattern: str) -> Iterator[tuple[int, str, bool]]:
    """Each sign with its place, and whether a backslash stands before it."""
    escaped = False
    for at, sign in enumerate(pattern):
        yield at, sign, escaped
        escaped = sign == "\\" and not escaped


def clauses_of(pattern: str) -> tuple[Clause, ...]:
    """What every match of `pattern` must hold, the most telling first; () when there is no telling."""
    found = set(_of_sequence(list(parser.parse(pattern, re.MULTILINE))))
    ranked = sorted(found, key=lambda clause: (_worth(clause), sorted(clause)), reverse=True)
    telling = [clause for clause in ranked if _worth(clause) >= (True, TELLING)]
    return tuple(telling[:MOST_CLAUSES] or ranked[:1])


def _of_sequence(items: Sequence[Any], begins: bool = False, ends: bool = False) -> Iterator[Clause]:
    """The clauses of the parser's `items` (Any: its own tuples) between two edges of words, or none."""
    at = 0
    while at < len(items):
        last = at
        while last < len(items) and items[last][0] is op.LITERAL:
            last += 1
        left = begins if at == 0 else _is_edge(items[at - 1])
        if at < last < len(items) and items[last][0] is op.BRANCH:  # "ad(?:|vert)" is how the parser keeps "ad|advert"
            right = ends if last + 1 == len(items) else _is_edge(items[last + 1])
            yield from _of_branches([[*items[at:last], *branch] for branch in items[last][1][1]], left, right)
            at = last + 1
            continue
        right = ends if max(last, at + 1) == len(items) else _is_edge(items[max(last, at + 1)])
        if at < last:
            yield frozenset({Literal("".join(chr(argument) for _, argument in items[at:last]), left, right)})
        else:
            operator, argument = items[at]
            yield from _of_item(operator, argument, left, right)
        at = max(last, at + 1)


def _is_edge(item: Any) -> bool:  # Any: see above
    return bool(item[0] is op.AT and item[1] is op.AT_BOUNDARY)


def _of_item(operator: Any, argument: Any, begins: bool, ends: bool) -> Iterator[Clause]:  # Any: see above
    if operator is op.SUBPATTERN:
        yield from _of_sequence(list(argument[-1]), begins, ends)
    elif operator in (op.MAX_REPEAT, op.MIN_REPEAT) and argument[0] >= 1:
        yield from _of_sequence(list(argument[2]))
    elif operator is op.BRANCH:
        yield from _of_branches(argument[1], begins, ends)


def _of_branches(branches: Sequence[Sequence[Any]], begins: bool, ends: bool) -> Iterator[Clause]:  # Any: see above
    best = [max(_of_sequence(list(branch), begins, ends), key=_worth, default=None) for branch in branches]
    if all(clause is not None for clause in best):
        yield frozenset().union(*(clause for clause in best if clause is not None))


def _worth(clause: Clause) -> tuple[bool, int, int]:
    """A clause is worth more the longer its shortest literal is: it lets fewer texts through."""
    shortest = min(len(one.run) + one.begins + one.ends if one.run != BRAND else TELLING + 1 for one in clause)
    return len(clause) < TOO_MANY, shortest, -len(clause)
