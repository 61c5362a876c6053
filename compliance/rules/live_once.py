"""A live stream must repeat its disclosure for those who join late."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "live_once"
title = gettext_noop("Live stream discloses once only")
source = "FTC Disclosures 101"
law: Sequence[Law] = (
    Law("US", "FTC Disclosures 101", "2026-11-24", Sureness.CONFIRMED, "Repeat it in a live stream."),
)
REASON = gettext_noop("Who joins the stream late never hears of the connection to %(brand)s.")
examples: Sequence[Example] = (
    post(
        "Trying Asha",
        payment("Asha"),
        surface="live",
        spoken="[00:01] sponsored by Asha [01:40] you should buy it",
        finds=True,
    ),
    post(
        "Trying Asha",
        payment("Asha"),
        surface="live",
        spoken="[00:01] sponsored by Asha [01:40] still sponsored by Asha",
        finds=False,
    ),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context, mend=False)
