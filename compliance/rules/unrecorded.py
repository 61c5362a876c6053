"""The text shows that something was given, but no connection is on record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.protocol import Context, Example, Finding, Law, Severity, Sureness, gettext_noop
from compliance.rules.reading.examples import post
from compliance.rules.reading.guess import brand_near, kind_of
from compliance.rules.reading.phrases import Says
from compliance.rules.reading.post import TRACKED, Post, read
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
    if context.ties or context.author_role.startswith("brand"):
        return ()
    shown = next(_shown(read(content, context)), None)
    if shown is None:
        return ()
    part, span, says = shown
    text = read(content, context).parts[part]
    brand, handle = brand_near(text, span)
    return (
        Finding(
            code=code,
            severity=Severity.REVIEW,
            reason=REASON,
            source=source,
            span=span,
            part=part,
            parameters={
                "words": text[slice(*span)].strip(),
                "brand": brand,
                "kind": str(kind_of(says)),
                "handle": handle,
                "endorser": context.endorser,
            },
        ),
    )


def _shown(post_read: Post) -> Iterator[tuple[str, tuple[int, int], Says | None]]:
    """What shows a connection: where it stands, and what it says of it (None: a code or a link)."""
    for mention in post_read.signals:
        yield mention.part, mention.span, mention.phrase.says
    if post_read.incentive is not None:
        yield *post_read.incentive, None
    if not post_read.denials and (match := TRACKED.search(post_read.parts["text"])):
        yield "text", match.span(), None
