"""A post that praises a brand must say, in words, what the brand gave to the person who praises it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compliance.protocol import Context, Edit, Example, Finding, Law, Severity, Sureness, gettext_noop
from networks.protocol import Content

code = "undisclosed"
title = gettext_noop("Connection to the brand is not disclosed")
source = "16 CFR 255.5(a)"
law: Sequence[Law] = (
    Law("US", "16 CFR 255.5(a)", "2026-11-24", Sureness.CONFIRMED, "A material connection must be disclosed."),
)
examples: Sequence[Example] = ()
CLEAR = re.compile(r"(?:#|^|\b)(?:ad|iklan|sponsored|advertisement)\b", re.IGNORECASE)


def check(content: Content, context: Context) -> Sequence[Finding]:
    if not context.ties or CLEAR.search(content.text[:100]):
        return ()
    insert = "#iklan " if context.language.startswith("id") or "ID" in context.places else "#ad "
    tie = context.ties[0]
    return (
        Finding(
            code=code,
            severity=Severity.BLOCK,
            reason=gettext_noop("%(brand)s is connected to this post (%(kind)s), and the post does not say so."),
            source=source,
            span=(0, 0),
            edit=Edit(0, 0, insert),
            parameters={"brand": tie.brand, "kind": str(tie.kind)},
        ),
    )
