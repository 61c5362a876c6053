"""A post whose brand is connected may not say that it is no advertising, and a joke takes a disclosure back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compliance.protocol import (
    ConnectionKind,
    Context,
    Edit,
    Example,
    Finding,
    Law,
    Severity,
    Sureness,
    gettext_noop,
)
from compliance.rules.reading.adequacy import standing
from compliance.rules.reading.examples import gift, payment, post
from compliance.rules.reading.mentions import Denial
from compliance.rules.reading.post import Post, read
from networks.protocol import Content

code = "contradicted"
title = gettext_noop("Disclosure is contradicted")
source = "16 CFR 255.0(f)"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.0(f)",
        "2026-11-24",
        Sureness.CONFIRMED,
        "A disclosure may not be contradicted or mitigated by anything else in the communication.",
    ),
    Law("DE", "Section 5a(4) UWG", "2026-11-24", Sureness.SECONDARY, "The poster must show that nothing was given."),
)
REASON = gettext_noop('"%(words)s" says the opposite of what is on record with %(brand)s.')
PAID = frozenset(
    {ConnectionKind.PAYMENT, ConnectionKind.COMMISSION, ConnectionKind.EMPLOYMENT, ConnectionKind.CONSULTANCY}
)
JOINING = re.compile(r"^[\s,.:;!-]*(?:but|and|tapi|aber|mais|pero|just)?\b[\s,]*", re.IGNORECASE)
examples: Sequence[Example] = (
    post("not an ad but the Brisko kettle changed my mornings", payment("Brisko"), finds=True),
    post("Ad? Kidding, I would never. The Tessa tote is back in stock.", payment("Tessa"), finds=True),
    post("Bukan iklan, tapi serum Kirani enak banget", gift("Kirani"), place="ID", finds=True),
    post(
        "Kess gave me a free copy of the game, no payment.",
        gift("Kess"),
        finds=False,
        why="True: only a copy was given",
    ),
    post("Not sponsored, I bought this kettle myself.", finds=False, why="No connection is on record"),
)


def check(content: Content, context: Context) -> Sequence[Finding]:
    post_read = read(content, context)
    if not post_read.duty:
        return ()
    adequate = not standing(content, context).problems
    found = ((denial, _severity(denial, post_read, adequate)) for denial in _apart(post_read.denials))
    return tuple(_finding(denial, severity, post_read) for denial, severity in found if severity is not None)[:3]


def _apart(denials: Sequence[Denial]) -> list[Denial]:
    """Without those that stand inside another one."""
    return [
        one
        for one in denials
        if not any(
            other is not one
            and other.part == one.part
            and other.span[0] <= one.span[0]
            and one.span[1] <= other.span[1]
            and (other.span != one.span or denials.index(other) < denials.index(one))
            for other in denials
        )
    ]


def _severity(denial: Denial, post_read: Post, adequate: bool) -> Severity | None:
    paid = bool(post_read.kinds & PAID)
    if denial.of_pay and adequate and not paid:
        return None
    return Severity.REVIEW if adequate and not paid else Severity.BLOCK


def _finding(denial: Denial, severity: Severity, post_read: Post) -> Finding:
    text = post_read.parts[denial.part]
    start, end = denial.span
    while start < end and text[start].isspace():
        start += 1
    edit = None
    if denial.part in {"text", "title"}:
        rest = JOINING.match(text[end:])
        edit = Edit(start, end + (rest.end() if rest else 0), "", part=denial.part)
    return Finding(
        code=code,
        severity=severity,
        reason=REASON,
        source=source,
        span=(start, end),
        part=denial.part,
        edit=edit,
        parameters={"words": text[start:end].strip(), "brand": post_read.ties[0].brand},
    )
