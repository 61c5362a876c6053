"""Words like "clinically proven" claim a level of proof that must be on file."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import payment, post
from networks.protocol import Content

code = "claim_clinical"
title = gettext_noop("Claim of proof")
source = "FTC Health Products Compliance Guidance, Dec 2022"
law: Sequence[Law] = (
    Law(
        "US",
        "FTC Health Products Compliance Guidance, Dec 2022",
        "2026-11-24",
        Sureness.SECONDARY,
        '"Tests show" and "clinically proven" claim a level of proof that must exist.',
    ),
)
REASON = gettext_noop('"%(words)s" claims proof. Put the study on file, or leave it out.')
examples: Sequence[Example] = (
    post("Ad - Glowra serum is clinically proven to work", payment("Glowra"), finds=True),
    post(
        "Ad - Glowra serum is clinically proven to work",
        payment("Glowra"),
        substantiated=("clinically proven",),
        finds=False,
    ),
    post("Ad - Glowra serum smells of oranges", payment("Glowra"), finds=False),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return [
        found
        for kind in ("clinical", "recommended")
        for found in finding(kind, code=code, reason=REASON, source=source, content=content, context=context)
    ]
