"""A disclosure that is only seen after a tap on "more" was not made."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "below_fold"
title = gettext_noop("Disclosure is below the fold")
source = "FTC Disclosures 101; 16 CFR 255.0(f)"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.0(f): unavoidable",
        "2026-11-24",
        Sureness.CONFIRMED,
        "A disclosure on social media should be unavoidable.",
    ),
    Law(
        "US",
        "FTC staff letters, April 2017",
        "2026-11-24",
        Sureness.SECONDARY,
        'Disclosures below the "more" cut are not seen.',
    ),
)
REASON = gettext_noop('Readers see "%(words)s" only after they tap "more" on %(network)s.')
examples: Sequence[Example] = (
    post(
        "We spent the whole weekend putting the playhouse together and it went far better than the last three things "
        "I tried to build, honestly. The roof clicks in. #ad",
        payment("Larch"),
        finds=True,
    ),
    post("Ad: the Larch playhouse went together in an afternoon.", payment("Larch"), finds=False),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
