"""A disclosure must be in the language of the post."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import gift, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "wrong_language"
title = gettext_noop("Disclosure is in another language")
source = "FTC Disclosures 101"
law: Sequence[Law] = (
    Law("US", "FTC Disclosures 101", "2026-11-24", Sureness.CONFIRMED, "Same language as the endorsement."),
)
REASON = gettext_noop('"%(words)s" is not in the language of the post.')
examples: Sequence[Example] = (
    post("Ad: me enviaron esta crema y llevo dos semanas con ella, me encanta.", gift("Marla"), finds=True),
    post("Publicidad: me enviaron esta crema y llevo dos semanas con ella, me encanta.", gift("Marla"), finds=False),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
