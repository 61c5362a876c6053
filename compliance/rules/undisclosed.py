"""A post that praises a brand must say, in words, what the brand gave to the person who praises it."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import gift, payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "undisclosed"
title = gettext_noop("Connection to the brand is not disclosed")
source = "16 CFR 255.5(a)"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.5(a)",
        "2026-11-24",
        Sureness.CONFIRMED,
        "A material connection that the audience does not expect must be disclosed, also a gift.",
    ),
    Law(
        "GB",
        "CAP Code 2.1, 2.3; CMA on hidden advertising",
        "2026-11-24",
        Sureness.SECONDARY,
        "Paid and gifted posts must be obviously identifiable as advertising.",
    ),
    Law(
        "DE",
        "Section 5a(4) UWG",
        "2026-11-24",
        Sureness.SECONDARY,
        "The commercial purpose must be marked; consideration is presumed.",
    ),
)
REASON = gettext_noop("%(brand)s is connected to this post (%(kind)s), and nothing in it says so.")
examples: Sequence[Example] = (
    post("Obsessed with my new Tarn rucksack, it carries everything.", payment("Tarn"), finds=True),
    post("Ad: obsessed with my new Tarn rucksack, it carries everything.", payment("Tarn"), finds=False),
    post("Kaus Sagara adem banget, wajib punya!", gift("Sagara"), place="ID", finds=True),
    post("Rain all day, so we stayed in and played cards.", payment("Tarn"), finds=False, why="Nothing is praised"),
    post("Obsessed with my new Tarn rucksack, it carries everything.", finds=False, why="No connection is on record"),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
