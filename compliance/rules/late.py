"""A disclosure belongs before the praise, not after it."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "late"
title = gettext_noop("Disclosure comes last")
source = "FTC Disclosures 101"
law: Sequence[Law] = (
    Law("US", "FTC Disclosures 101", "2026-11-24", Sureness.CONFIRMED, "Likely missed at the end of a post or video."),
)
REASON = gettext_noop('"%(words)s" comes after the praise; readers may have stopped by then.')
examples: Sequence[Example] = (
    post("Took this Vesta mic on the road for a week and loved it #ad", payment("Vesta"), finds=True),
    post("Vesta paid me for this. Took the mic on the road for a week.", payment("Vesta"), finds=False),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
