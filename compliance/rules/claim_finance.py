"""No return may be promised as certain or free of risk."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import payment, post
from networks.protocol import Content

code = "claim_finance"
title = gettext_noop("Promise of returns")
source = "15 USC 45; FTC on income claims"
law: Sequence[Law] = (
    Law(
        "US",
        "15 USC 45",
        "2026-11-24",
        Sureness.UNCONFIRMED,
        "Guaranteed or risk-free returns and income promises need evidence and are seldom true.",
    ),
    Law("ID", "OJK rules not read", "2026-11-24", Sureness.UNCONFIRMED, ""),
)
REASON = gettext_noop('"%(words)s" promises a certain return.')
examples: Sequence[Example] = (
    post("#ad CoinHarb pays 30% a month, guaranteed, zero risk.", payment("CoinHarb"), finds=True),
    post("#ad CoinHarb has a tidy app; investments can fall as well as rise.", payment("CoinHarb"), finds=False),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(
        "finance", code=code, reason=REASON, source=source, content=content, context=context, evidence_helps=False
    )
