"""A result that most people do not get may not be shown as if they did."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import payment, post
from networks.protocol import Content

code = "claim_typical"
title = gettext_noop("Result is not typical")
source = "16 CFR 255.2(b)"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.2(b)",
        "2026-11-24",
        Sureness.SECONDARY,
        'Testimonials imply typical results; "results not typical" is not enough, the expected result must be told.',
    ),
)
REASON = gettext_noop('"%(words)s" reads as what everybody gets. Say what people generally achieve, with evidence.')
examples: Sequence[Example] = (
    post("Ad - I lost 48 pounds in six months on the Trimra plan! Results not typical.", payment("Trimra"), finds=True),
    post("Ad - I like the Trimra plan, the recipes are quick.", payment("Trimra"), finds=False),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding("typical", code=code, reason=REASON, source=source, content=content, context=context)
