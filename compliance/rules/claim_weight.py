"""Nobody may promise weight loss that cannot happen."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import payment, post
from networks.protocol import Content

code = "claim_weight"
title = gettext_noop("Impossible weight loss")
source = "FTC Gut Check"
law: Sequence[Law] = (
    Law(
        "US",
        "FTC Gut Check list",
        "2026-11-24",
        Sureness.UNCONFIRMED,
        "Two pounds a week without diet or exercise, and the like, is never true.",
    ),
)
REASON = gettext_noop('"%(words)s" promises weight loss that no product gives.')
examples: Sequence[Example] = (
    post(
        "Sponsored by Slimra. You can lose 10kg in a week without changing what you eat.", payment("Slimra"), finds=True
    ),
    post("Sponsored by Slimra. Their app counts my steps.", payment("Slimra"), finds=False),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(
        "weight", code=code, reason=REASON, source=source, content=content, context=context, evidence_helps=False
    )
