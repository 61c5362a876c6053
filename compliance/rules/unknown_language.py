"""Nobody here reads the language of this post, so a person must look whether it discloses."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Sureness, gettext_noop
from compliance.rules.reading.adequacy import standing
from compliance.rules.reading.examples import payment, post
from compliance.rules.reading.finding import in_doubt
from compliance.rules.reading.post import read
from networks.protocol import Content

code = "unknown_language"
title = gettext_noop("Language is not known")
source = "FTC Disclosures 101"
law: Sequence[Law] = (
    Law("US", "FTC Disclosures 101", "2026-11-24", Sureness.CONFIRMED, "Same language as the endorsement."),
)
REASON = gettext_noop("No table of words speaks this language (%(language)s); a person must look for the disclosure.")
examples: Sequence[Example] = (
    post("Reklama. Ta lampa od Solvano jest pi\u0119kna.", payment("Solvano"), language="pl", finds=True),
    post("Ad: the Solvano lamp is beautiful.", payment("Solvano"), language="en", finds=False),
    post("Ta lampa jest pi\u0119kna.", language="pl", finds=False, why="No connection is on record"),
)
concerns = in_doubt


def check(content: Content, context: Context) -> Sequence[Finding]:
    problem = standing(content, context).of(code)
    if problem is None:
        return ()
    language = read(content, context).language
    return (Finding(code, problem.severity, REASON, source, parameters={"language": language}),)
