""" "Free" must be free, with every condition beside it."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import payment, post
from networks.protocol import Content

code = "claim_free"
title = gettext_noop("Free claim")
source = "16 CFR 251; negative option rules"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 251 and negative option rules",
        "2026-11-24",
        Sureness.UNCONFIRMED,
        "Say the price, when charging starts and how to cancel, before the click.",
    ),
)
REASON = gettext_noop('"%(words)s" must be free without conditions.')
examples: Sequence[Example] = (
    post("#ad Penny Grove is totally FREE forever!!!", payment("Penny Grove"), finds=True),
    post(
        "#ad Try Penny Grove free for 7 days (then 9.99 a month, cancel any time)", payment("Penny Grove"), finds=False
    ),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(
        "free", code=code, reason=REASON, source=source, content=content, context=context, evidence_helps=False
    )
