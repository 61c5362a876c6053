"""A disclosure must be written so that every reader, and every reading device, sees it."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "disguised"
title = gettext_noop("Disclosure is written in disguise")
source = "16 CFR 255.0(f)"
law: Sequence[Law] = (
    Law("US", "16 CFR 255.0(f)", "2026-11-24", Sureness.CONFIRMED, "Difficult to miss and easily understandable."),
)
REASON = gettext_noop('"%(words)s" is written with hidden, tiny or look-alike letters.')
examples: Sequence[Example] = (
    post("#a\u200bd The Glim palette is here", payment("Glim"), finds=True),
    post("a d v e r t i s e m e n t . the Glim palette is here", payment("Glim"), finds=True),
    post("#ad The Glim palette is here \U0001f60d", payment("Glim"), finds=False),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
