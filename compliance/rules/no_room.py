"""The disclosure does not fit any more: the text must be shortened first."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Severity, Sureness, gettext_noop
from compliance.rules.reading.examples import SHORT_POST, payment, post
from compliance.rules.reading.finding import in_doubt
from compliance.rules.reading.mending import lacks_room
from networks.protocol import Content

code = "no_room"
title = gettext_noop("No room for the disclosure")
source = "16 CFR 255.0(f)"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.0(f)",
        "2026-11-24",
        Sureness.CONFIRMED,
        "A disclosure on social media should be unavoidable.",
    ),
)
REASON = gettext_noop("Shorten the text by %(signs)s: then the disclosure fits into a post on %(network)s.")
LONG = "Obsessed with my Solvano lamp. " * 16 + "Yes."
examples: Sequence[Example] = (
    post(LONG, payment("Solvano"), network=SHORT_POST, finds=True),
    post("Obsessed with my Solvano lamp.", payment("Solvano"), network=SHORT_POST, finds=False),
    post(
        LONG[:480] + " #lamp #light #home",
        payment("Solvano"),
        network=SHORT_POST,
        finds=False,
        why="A tag at the end is given up for it",
    ),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    signs = lacks_room(content, context)
    if not signs:
        return ()
    return (Finding(code, Severity.ADVICE, REASON, source, parameters={"signs": signs, "network": context.network}),)
