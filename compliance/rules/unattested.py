"""Who praises a product has confirmed that they used it and mean what they say, where counsel asks for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from compliance.protocol import (
    Context,
    Example,
    Finding,
    Law,
    Parameter,
    ParameterKind,
    Severity,
    Sureness,
    gettext_noop,
)
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.post import read
from compliance.rules.reading.signing import DAYS
from networks.protocol import Content

code = "unattested"
title = gettext_noop("Endorser has not stood by it")
source = "16 CFR 255.1(a), (c)"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.1(a), (c)",
        "2026-11-24",
        Sureness.SECONDARY,
        "An endorsement is an honest view, and who says they use a product must have been using it then.",
    ),
)
REASON = gettext_noop("This person has not confirmed what the praise of %(brand)s rests on. Ask from their record.")
NEEDED: Mapping[str, frozenset[str]] = {
    "used": frozenset({"used"}),
    "honest": frozenset({"honest"}),
    "both": frozenset({"used", "honest"}),
}
parameters: Sequence[Parameter] = (
    Parameter(
        "asked",
        gettext_noop("What an endorser must have confirmed"),
        ParameterKind.CHOICE,
        choices=(
            ("", gettext_noop("Nothing")),
            ("used", gettext_noop("That they used it")),
            ("honest", gettext_noop("That they mean it")),
            ("both", gettext_noop("Both")),
        ),
    ),
    DAYS,
)


def _asked(example: Example, *signed: str) -> Example:
    asked = replace(example.context, parameters={code: {"asked": "both"}}, signed=frozenset(signed))
    return replace(example, context=asked)


examples: Sequence[Example] = (
    _asked(post("Ad: obsessed with my new Tarn rucksack", payment("Tarn"), finds=True), "used"),
    _asked(post("Ad: obsessed with my new Tarn rucksack", payment("Tarn"), finds=False), "used", "honest"),
    _asked(post("Rain all day, so we stayed in and played cards.", payment("Tarn"), finds=False, why="No praise")),
    post("Ad: obsessed with my new Tarn rucksack", payment("Tarn"), finds=False, why="Counsel asks for nothing"),
)


def check(content: Content, context: Context) -> Sequence[Finding]:
    needed = NEEDED.get(str(context.parameters.get(code, {}).get("asked", "")))
    if not needed or needed <= context.signed or not read(content, context).duty:
        return ()
    return (
        Finding(
            code=code,
            severity=Severity.REVIEW,
            reason=REASON,
            source=source,
            parameters={"brand": context.ties[0].brand},
        ),
    )
