"""What may never change a verdict, and what must, tried on every worked case."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from compliance import registry
from compliance.imports import post_of
from compliance.protocol import Context, Outcome, Tie
from compliance.rules.reading.post import read
from networks.protocol import Content

HERE = Path(__file__).parent
FILES = sorted([*(HERE / "cases").glob("*.jsonl"), *(HERE / "unseen" / "cases").glob("*.jsonl")])
FILLERS = {
    "en": ("It rained on Tuesday.", "The neighbours have a new cat."),
    "id": ("Hari Selasa hujan terus.", "Tetangga punya kucing baru."),
    "de": ("Am Dienstag hat es geregnet.", "Die Nachbarn haben eine neue Katze."),
    "fr": ("Mardi, il a plu toute la matin\u00e9e.", "Les voisins ont un nouveau chat."),
    "es": ("El martes llovi\u00f3 toda la tarde.", "Los vecinos tienen un gato nuevo."),
    "pt": ("Na ter\u00e7a choveu o dia todo.", "Os vizinhos t\u00eam um gato novo."),
    "it": ("Marted\u00ec ha piovuto tutto il giorno.", "I vicini hanno un gatto nuovo."),
    "nl": ("Dinsdag heeft het de hele dag geregend.", "De buren hebben een nieuwe kat."),
}
BRANDS = ("Quorvex", "Belmira", "Tandrel & Sons", "Yuvanto")
WHERE_IT_STANDS = {"late", "buried", "below_fold", "run_together"}
Judged = tuple[str, Content, Context, Outcome]
Change = Callable[[Content, Context, random.Random], tuple[Content, Context] | None]


def judged() -> list[Judged]:
    rows = (json.loads(line) for file in FILES for line in file.read_text("utf-8").splitlines())
    found = ((str(row["id"]), *post_of(row)) for row in rows if isinstance(row.get("text", ""), str))
    cases = ((name, content, context, registry.judge(content, context).outcome) for name, content, context in found)
    return [case for case in cases if case[3] is not Outcome.REVIEW]


@pytest.fixture(scope="module")
def cases() -> list[Judged]:
    made = judged()
    assert len(made) > 600
    return made


def emoji(content: Content, context: Context, dice: random.Random) -> tuple[Content, Context] | None:
    sign = dice.choice((" \U0001f60d", " \u2728\u2728", " \u2764\ufe0f", " \U0001f33f\U0001f35e"))
    return (replace(content, text=content.text + sign), context) if content.text else None


def shouted(content: Content, context: Context, dice: random.Random) -> tuple[Content, Context] | None:
    return (replace(content, text=content.text.upper()), context) if "http" not in content.text else None


def whispered(content: Content, context: Context, dice: random.Random) -> tuple[Content, Context] | None:
    return replace(content, text=content.text.lower()), context


def typeset(content: Content, context: Context, dice: random.Random) -> tuple[Content, Context] | None:
    curly = content.text.replace("'", "\u2019").replace(" - ", " \u2013 ").replace("...", "\u2026")
    return replace(content, text=curly), context


def filled(content: Content, context: Context, dice: random.Random) -> tuple[Content, Context] | None:
    """Two unrelated sentences more, in either order."""
    fillers = FILLERS.get(read(content, context).language)
    codes = {finding.code for finding in registry.judge(content, context).findings}
    if fillers is None or not content.text or content.text.rstrip()[-1:] not in ".!?" or codes & WHERE_IT_STANDS:
        return None
    return replace(content, text=f"{content.text.rstrip()} {' '.join(dice.sample(fillers, 2))}"), context


def rebranded(content: Content, context: Context, dice: random.Random) -> tuple[Content, Context] | None:
    """The same post for another brand."""
    if len(context.ties) != 1 or not context.ties[0].brand:
        return None
    old, new = context.ties[0].brand, dice.choice(BRANDS)
    everything = " ".join((content.text, content.title, *context.around.values()))
    if old not in everything or old.split()[0].lower() in everything.replace(old, "").lower():
        return None
    around = {name: words.replace(old, new) for name, words in context.around.items()}
    tie: Tie = replace(context.ties[0], brand=new)
    content = replace(content, text=content.text.replace(old, new), title=content.title.replace(old, new))
    return content, replace(context, ties=(tie,), around=around)


@pytest.mark.parametrize("change", [emoji, shouted, whispered, typeset, filled, rebranded], ids=lambda c: c.__name__)
def test_what_says_nothing_about_the_connection_changes_no_verdict(cases: list[Judged], change: Change) -> None:
    dice, tried, changed = random.Random(11), 0, []
    for name, content, context, before in cases:
        other = change(content, context, dice)
        if other is not None and other != (content, context):
            tried += 1
            after = registry.judge(*other)
            if after.outcome is not before:
                changed.append((name, str(before), str(after.outcome), other[0].text, [f.code for f in after.findings]))
    assert tried > 100
    assert changed == []


def undisclosed(content: Content, context: Context) -> tuple[Content, Context]:
    """The same post, known to speak for the brand, without the words that disclose."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for mention in read(content, context).mentions:
        spans.setdefault(mention.part, []).append(mention.span)
    parts = {
        part: "".join(_without(words, spans.get(part, []))) for part, words in read(content, context).parts.items()
    }
    text, title = parts.pop("text"), parts.pop("title")
    around = {name: words for name, words in parts.items() if words}
    return replace(content, text=text, title=title, options={}), replace(context, promotes=True, around=around)


def _without(words: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    at = 0
    for start, end in sorted(spans):
        if end > at:
            yield words[at : max(at, start)]
            at = end
    yield words[at:]


def test_a_post_whose_disclosure_is_taken_away_never_passes(cases: list[Judged]) -> None:
    disclosed = [c for c in cases if c[3] is Outcome.ALLOW and read(c[1], c[2]).duty and read(c[1], c[2]).mentions]
    assert len(disclosed) > 120
    passed = []
    for name, content, context, _ in disclosed:
        bare = undisclosed(content, context)
        for _ in range(3):  # what was taken away may have hidden another phrase
            bare = undisclosed(*bare)
        if registry.judge(*bare).outcome is Outcome.ALLOW:
            passed.append((name, bare[0].text))
    assert passed == []
