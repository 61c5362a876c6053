""" "Made in" a country means all, or virtually all, of it."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import payment, post
from networks.protocol import Content

code = "claim_origin"
title = gettext_noop("Origin claim")
source = "16 CFR 323"
law: Sequence[Law] = (
    Law("US", "16 CFR 323", "2026-11-24", Sureness.UNCONFIRMED, "All or virtually all made in the United States."),
)
REASON = gettext_noop('"%(words)s" needs proof of where all of it was made.')
examples: Sequence[Example] = (
    post("Ad: these Pembra pans are Made in USA, every last part", payment("Pembra"), finds=True),
    post("Ad: these Pembra pans are red", payment("Pembra"), finds=False),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding("origin", code=code, reason=REASON, source=source, content=content, context=context)
