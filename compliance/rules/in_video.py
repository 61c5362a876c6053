"""A video that praises must disclose in the video itself, shown and said."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import finding, in_doubt
from networks.protocol import Content

code = "in_video"
title = gettext_noop("Disclosure is not in the video")
source = "FTC Disclosures 101; 16 CFR 255.0(f)"
law: Sequence[Law] = (
    Law(
        "US",
        "FTC Disclosures 101",
        "2026-11-24",
        Sureness.CONFIRMED,
        "In the video, not only in the description; audio and video together are better.",
    ),
    Law(
        "US",
        "16 CFR 255.0(f)",
        "2026-11-24",
        Sureness.SECONDARY,
        "A visual claim needs a visual disclosure, an audible claim an audible one.",
    ),
)
REASON = gettext_noop("The video itself must both show and say the connection to %(brand)s.")
examples: Sequence[Example] = (
    post(
        "#ad Orra air fryer",
        payment("Orra"),
        video=True,
        spoken="crispiest chips of my life, you need this",
        finds=True,
    ),
    post(
        "#ad Orra air fryer",
        payment("Orra"),
        video=True,
        spoken="Orra paid me for this",
        overlay="Ad - paid by Orra",
        finds=False,
    ),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    return finding(code, REASON, source, content, context, mend=False)
