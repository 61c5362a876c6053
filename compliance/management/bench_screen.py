"""How many posts a second the rules judge on one core, beside a bare search for the words "ad" and "sponsored".

Every post is another text; a line of JSON goes in and a line of JSON comes out, as in `manage.py screen`. The floor
reads and writes the same lines and only looks for keywords: what judging costs beyond it is what the rules cost.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import time
import tomllib
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.imports import screened_line

PER_SECOND = 5000
MOST_OF_THE_FLOOR = 60  # times slower than a keyword search: what a slower machine is judged by
KEYWORDS = re.compile(r"#?\b(?:ad|sponsored|werbung|anzeige|iklan|publicit\w+|publicidad|publi)\b", re.IGNORECASE)
PLACES = {"en": ("US", "UK", "AU", "CA", "IN"), "id": ("ID",), "de": ("DE",), "fr": ("FR",), "es": ("ES",)}
KINDS = ("payment", "free_product", "commission", "employment", "trip")


@dataclass(frozen=True)
class Measured:
    """One row for the floor and one for the rules."""

    rows: list[dict[str, object]]
    summary: str
    misses: list[str]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--file", type=Path, help="an archive of your own as JSON lines, instead of made-up posts")
    parser.add_argument(
        "--ratio-only", action="store_true", help="judge by the floor alone: for a machine that is busy"
    )


def run(options: Mapping[str, Any]) -> Measured:  # Any: the options of every kind
    """Judge the posts `rounds` times, other texts each time, and take the medians."""
    floors, rules = [], []
    for seed in range(options["rounds"] + 1):
        lines = _lines(options, seed)
        floors.append(_rate(_floor, lines))
        rules.append(_rate(screened_line, lines))
    floor, rate = statistics.median(floors[1:]), statistics.median(rules[1:])  # the first round builds the tables
    return Measured(
        rows=[_row("keywords only", floor, lines), _row("the rules", rate, lines)],
        summary=f"{rate:.0f} posts/s on one core, {floor / rate:.1f} times the work of a keyword search",
        misses=_misses(rate, floor, ratio_only=options["ratio_only"]),
    )


def _row(judge: str, rate: float, lines: Sequence[str]) -> dict[str, object]:
    return {"judge": judge, "posts": len(lines), "posts/s": round(rate), "us a post": round(1e6 / rate, 1)}


def _misses(rate: float, floor: float, *, ratio_only: bool) -> list[str]:
    missed = [] if ratio_only or rate >= PER_SECOND else [f"{rate:.0f} posts/s; {PER_SECOND} were promised"]
    if floor / rate > MOST_OF_THE_FLOOR:
        missed.append(f"{floor / rate:.0f} times a keyword search; at most {MOST_OF_THE_FLOOR} were promised")
    return missed


def _rate(judge: Callable[[str], str], lines: Sequence[str]) -> float:
    """Lines a second of this process's own time."""
    began = time.process_time()
    for line in lines:
        judge(line)
    return len(lines) / (time.process_time() - began)


def _floor(line: str) -> str:
    row = json.loads(line)
    found = KEYWORDS.search(row["text"])
    return json.dumps({"id": row["id"], "verdict": "allow" if found or not row.get("connection") else "block"})


def _lines(options: Mapping[str, Any], seed: int) -> Sequence[str]:  # Any: see run
    if options["file"]:
        return list(filter(str.strip, options["file"].read_text(encoding="utf-8").splitlines()))
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    dice = random.Random(seed)  # noqa: S311 - replayable, no secret
    return [json.dumps(_post(table, dice, number), ensure_ascii=False) for number in range(options["posts"])]


def _post(table: Mapping[str, Any], dice: random.Random, number: int) -> dict[str, object]:  # Any: a TOML table
    language = dice.choice(("en", "en", "en", *table["languages"]))
    brand = dice.choice(table["brands"])
    role = dice.choice(("influencer", "influencer", "brand_account"))
    tied = role == "influencer" and dice.random() < 0.5
    words = " ".join(_sentences(table["languages"][language], dice, disclosed=tied))
    thing = dice.choice(table["things"][language])
    tags = " ".join(dice.sample(table["tags"], dice.randrange(4)))
    return {
        "id": number,
        "network": dice.choice(table["networks"]),
        "text": words.format(brand=brand, thing=thing, number=number) + dice.choice(table["emoji"]) + " " + tags,
        "author_role": role,
        "media": dice.choice(("image", "image", "video", "none")),
        "connection": {"type": dice.choice(KINDS), "brand": brand, "value": 200, "currency": "USD"} if tied else None,
        "language": language,
        "jurisdiction": dice.choice(PLACES[language]),
    }


def _sentences(words: Mapping[str, Sequence[str]], dice: random.Random, *, disclosed: bool) -> Iterator[str]:
    yield (dice.choice(words["disclosures"]) if disclosed else "") + dice.choice(words["openings"])
    yield from dice.sample(words["middles"], dice.randrange(1, 4))
    yield dice.choice(words["ends"])
