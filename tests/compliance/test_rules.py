"""The rules: their own examples, the cases, and what may never change a verdict."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from compliance import registry
from compliance.imports import post_of
from compliance.protocol import Context, Example, Outcome, Rule, Severity, Sureness, mended
from compliance.rules.reading.examples import SHORT_POST, payment, post
from networks.protocol import Content

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*.jsonl"))
UNSEEN = sorted((HERE / "unseen" / "cases").glob("*.jsonl"))
ROUNDS = 5


def cases(files: Iterable[Path] = CASES) -> Iterator[dict[str, object]]:
    for file in files:
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
    for case in cases((*CASES, *UNSEEN)):
        content, context = post_of(case)
        findings = registry.judge(content, context).findings
        if not findings or any(f.edit is None for f in findings if f.severity != Severity.ADVICE):
            continue
        tried += 1
        if verdict(mend(content, context), context) != Outcome.ALLOW:
            unmended.append(case["id"])
    assert tried > 250
    assert not unmended


@pytest.mark.parametrize("signs", [*range(470, 500, 3), 500])
def test_a_mend_never_makes_a_post_too_long_for_its_network(signs: int) -> None:
    text = ("Obsessed with my Solvano lamp, it glows " + "so warmly " * 60)[
        : signs - 18
    ].rstrip() + " #lamp #glow #home"
    example = post(text, payment("Solvano"), finds=True, network=SHORT_POST)
    for finding in registry.judge(example.content, example.context).findings:
        if finding.edit:
            assert len(mended(example.content, finding.edit).text) <= example.context.limits.text
            assert verdict(mended(example.content, finding.edit), example.context) is Outcome.ALLOW
        else:
            assert finding.code == "no_room" or finding.severity is not Severity.ADVICE


def test_a_missing_record_is_told_with_what_its_form_needs() -> None:
    example = post("Thanks to Marlo & Co for the free lamp, @marlo.co you spoil us", finds=True)
    (finding,) = registry.judge(example.content, example.context).findings
    told = {name: finding.parameters[name] for name in ("brand", "kind", "handle")}
    assert told == {"brand": "Marlo & Co", "kind": "free_product", "handle": "marlo.co"}


@pytest.mark.parametrize("disclosure", ["Ad: ", "#ad ", "Sponsored by Solvano. ", "Paid partnership with Solvano. "])
def test_taking_the_disclosure_away_blocks(disclosure: str) -> None:
    rest = "Three weeks with the Solvano lamp, love it."
    with_it, without_it = (post(text, payment("Solvano"), finds=False) for text in (disclosure + rest, rest))
    assert verdict(with_it.content, with_it.context) == Outcome.ALLOW
    assert verdict(without_it.content, without_it.context) == Outcome.BLOCK


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
