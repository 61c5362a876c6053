"""Who speaks for a brand has confirmed how to disclose it, where counsel asks for that."""

from __future__ import annotations

from collections.abc import Sequence
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
from compliance.rules.reading.signing import DAYS
from networks.protocol import Content

code = "unbriefed"
title = gettext_noop("Brief is not confirmed")
source = "16 CFR 255.1(d)"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.1(d)",
        "2026-11-24",
        Sureness.SECONDARY,
        "Advertisers guide, monitor and act; who was told how to disclose is the first thing to show.",
    ),
)
REASON = gettext_noop("No brief about %(brand)s was confirmed by this person. Send one from their record.")
parameters: Sequence[Parameter] = (
    Parameter(
        "asked",
        gettext_noop("Who must have confirmed a brief"),
        ParameterKind.CHOICE,
        choices=(("", gettext_noop("Nobody")), ("yes", gettext_noop("Every endorser with a connection"))),
    ),
    DAYS,
)


def _asked(example: Example, *signed: str) -> Example:
    asked = replace(example.context, parameters={code: {"asked": "yes"}}, signed=frozenset(signed))
    return replace(example, context=asked)


examples: Sequence[Example] = (
    _asked(post("Ad: the Tarn rucksack carries everything", payment("Tarn"), finds=True)),
    _asked(post("Ad: the Tarn rucksack carries everything", payment("Tarn"), finds=False), "understood"),
    post("Ad: the Tarn rucksack carries everything", payment("Tarn"), finds=False, why="Counsel asks for none"),
    _asked(post("Rain all day, so we played cards", finds=False, why="No connection")),
)


def check(content: Content, context: Context) -> Sequence[Finding]:
    if not context.ties or not context.parameters.get(code, {}).get("asked") or "understood" in context.signed:
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
