"""The text shows that something was given, but no connection is on record."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Severity, Sureness, gettext_noop
from compliance.rules.reading.examples import post
from compliance.rules.reading.post import TRACKED, read
from networks.protocol import Content

code = "unrecorded"
title = gettext_noop("Connection is not on record")
source = "16 CFR 255.1(d)"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.1(d)",
        "2026-11-24",
        Sureness.SECONDARY,
        "Advertisers guide, monitor and act; they must know who was given what.",
    ),
)
REASON = gettext_noop(
    '"%(words)s" shows a connection to a brand, and none is on record for this person. Record it first.'
)
examples: Sequence[Example] = (
    post("Use MIRA20 at checkout, it works all week", finds=True),
    post("Sponsored by Hearthy: our first evening with the stove", finds=True),
    post("Paid for three slices of plum cake and regret nothing", finds=False),
    post("gifted kid to burnt out adult pipeline is real", finds=False),
    post("Use MIRA20 at checkout, it works all week", role="brand", finds=False, why="The brand's own account"),
)


def check(content: Content, context: Context) -> Sequence[Finding]:
    post_read = read(content, context)
    if context.ties or context.author_role.startswith("brand") or post_read.denials:
        return ()
    shown = [(mention.part, mention.span) for mention in post_read.signals]
    if post_read.incentive is not None:
        shown.append(post_read.incentive)
    if match := TRACKED.search(content.text):
        shown.append(("text", match.span()))
    if not shown:
        return ()
    part, span = shown[0]
    return (
        Finding(
            code=code,
            severity=Severity.REVIEW,
            reason=REASON,
            source=source,
            span=span,
            part=part,
            parameters={"words": post_read.parts[part][slice(*span)].strip()},
        ),
    )
