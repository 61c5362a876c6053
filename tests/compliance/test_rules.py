"""The rules: their own examples, the cases, and what may never change a verdict."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from compliance import registry
from compliance.imports import post_of
from compliance.protocol import Context, Example, Outcome, Rule, Severity, Sureness, mended
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.language import classified
from networks.protocol import Content

CASES = sorted((Path(__file__).parent / "cases").glob("*.jsonl"))
ROUNDS = 5


def cases() -> Iterator[dict[str, object]]:
    for file in CASES:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def verdict(content: Content, context: Context) -> Outcome:
    return registry.judge(content, context).outcome


@pytest.mark.parametrize("rule", registry.every(), ids=lambda rule: rule.code)
def test_a_rule_finds_what_its_own_examples_say(rule: Rule) -> None:
    assert {example.finds for example in rule.examples} == {True, False}
    for example in rule.examples:
        found = rule.check(example.content, example.context)
        assert bool(found) is example.finds, example.content.text


@pytest.mark.parametrize("rule", registry.every(), ids=lambda rule: rule.code)
def test_a_rule_says_what_it_is_and_where_it_is_written(rule: Rule) -> None:
    assert rule.__doc__ and rule.__doc__.strip().endswith(".")
    assert rule.title and rule.source and rule.law
    assert all(law.sureness in Sureness and law.read_on for law in rule.law)


@pytest.mark.parametrize("rule", registry.every(), ids=lambda rule: rule.code)
def test_a_finding_points_at_the_words_it_is_about(rule: Rule) -> None:
    for example in rule.examples:
        for finding in rule.check(example.content, example.context):
            assert finding.reason % dict(finding.parameters)
            if finding.span and finding.part == "text":
                start, end = finding.span
                assert 0 <= start <= end <= len(example.content.text)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: str(case["id"]))
def test_a_worked_case_gets_a_verdict_the_law_allows(case: dict[str, object]) -> None:
    screening = registry.judge(*post_of(case))
    assert str(screening.outcome) in {case["expected"], *case.get("also_ok", [])}, screening.findings  # type: ignore[misc]


def mend(content: Content, context: Context) -> Content:
    """Press the fix of each finding until none is offered any more."""
    for _ in range(ROUNDS):
        edits = [f.edit for f in registry.judge(content, context).findings if f.edit and f.severity != Severity.ADVICE]
        if not edits:
            return content
        content = mended(content, edits[0])
    return content


def test_pressing_the_offered_fixes_makes_a_post_pass() -> None:
    unmended = []
    tried = 0
    for case in cases():
        content, context = post_of(case)
        findings = registry.judge(content, context).findings
        if not findings or any(f.edit is None for f in findings if f.severity != Severity.ADVICE):
            continue
        tried += 1
        if verdict(mend(content, context), context) != Outcome.ALLOW:
            unmended.append(case["id"])
    assert tried > 20
    assert not unmended


# --- what may not change a verdict --------------------------------------------------------------

BRANDS = ("Solvano", "Nordfjell", "Mirakel", "Kestra Tea", "Zuma & Co")
SEEDS = (
    ("{brand} paid me to try this lamp. The warm light won me over.", Outcome.ALLOW),
    ("Obsessed with the new {brand} lamp, the warm light won me over.", Outcome.BLOCK),
    ("#ad The {brand} lamp again, the warm light won me over.", Outcome.ALLOW),
    ("#sp The {brand} lamp again, the warm light won me over.", Outcome.BLOCK),
    ("not an ad but the {brand} lamp won me over.", Outcome.BLOCK),
    ("Golden hour with my {brand} lamp #light #home #ad #cosy #evening", Outcome.BLOCK),
)


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize(("text", "expected"), SEEDS)
def test_another_brand_emoji_case_or_filler_changes_nothing(brand: str, text: str, expected: Outcome) -> None:
    words = text.format(brand=brand)
    for variant in (
        words,
        words.upper(),
        words.lower(),
        words + " \U0001f60d\u2728",
        words.replace(".", "!"),
        words.replace("'", "\u2019"),
        words + " It rained on Tuesday." if not words.endswith("evening") else words,
    ):
        example = post(variant, payment(brand), finds=False, language="en")
        assert verdict(example.content, example.context) == expected, variant


@pytest.mark.parametrize("disclosure", ["Ad: ", "#ad ", "Sponsored by Solvano. ", "Paid partnership with Solvano. "])
def test_taking_the_disclosure_away_blocks(disclosure: str) -> None:
    rest = "Three weeks with the Solvano lamp, love it."
    with_it, without_it = (post(text, payment("Solvano"), finds=False) for text in (disclosure + rest, rest))
    assert verdict(with_it.content, with_it.context) == Outcome.ALLOW
    assert verdict(without_it.content, without_it.context) == Outcome.BLOCK


@pytest.mark.parametrize(
    "text",
    [
        "#a\u200bd The Solvano lamp",
        "#\u0430d The Solvano lamp",
        "\u1d43\u1d48 Solvano lamp, love it",
        "a d v e r t i s e m e n t - the Solvano lamp, love it",
        "\U0001d5d4\U0001d5d7: the Solvano lamp, love it",
        "\u202eda# the Solvano lamp, love it",
        "#solvanoad the lamp I love",
        "#adventure with the Solvano lamp I love",
        "ad hoc evening with the Solvano lamp I love",
    ],
)
def test_a_disguised_or_lookalike_word_never_passes(text: str) -> None:
    example = post(text, payment("Solvano"), finds=True)
    assert verdict(example.content, example.context) != Outcome.ALLOW


@pytest.mark.parametrize(
    "text",
    [
        "First camp of the season #adventure #vanlife",
        "Found my old #adidas jacket",
        "We had an ad hoc meeting",
        "every second post on my feed is an ad",
        "Thanks @tomas for babysitting so we could go out",
        "My brother works for the council and hates it",
        "gifted kid, tired adult",
        "Sponsored my niece's school run, proud uncle",
    ],
)
def test_an_ordinary_post_without_a_connection_is_left_alone(text: str) -> None:
    example: Example = post(text, finds=False)
    assert verdict(example.content, example.context) == Outcome.ALLOW


# --- hostile text -------------------------------------------------------------------------------

LONGEST = 10_000
HOSTILE = (
    "#ad", "#summer ", " ", "a ", "@a", "paid ", "gave me ", "(", "\U0001f170\ufe0f", "\u0430d", "#\u200ba\u200bd ",
    "https://a.b/?", "is this an ad? ", "not ", "thanks to ", "#", ".", "\n", "a.b.", "x", "1", "lose 10kg ",
    "my sister owns ", "in exchange for ", "tidak ada iklan ", "100% ", "i might ", "e\u0301", "\u202e", "ad ad-",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_no_text_of_ten_thousand_letters_takes_fifty_milliseconds(piece: str) -> None:
    classified("The classifier loads its model once for each process.")
    warm = post("warm " + piece, payment("Larch & Pine"), finds=False)
    registry.judge(warm.content, warm.context)
    best = 1.0
    for attempt in range(3):
        text = (piece * LONGEST)[: LONGEST - attempt]
        example = post(text, payment("Larch & Pine"), finds=False)
        began = time.process_time()
        registry.judge(example.content, example.context)
        best = min(best, time.process_time() - began)
    assert best < 0.05


def test_random_text_never_fails_a_check() -> None:
    dice = random.Random(7)
    letters = "adAD #@.:()'\n\u200b\u0430\u1d43\U0001f60d\U0001f1e6\u202e-|sponsored iklan " + "".join(HOSTILE)
    for _ in range(150):
        text = "".join(dice.choice(letters) for _ in range(dice.randrange(0, 400)))
        example = post(text, payment("Solvano"), finds=False)
        codes = {finding.code for finding in registry.judge(example.content, example.context).findings}
        assert registry.CHECKER_FAILED not in codes, text


# --- the road through the rules -----------------------------------------------------------------


def test_a_rule_that_fails_sends_the_text_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(content: Content, context: Context) -> list[object]:
        raise RuntimeError("no")

    monkeypatch.setattr(registry.get("unrecorded"), "check", broken)
    example = post("Nothing to see here", finds=False)
    screening = registry.judge(example.content, example.context)
    assert screening.outcome == Outcome.REVIEW
    assert screening.findings[0].code == registry.CHECKER_FAILED


def test_a_rule_switched_off_finds_nothing_and_gives_another_digest() -> None:
    example = post("Obsessed with my Solvano lamp", payment("Solvano"), finds=True)
    off = replace(example.context, parameters={"undisclosed": {"on": False}})
    assert verdict(example.content, off) == Outcome.ALLOW
    assert off.digest != example.context.digest


def test_the_strictest_place_wins() -> None:
    text = "#gifted This jumper from Solvano lives on me now"
    example = post(text, payment("Solvano"), finds=True)
    assert verdict(example.content, replace(example.context, places=("US",))) == Outcome.REVIEW
    assert verdict(example.content, replace(example.context, places=("US", "GB"))) == Outcome.BLOCK
