"""Texts written to deceive or to exhaust the checker."""

from __future__ import annotations

import random
import time

import pytest

from compliance import registry
from compliance.protocol import Example, Outcome
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.language import classified
from networks.protocol import Content

LONGEST = 10_000
MOST = 0.05  # seconds
PIECES = (
    "#ad", "#ad ", "#summer ", " ", "a ", "@a", "paid ", "gave me ", "(", "[(", "(ad", "\U0001f170\ufe0f", "\u0430d",
    "#\u200ba\u200bd ", "https://a.b/?", "https://x.co/?ref=a ", "is this an ad? ", "not ", "not an ad but ",
    "thanks to ", "thanks @a_b.c for the free ", "#", ".", "..a", "\n", "a.b.", "x", "1", "a-", "'", "\u2019",
    "lose 10kg ", "lose 5 kg in ", "my sister owns ", "in exchange for ", "tidak ada iklan ", "100% ", "100% free ",
    "i might ", "e\u0301", "\u0301", "\u202e", "\u200b", "\ufeff", "ad ad-", "ad\u0336 ", "a d v e r t ", "Ad: ",
    "sponsored by ", "Larch ", "larch", "@larch", "#larchpine ", "as a doctor i ", "cure my eczema ", "free free ",
    "gave me sent me ", "WERBUNG ", "in kooperation mit ", "gracias @a ", "5 stars get free ", "kasih bintang 5 ",
    "paling enak se", "no no no ", "the the ", "\u3042", "\u0434\u0430 ", "\u05d0", "\U0001f60d", "\u2764\ufe0f ",
    "\U0001f1e6\U0001f1e9", "code ABC10 ", "use ", "from $1 to $2 ", "#1 ", "my my my ",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _tables_are_made() -> None:
    classified("The classifier loads its model once for each process.")
    registry.judge(*_as_read(post("Ad: Larch & Pine cured my eczema, thanks @a", payment("Larch & Pine"), finds=False)))


def _as_read(example: Example) -> tuple[Content, object]:
    return example.content, example.context


@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_no_text_of_ten_thousand_letters_takes_fifty_milliseconds(piece: str) -> None:
    """All rules, each asked by itself, whether the others would have let it be asked or not."""
    best = {"tied": 1.0, "untied": 1.0, "brand": 1.0}
    for attempt in range(3):
        text = (piece * LONGEST)[: LONGEST - attempt]
        for who, example in (
            ("tied", post(text, payment("Larch & Pine"), finds=False)),
            ("untied", post(text, finds=False)),
            ("brand", post(text, role="brand", finds=False)),
        ):
            began = time.process_time()
            for rule in registry.every():
                rule.check(example.content, example.context)
            best[who] = min(best[who], time.process_time() - began)
        if max(best.values()) < MOST / 2:
            break
    assert max(best.values()) < MOST, best


@pytest.mark.parametrize(
    "text",
    [
        "#a\u200bd The Solvano lamp",
        "#\u0430d The Solvano lamp",
        "\u1d43\u1d48 Solvano lamp, love it",
        "a d v e r t i s e m e n t - the Solvano lamp, love it",
        "\U0001d5d4\U0001d5d7: the Solvano lamp, love it",
        "\uff21\uff24: the Solvano lamp, love it",
        "\U0001f170\ufe0f\U0001f173\ufe0f the Solvano lamp, love it",
        "\U0001f1e6 \U0001f1e9 the Solvano lamp, love it",
        "\U0001f1e6\U0001f1e9 the Solvano lamp, love it",
        "a\u0336d\u0336: the Solvano lamp, love it",
        "\u202eda# the Solvano lamp, love it",
        "\u202e#ad the Solvano lamp, love it",
        "#solvanoad the lamp I love",
        "#adventure with the Solvano lamp I love",
        "#adidas and the Solvano lamp I love",
        "ad hoc evening with the Solvano lamp I love",
        "ad lib: the Solvano lamp I love",
        "ad blockers hate the Solvano lamp I love",
        "#nomad #salad #road with the Solvano lamp I love",
    ],
)
def test_a_disguised_or_lookalike_word_never_passes(text: str) -> None:
    assert registry.judge(*_as_read(post(text, payment("Solvano"), finds=True))).outcome is not Outcome.ALLOW


@pytest.mark.parametrize("text", ["#AD the Solvano lamp", "#aD the Solvano lamp", "AD: Solvano", "\ufeffAd: Solvano"])
def test_a_plain_word_in_any_case_passes(text: str) -> None:
    assert registry.judge(*_as_read(post(text, payment("Solvano"), finds=False))).outcome is Outcome.ALLOW


def test_random_text_never_fails_a_check() -> None:
    dice = random.Random(7)
    letters = "adAD #@.:()'\n\u200b\u0430\u1d43\U0001f60d\U0001f1e6\u202e-|sponsored iklan " + "".join(PIECES)
    for _ in range(300):
        text = "".join(dice.choice(letters) for _ in range(dice.randrange(0, 400)))
        for ties in ((payment("Solvano"),), ()):
            found = registry.judge(*_as_read(post(text, *ties, finds=False))).findings
            assert registry.CHECKER_FAILED not in {finding.code for finding in found}, text


def test_a_place_in_a_folded_text_is_the_place_in_the_original() -> None:
    """Spans stay right however many signs were folded away or unfolded before them."""
    text = "\u2764\ufe0f\u2026\u00df\u200b \U0001f469\u200d\U0001f373 #sp the Solvano lamp"
    found = registry.judge(*_as_read(post(text, payment("Solvano"), finds=True))).findings
    assert [text[slice(*finding.span)] for finding in found if finding.span] == ["#sp"]
