"""No product may be said to cure or prevent an illness without trials of that very product."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.claims import claims_something, finding
from compliance.rules.reading.examples import payment, post
from networks.protocol import Content

code = "claim_health"
title = gettext_noop("Health claim")
source = "FTC Health Products Compliance Guidance, Dec 2022"
law: Sequence[Law] = (
    Law(
        "US",
        "FTC Health Products Compliance Guidance, Dec 2022",
        "2026-11-24",
        Sureness.SECONDARY,
        "Reliable scientific evidence, generally controlled human trials of the actual product.",
    ),
    Law("ID", "UU 8/1999, EPI", "2026-11-24", Sureness.SECONDARY, "Claims need evidence."),
)
REASON = gettext_noop('"%(words)s" promises a cure; that needs clinical evidence for this very product.')
REASON_BODY = gettext_noop('"%(words)s" promises an effect on the body; put the evidence on file, or leave it out.')
examples: Sequence[Example] = (
    post("Ad: Vitala drops cured my eczema in four days", payment("Vitala"), finds=True),
    post("#iklan Jamu Sehati menyembuhkan asam urat", payment("Sehati"), place="ID", finds=True),
    post("#ad Vitala drops boost your immune system", payment("Vitala"), finds=True),
    post("Ad: Vitala cream feels lovely on my dry hands", payment("Vitala"), finds=False),
    post("My GP cured my eczema, finally", finds=False, why="No product is praised for a brand"),
)
concerns = claims_something


def check(content: Content, context: Context) -> Sequence[Finding]:
    return [
        found
        for kind, reason in (("health", REASON), ("body", REASON_BODY))
        for found in finding(kind, code=code, reason=reason, source=source, content=content, context=context)
    ]
