"""Who praises as an expert must be one, on record."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import payment, post
from networks.protocol import Content

code = "claim_expert"
title = gettext_noop("Expert not on record")
source = "16 CFR 255.3"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.3",
        "2026-11-24",
        Sureness.SECONDARY,
        "Experts must hold the expertise they claim and have used it.",
    ),
)
REASON = gettext_noop('"%(words)s" claims expertise that is not on record.')
examples: Sequence[Example] = (
    post("Ad, sponsored by Vitala. As your doctor I can tell you this works.", payment("Vitala"), finds=True),
    post("Ad, sponsored by Vitala. Ask your doctor first.", payment("Vitala"), finds=False),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding("expert", code=code, reason=REASON, source=source, content=content, context=context)
