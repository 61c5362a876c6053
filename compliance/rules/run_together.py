"""A disclosure glued into one long tag is not read."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "run_together"
title = gettext_noop("Disclosure is glued into a tag")
source = "FTC FAQ"
law: Sequence[Law] = (
    Law("US", "FTC FAQ", "2026-11-24", Sureness.UNCONFIRMED, "Words run together are likely missed."),
)
REASON = gettext_noop('"%(words)s" hides the word in a longer tag.')
examples: Sequence[Example] = (
    post("#coolpotsad The big red one is my favourite", payment("Pembra"), finds=True),
    post("#ad #coolpots The big red Pembra one is my favourite", payment("Pembra"), finds=False),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
