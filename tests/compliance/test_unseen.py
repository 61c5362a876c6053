"""The checker on cases and ordinary texts it was not built on: the figures that must hold before a rule may change."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from compliance import registry
from compliance.imports import post_of
from tests.compliance.unseen.ordinary import Post, connected, ordinary

UNSEEN = Path(__file__).parent / "unseen"
VERDICTS = {"allow", "block", "review"}
MOST_FALSE_STOPS = 0.01
FLOORS = {  # lenient share, stop precision, stop recall: as promised; of those kept back, what is reached so far
    "cases": (0.95, 0.97, 0.97),
    "kept_back/second": (0.98, 0.97, 0.97),
    "kept_back/third": (0.98, 0.97, 0.97),
    "kept_back/fourth": (0.95, 0.97, 0.97),
}


def verdict(post: Post) -> str:
    return str(registry.judge(*post_of(post)).outcome)


def worked_cases(where: str) -> list[Post]:
    """Those of a folder, or of one file in it."""
    files = sorted((UNSEEN / where).glob("*.jsonl")) or [(UNSEEN / where).with_suffix(".jsonl")]
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def stopped(posts: Iterable[Post]) -> list[object]:
    return [post["id"] for post in posts if verdict(post) != "allow"]


def test_every_case_says_what_the_law_asks_for() -> None:
    cases = worked_cases("cases") + worked_cases("kept_back")
    assert len(cases) >= 360 and len({case["id"] for case in cases}) == len(cases)
    for case in cases:
        told = {case["expected"], *case["also_ok"]}  # type: ignore[misc]
        assert told < VERDICTS and case["expected"] not in case["also_ok"], case["id"]  # type: ignore[operator]
        assert case["reason"] and str(case["source"]).startswith("law ") and case["confidence"] in {"high", "medium"}


@pytest.mark.parametrize(("posts", "least"), [(ordinary, 3_000), (connected, 300)])
def test_an_ordinary_text_is_not_stopped(posts, least) -> None:  # type: ignore[no-untyped-def]
    made = posts()
    assert len(made) >= least and len({post["id"] for post in made}) == len(made)
    wrongly = stopped(made)
    assert len(wrongly) <= MOST_FALSE_STOPS * len(made), wrongly


@pytest.mark.parametrize("where", FLOORS)
def test_the_verdicts_on_unseen_cases_hold_their_floors(where: str) -> None:
    cases, (least_lenient, least_precision, least_recall) = worked_cases(where), FLOORS[where]
    told = {str(case["id"]): verdict(case) for case in cases}
    missed = {key: said for case in cases if (said := told[key := str(case["id"])]) not in tolerated(case)}
    assert len(missed) <= (1 - least_lenient) * len(cases), missed
    clear = [case for case in cases if "allow" not in tolerated(case) or tolerated(case) == {"allow"}]
    stops = {str(case["id"]) for case in clear if told[str(case["id"])] != "allow"}
    due = {str(case["id"]) for case in clear if case["expected"] != "allow"}
    assert len(stops & due) >= least_precision * len(stops), stops - due
    assert len(stops & due) >= least_recall * len(due), due - stops


def tolerated(case: Post) -> set[object]:
    return {case["expected"], *case["also_ok"]}  # type: ignore[misc]
