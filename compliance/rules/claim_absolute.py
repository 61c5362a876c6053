""" "The best", "number one", "guaranteed", "100 %" are facts that somebody must be able to prove."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import payment, post
from networks.protocol import Content

code = "claim_absolute"
title = gettext_noop("Absolute claim without a source")
source = "15 USC 45; EPI on superlatives"
law: Sequence[Law] = (
    Law(
        "US",
        "15 USC 45, advertising substantiation policy",
        "2026-11-24",
        Sureness.SECONDARY,
        "Objective claims need evidence before they are made; opinion is free.",
    ),
)
REASON = gettext_noop('"%(words)s" needs a source. Add the evidence, or say it as your own opinion.')
examples: Sequence[Example] = (
    post("Sponsored: Briska is the #1 kettle brand in the world, full stop.", payment("Briska"), finds=True),
    post("#iklan Kopi Terasa paling enak se-Jakarta", payment("Terasa"), place="ID", finds=True),
    post("#iklan Kopi Terasa enak banget menurutku", payment("Terasa"), place="ID", finds=False),
    post("Sponsored: Briska is the best kettle I have owned.", payment("Briska"), finds=False, why="An opinion"),
    post("#1 tip: rest your dough", role="brand", finds=False),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return [
        found
        for kind in ("absolute", "boast", "superlative")
        for found in finding(kind, code=code, reason=REASON, source=source, content=content, context=context)
    ]
