"""Words that readers do not understand as advertising disclose nothing."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import gift, payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "ambiguous"
title = gettext_noop("Disclosure is not clear")
source = "FTC Disclosures 101"
law: Sequence[Law] = (
    Law(
        "US",
        "FTC Disclosures 101",
        "2026-11-24",
        Sureness.CONFIRMED,
        '"sp", "spon", "collab", a lone "thanks" or "ambassador" are not clear.',
    ),
)
REASON = gettext_noop('Readers do not understand "%(words)s" as advertising (%(place)s).')
examples: Sequence[Example] = (
    post("#sp the Glim palette in Dune.", payment("Glim"), finds=True),
    post("#gifted This jumper from Wrenn lives on me now.", gift("Wrenn"), place="GB", finds=True),
    post("Ad - gifted. Wrenn sent this jumper.", gift("Wrenn"), place="GB", finds=False),
    post("Danke @nordfels! Dieses Zelt ist ein Traum", gift("Nordfels"), place="DE", finds=True),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context)
