"""One table: every crash point, trouble and fault by name, what became of what it struck, and the promises missed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from smm.chaos.places import AROUND, CRASH_POINTS, KILLED_FROM_OUTSIDE, WEATHER
from smm.chaos.verdict import Fate

Row = dict[str, object]
TO_A_PERSON_MOST = 0.005
RECOVERED_WITHIN = 30.0
SHOWN = 12
SLOWEST = 5


@dataclass(frozen=True)
class Report:
    rows: list[Row]
    classes: list[Row]
    misses: list[str]
    examples: list[str]


def report(fates: Sequence[Fate], hits: Mapping[str, int], *, short: bool) -> Report:
    """What happened, line by line, and what of it was not promised."""
    rows = [_line("dies", name, says, fates, hits) for name, says in CRASH_POINTS.items()]
    rows += [_around("killed", name, says, hits) for name, says in KILLED_FROM_OUTSIDE.items()]
    rows += [_around("around", name, says, hits) for name, says in AROUND.items()]
    rows += [_line("network", name, weather.says, fates, hits) for name, weather in WEATHER.items()]
    classes = [_sums("class", name, name, [f for f in fates if f.settles == name]) for name in _classes(fates)]
    classes.append(_sums("all", "all", "everything", fates))
    bad = [fate for fate in fates if fate.duplicated or fate.lost or fate.wrong]
    examples = [
        f"{fate.post.mark} {fate.post.kind} on {fate.settles}: {fate.state}, {fate.copies} live; "
        f"{', '.join([*fate.post.fuses, fate.post.weather]) or 'nothing planned'}; {fate.wrong}"
        for fate in bad[:SHOWN]
    ]
    slow = sorted((fate for fate in fates if fate.recoveries), key=lambda fate: -max(fate.recoveries))
    examples += [
        f"slow: {fate.post.mark} {max(fate.recoveries):.0f} s, "
        f"{', '.join(fate.post.fuses) or 'taken along'}: {fate.story}"
        for fate in slow[:SLOWEST]
    ]
    return Report(rows, classes, _misses(fates, rows, short=short), examples)


def recovery(fates: Sequence[Fate]) -> str:
    """How fast it came right after a kill, as promised and with the networks' faults on top, in one line."""

    def told(values: list[float]) -> str:
        return f"{len(values)} kills, p50 {cut(values, 0.5)} s, p99 {cut(values, 0.99)} s, latest {cut(values, 1)} s"

    promised = sorted(seconds for fate in fates for seconds in fate.recoveries)
    anyway = sorted(seconds for fate in fates for seconds in fate.anyway)
    return f"from a kill to the right state: {told(promised)}; with faults of the network on top: {told(anyway)}"


def _classes(fates: Sequence[Fate]) -> list[str]:
    return sorted({fate.settles for fate in fates})


def _line(kind: str, name: str, says: str, fates: Sequence[Fate], hits: Mapping[str, int]) -> Row:
    mine = [fate for fate in fates if name in fate.post.fuses or name == fate.post.weather]
    return {**_sums(kind, name, says, mine), "hit": hits.get(name, 0)}


def _around(kind: str, name: str, says: str, hits: Mapping[str, int]) -> Row:
    return {**_sums(kind, name, says, []), "hit": hits.get(name, 0)}


def _sums(kind: str, name: str, says: str, fates: Sequence[Fate]) -> Row:
    def count(which: Callable[[Fate], object]) -> int:
        return sum(bool(which(fate)) for fate in fates)

    recoveries = sorted(seconds for fate in fates for seconds in fate.recoveries)
    late = sorted(fate.late for fate in fates if fate.late is not None)
    return {
        "kind": kind,
        "what": says,
        "posts": len(fates),
        "hit": 0,
        "doubled": count(lambda fate: fate.duplicated),
        "lost": count(lambda fate: fate.lost),
        "wrong": count(lambda fate: fate.wrong),
        "person": count(lambda fate: fate.to_a_person),
        "back p50": cut(recoveries, 0.5),
        "back p99": cut(recoveries, 0.99),
        "late p50": cut(late, 0.5),
        "late p99": cut(late, 0.99),
        "name": name,
    }


def cut(values: Sequence[float], share: float) -> object:
    """The value below which `share` of the sorted values lie; "-" when there are none."""
    return round(values[min(len(values) - 1, int(share * len(values)))], 1) if values else "-"


def _misses(fates: Sequence[Fate], rows: Sequence[Row], *, short: bool) -> list[str]:
    found = []
    for name, wrong in (
        ("doubled", [f for f in fates if f.duplicated]),
        ("lost", [f for f in fates if f.lost]),
        ("with a wrong final status", [f for f in fates if f.wrong]),
    ):
        if wrong:
            found.append(f"{len(wrong)} {name}: {', '.join(fate.post.mark for fate in wrong[:20])}")
    asked = sum(fate.to_a_person for fate in fates)
    if asked > TO_A_PERSON_MOST * len(fates) and not short:
        found.append(f"{asked} of {len(fates)} were sent to a person")
    slowest = cut(sorted(seconds for fate in fates for seconds in fate.recoveries), 0.99)
    # In a short run everything breaks at once, the servers too: there it only shows that all came back.
    if isinstance(slowest, float) and slowest > RECOVERED_WITHIN and not short:
        found.append(f"recovery p99 {slowest} s")
    never = [str(row["name"]) for row in rows if not row["hit"]]
    if never:
        found.append(f"never struck: {', '.join(never)}")
    return found
