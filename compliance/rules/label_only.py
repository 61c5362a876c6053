"""The network's own paid-partnership label is an addition, never the only disclosure."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "label_only"
title = gettext_noop("Only the network's label discloses")
source = "FTC Disclosures 101"
law: Sequence[Law] = (
    Law(
        "US", "FTC Disclosures 101", "2026-11-24", Sureness.CONFIRMED, "Do not assume that a platform's tool is enough."
    ),
    Law("US", "FTC letters, November 2023", "2026-11-24", Sureness.SECONDARY, "The built-in line is too easy to miss."),
)
REASON = gettext_noop("Only the label of %(network)s tells of the connection to %(brand)s; say it in words as well.")
examples: Sequence[Example] = (
    post("Slow morning with Marla", payment("Marla"), label=True, finds=True),
    post("Ad. Slow morning with Marla", payment("Marla"), label=True, finds=False),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
