"""Hundreds of patterns over one text, of which only those run whose every necessary letter run occurs in it."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from re import _constants as op  # type: ignore[attr-defined]  # the parser is the only place that knows a pattern's parts
from re import _parser as parser  # type: ignore[attr-defined]  # see above
from typing import Any, Generic, NamedTuple, TypeVar

import ahocorasick

from compliance.rules.reading.alphabet import BRAND
from compliance.rules.reading.letters import Letters

Payload = TypeVar("Payload")


class Spaced(dict[int, str]):
    """For `str.translate`: a space for every sign but letters, digits, "_", "#" and "%"."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = plain = sign if sign.isalnum() or sign in "_#%" else " "
        return plain


SPACED = Spaced()
NUMBER = itemgetter(1)  # of a literal, in what the automaton finds


class Literal(NamedTuple):
    """A run of letters; `begins` and `ends`: a word begins or ends there."""

    run: str
    begins: bool = False
    ends: bool = False

    def forms(self) -> Iterator[str]:
        """How it may stand in a spaced text."""
        run = self.run.translate(SPACED)
        for before in (" ", "#") if self.begins and run[0] not in " #%" else ("",):
            for after in (" ", "#") if self.ends and run[-1] not in " #%" else ("",):
                yield before + run + after


Clause = frozenset[Literal]
"""Literals of which every match of a pattern holds at least one."""
MOST_MATCHES = 60
MOST_CLAUSES = 5
TOO_MANY = 400
COMMON = frozenset(
    """
    a i the is are was be to of in on at it and or for with from my me we you your this that have has so do by an
    de la le les un une et en que el los las con por para es al del mi me te tu je pas sur du au der die das und ist ich
    mit ein eine von zu im dem den auf yang di dan ke dari ini itu
    """.split()  # noqa: SIM905 - a paragraph is easier to read and to add to than a hundred quotes
)
"""Words that stand in so many texts that looking for them tells nothing."""
TELLING = 3  # letters and edges of words; shorter runs stand in too many texts to keep a pattern from running


class Row(NamedTuple):
    """One pattern of one sieve, with the mask that a text must meet beside its first clause for it to match at all."""

    sieve: int
    pattern: re.Pattern[str]
    payload: Any  # Any: each sieve has its own kind
    needed: int


class Catch(NamedTuple):
    """What may match in one text: the rows of each sieve, and the literals and clauses met."""

    automaton: object
    rows: dict[int, list[Row]]
    hits: Sequence[int]


class Net:
    """Every literal that any sieve looks for, found in one walk over a text (Aho and Corasick, 1975).

    Literals are looked for in a text whose every sign but letters, digits and "#" is a space: so that one at the edge
    of a word is not found inside another.
    """

    def __init__(self) -> None:
        self.sieves = 0
        self._numbers: dict[str, int] = {}
        self._masks: list[int] = []  # by literal: the clauses it satisfies, first ones left out
        self._rows: list[list[Row]] = []  # by literal: the patterns whose first clause it satisfies
        self._others = 0  # clauses so far that are no pattern's first
        self._automaton: Any = None  # Any: pyahocorasick publishes no types

    def add(self, sieve: int, pattern: str, payload: object) -> None:
        """Let the patterns of `sieve` have one more."""
        clauses = clauses_of(pattern)
        if not clauses:
            raise ValueError(f"Nothing that {pattern!r} matches must hold any letters: it would run on every text")
        first, *others = clauses
        row = Row(sieve, re.compile(pattern, re.MULTILINE), payload, needed=((1 << len(others)) - 1) << self._others)
        for number in self._learned(first):
            self._rows[number].append(row)
        for clause in others:
            for number in self._learned(clause):
                self._masks[number] |= 1 << self._others
            self._others += 1
        self._automaton = None

    def haul(self, letters: Letters) -> Catch:
        """What may match in `letters`; remembered there until another sieve is made."""
        automaton = self._automaton or self._woven()
        caught = letters.caught
        if isinstance(caught, Catch) and caught.automaton is automaton:
            return caught
        if letters.base is not None:  # the same letters, and the sign of a brand
            hits = (*self.haul(letters.base).hits, self._numbers[BRAND])
        else:
            walked = f" {letters.text.translate(SPACED)} "
            hits = tuple(set(map(NUMBER, automaton.iter(walked))))
        letters.caught = caught = Catch(automaton, self._matching(hits), hits)
        return caught

    def _matching(self, hits: Sequence[int]) -> dict[int, list[Row]]:
        met = 0
        for number in hits:
            met |= self._masks[number]
        found: dict[int, list[Row]] = {}
        seen: set[int] = set()
        for number in hits:
            for row in self._rows[number]:
                needed = row.needed
                if (not needed or met & needed == needed) and id(row) not in seen:
                    seen.add(id(row))
                    found.setdefault(row.sieve, []).append(row)
        return found

    def _learned(self, clause: Clause) -> Iterator[int]:
        for literal in clause:
            for form in literal.forms():
                number = self._numbers.setdefault(form, len(self._masks))
                if number == len(self._masks):
                    self._masks.append(0)
                    self._rows.append([])
                yield number

    def _woven(self) -> Any:  # Any: see above
        automaton = ahocorasick.Automaton()
        for literal, number in self._numbers.items():
            automaton.add_word(literal, number)
        automaton.make_automaton()
        self._automaton = automaton
        # The tables live as long as the process: the collector need not walk through them again and again, which cost
        # an eighth of judging a post.
        gc.collect()
        gc.freeze()
        return automaton


NET = Net()


class Sieve(Generic[Payload]):
    """Patterns with what each stands for. `found` answers the matches of all, in no particular order."""

    def __init__(self, rows: Iterable[tuple[str, Payload]]) -> None:
        NET.sieves += 1
        self._number = NET.sieves
        for pattern, payload in rows:
            for one in alternatives(pattern):
                NET.add(self._number, one, payload)

    def found(self, letters: Letters) -> Iterator[tuple[re.Match[str], Payload]]:
        """Every match in the folded text, at most sixty a pattern."""
        for row in NET.haul(letters).rows.get(self._number, ()):
            for match in islice(row.pattern.finditer(letters.text), MOST_MATCHES):
                yield match, row.payload

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
    return len(clause) < TOO_MANY, min(map(_length, clause)), -len(clause)


def _length(literal: Literal) -> int:
    if literal.run == BRAND:
        return TELLING + 1
    if literal.run.isdigit() or literal.run.startswith("%"):
        return TELLING
    return 1 if literal.run.strip() in COMMON else len(literal.run) + literal.begins + literal.ends
