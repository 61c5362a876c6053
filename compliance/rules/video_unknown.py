"""Nobody has told yet whether the video itself discloses the connection, so a person must look or confirm it."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import (
    IN_VIDEO,
    OPTION,
    Context,
    Edit,
    Example,
    Finding,
    Law,
    Sureness,
    gettext_noop,
)
from compliance.rules.reading.adequacy import standing
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import in_doubt
from networks.protocol import Content

code = "video_unknown"
title = gettext_noop("Confirm that the video discloses too")
source = "FTC Disclosures 101; 16 CFR 255.0(f)"
law: Sequence[Law] = (
    Law("US", "FTC Disclosures 101", "2026-11-24", Sureness.CONFIRMED, "In the video, not only in the description."),
)
REASON = gettext_noop("The words are right. Confirm that the video itself shows and says that %(brand)s is behind it.")
examples: Sequence[Example] = (
    post("Ad: the Orra air fryer in action", payment("Orra"), video=True, finds=True),
    post("Ad: the Orra air fryer in action", payment("Orra"), finds=False, why="No video"),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    problem = standing(content, context).of(code)
    if problem is None:
        return ()
    return (
        Finding(
            code=code,
            severity=problem.severity,
            reason=REASON,
            source=source,
            edit=Edit(0, 0, "both", part=OPTION + IN_VIDEO),
            parameters={"brand": context.ties[0].brand},
        ),
    )
