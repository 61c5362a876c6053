"""A disclosure beside the post (bio, first comment, link preview, a corner of the picture) is not in the post."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "elsewhere"
title = gettext_noop("Disclosure is not in the post")
source = "FTC Disclosures 101"
law: Sequence[Law] = (
    Law(
        "US",
        "FTC Disclosures 101",
        "2026-11-24",
        Sureness.CONFIRMED,
        "Likely missed on a profile page or anywhere that needs a click.",
    ),
    Law("US", "Warner Bros 2016", "2026-11-24", Sureness.SECONDARY, "Below the fold of the description."),
)
REASON = gettext_noop(
    "The connection to %(brand)s is told only in the %(part)s, which readers of the post do not see with it."
)
examples: Sequence[Example] = (
    post("Weekend reset with the Solma linen set", payment("Solma"), first_comment="#ad #sponsored", finds=True),
    post("New favourite Penn mug", payment("Penn"), bio="#ad for Penn", finds=True),
    post("Ad: weekend reset with the Solma linen set", payment("Solma"), first_comment="link here", finds=False),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
