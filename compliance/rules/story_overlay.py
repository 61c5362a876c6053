"""A story must carry its disclosure on the picture."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "story_overlay"
title = gettext_noop("Story has no disclosure on the picture")
source = "FTC Disclosures 101"
law: Sequence[Law] = (
    Law("US", "FTC Disclosures 101", "2026-11-24", Sureness.CONFIRMED, "Superimpose it and leave time to read."),
)
REASON = gettext_noop("A story shows no caption: write the connection to %(brand)s on the picture.")
examples: Sequence[Example] = (
    post("", payment("Tessa"), surface="story", overlay="New tote, who dis", finds=True),
    post("", payment("Tessa"), surface="story", overlay="AD - paid by Tessa. New tote", finds=False),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context, mend=False)
