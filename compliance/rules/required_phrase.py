"""What this workspace's counsel requires is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from compliance.protocol import (
    Context,
    Edit,
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

code = "required_phrase"
title = gettext_noop("Required phrase is missing")
source = "Counsel of this workspace"
law: Sequence[Law] = (
    Law("", "Counsel of this workspace", "2026-11-24", Sureness.CONFIRMED, "Each phrase carries counsel's own reason."),
)
REASON = gettext_noop('"%(phrase)s" must be said here: %(reason)s')
parameters: Sequence[Parameter] = (
    replace(PHRASE, help=gettext_noop("Every post in scope must say it, in any case. Answers to people need not.")),
    LANGUAGE,
    SEVERITY,
)
ANSWERS = frozenset({"reply", "comment"})


def _required(text: str, *, finds: bool, surface: str = "post", why: str = "") -> Example:
    made = post(text, finds=finds, language="en", surface=surface, why=why)
    phrase = Wording("T&Cs apply", required=True, severity=Severity.BLOCK, reason="Prize draws, 3 November")
    return replace(made, context=replace(made.context, wordings=(phrase,)))


examples: Sequence[Example] = (
    _required("Win a grinder this week!", finds=True),
    _required("Win a grinder this week! t&cs apply", finds=False),
    _required("Congratulations, Rina!", surface="reply", finds=False, why="An answer to a person"),
)


def check(content: Content, context: Context) -> Sequence[Finding]:
    if context.surface in ANSWERS:
        return ()
    return tuple(
        Finding(
            code=code,
            severity=wording.severity,
            reason=REASON,
            source=source,
            edit=Edit(len(content.text), len(content.text), f"{_gap(content.text)}{wording.phrase}"),
            parameters={"phrase": wording.phrase, "reason": wording.reason},
        )
        for wording in context.wordings
        if wording.required and spoken_in(wording, content, context)
        if not any(True for _ in places_of(wording.phrase, content, context))
    )


def _gap(text: str) -> str:
    return "" if not text or text[-1].isspace() else "\n" if "\n" in text else " "
