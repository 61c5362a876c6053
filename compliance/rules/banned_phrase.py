"""What this workspace's counsel has banned is not said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from compliance.protocol import (
    Context,
    Example,
    Finding,
    Law,
    Parameter,
    Severity,
    Sureness,
    Wording,
    gettext_noop,
)
from compliance.rules.reading.examples import post
from compliance.rules.reading.wordings import LANGUAGE, PHRASE, SEVERITY, places_of, spoken_in
from networks.protocol import Content

code = "banned_phrase"
title = gettext_noop("Banned phrase")
source = "Counsel of this workspace"
law: Sequence[Law] = (
    Law("", "Counsel of this workspace", "2026-11-24", Sureness.CONFIRMED, "Each phrase carries counsel's own reason."),
)
REASON = gettext_noop('"%(words)s" is banned here: %(reason)s')
parameters: Sequence[Parameter] = (
    replace(PHRASE, help=gettext_noop("Found whole, in any case, and however its letters are disguised.")),
    LANGUAGE,
    SEVERITY,
)


def _banned(text: str, *, finds: bool, language: str = "en", only: str = "", why: str = "") -> Example:
    made = post(text, finds=finds, language=language, why=why)
    phrase = Wording("miracle cure", language=only, severity=Severity.BLOCK, reason="Legal, 3 November")
    return replace(made, context=replace(made.context, wordings=(phrase,)))


examples: Sequence[Example] = (
    _banned("Our Miracle  CURE is back", finds=True),
    _banned("Our m\u0456racle cure is back", finds=True, why="A look-alike letter changes nothing"),
    _banned("Our miracle cures are back", finds=False, why="Another word"),
    _banned("Miracle cure kami kembali", language="id", only="en", finds=False, why="Banned in English only"),
)


def check(content: Content, context: Context) -> Sequence[Finding]:
    return tuple(
        Finding(
            code=code,
            severity=wording.severity,
            reason=REASON,
            source=source,
            span=span,
            part=part,
            parameters={"words": words, "reason": wording.reason, "phrase": wording.phrase},
        )
        for wording in context.wordings
        if not wording.required and spoken_in(wording, content, context)
        for part, span, words in places_of(wording.phrase, content, context)
    )
