"""A disclosure must tell enough of the connection to weigh the praise."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import gift, payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "understated"
title = gettext_noop("Disclosure understates the connection")
source = "16 CFR 255.5(a)"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.5(a)",
        "2026-11-24",
        Sureness.CONFIRMED,
        "The nature of the connection must be clear enough to weigh.",
    ),
)
REASON = gettext_noop('"%(words)s" does not tell what is on record with %(brand)s (%(kind)s).')
examples: Sequence[Example] = (
    post("Thank you to Marla for the free cleanser, I use it nightly.", payment("Marla"), finds=True),
    post("Thank you to Marla for the free cleanser, I use it nightly.", gift("Marla"), finds=False),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
