"""A disclosure on the picture must be large, plain and long enough to be read."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "hard_to_see"
title = gettext_noop("Disclosure is hard to see")
source = "16 CFR 255.0(f)"
law: Sequence[Law] = (
    Law(
        "US", "16 CFR 255.0(f)", "2026-11-24", Sureness.SECONDARY, "Size, contrast, place and duration must stand out."
    ),
    Law("IN", "ASCI influencer guidelines", "2026-11-24", Sureness.CONFIRMED, "Superimposed on stories."),
)
REASON = gettext_noop('"%(words)s" is said to be small, faint or brief on the picture; a person must look.')
examples: Sequence[Example] = (
    post("", payment("Tessa"), surface="story", overlay="ad (tiny grey text) New Tessa tote", finds=True),
    post(
        "", payment("Tessa"), surface="story", overlay="AD - paid by Tessa (large white text, 6 seconds)", finds=False
    ),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context, mend=False)
