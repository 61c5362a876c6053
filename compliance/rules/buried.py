"""A disclosure hidden in a pile of tags is not seen."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "buried"
title = gettext_noop("Disclosure is buried in tags")
source = "FTC Disclosures 101"
law: Sequence[Law] = (
    Law(
        "US",
        "FTC Disclosures 101",
        "2026-11-24",
        Sureness.CONFIRMED,
        "Do not mix the disclosure into a group of hashtags or links.",
    ),
    Law("US", "Teami letters, March 2020", "2026-11-24", Sureness.CONFIRMED, "Not among tags, hashtags or handles."),
)
REASON = gettext_noop('"%(words)s" stands in a pile of tags, where readers do not look.')
examples: Sequence[Example] = (
    post("Golden hour with my Tessa tote #style #look #ad #summer #bags", payment("Tessa"), finds=True),
    post("#ad Golden hour with my Tessa tote #style #look #summer #bags", payment("Tessa"), finds=False),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
