"""Nobody may pay for reviews of a set sentiment, or for followers."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import post
from networks.protocol import Content

code = "bought_reviews"
title = gettext_noop("Bought reviews")
source = "16 CFR 465.4, 465.8"
law: Sequence[Law] = (
    Law("US", "16 CFR 465.4", "2026-11-24", Sureness.CONFIRMED, "No reward for reviews that must be positive."),
    Law("US", "16 CFR 465.8", "2026-11-24", Sureness.CONFIRMED, "No fake indicators of influence."),
)
REASON = gettext_noop('"%(words)s" offers something for praise.')
examples: Sequence[Example] = (
    post("Leave a five-star review and get a free mug", role="brand", finds=True),
    post("Leave a review, we read them all", role="brand", finds=False),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(
        "bought_reviews",
        code=code,
        reason=REASON,
        source=source,
        content=content,
        context=context,
        evidence_helps=False,
    )
