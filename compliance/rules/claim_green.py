"""A general promise to be good for the planet may not be made; a specific, proven one may."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import payment, post
from networks.protocol import Content

code = "claim_green"
title = gettext_noop("Environmental claim")
source = "16 CFR 260.4"
law: Sequence[Law] = (
    Law(
        "US", "16 CFR 260.4", "2026-11-24", Sureness.SECONDARY, "Unqualified general benefit claims should not be made."
    ),
)
REASON = gettext_noop('"%(words)s" promises too much. Say which benefit, of what, and prove it.')
examples: Sequence[Example] = (
    post("Ad. The Fern picnic set is 100% eco-friendly", payment("Fern"), finds=True),
    post("Ad. The Fern picnic set is blue", payment("Fern"), finds=False),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return [
        found
        for kind in ("green_wholly", "green")
        for found in finding(kind, code=code, reason=REASON, source=source, content=content, context=context)
    ]
