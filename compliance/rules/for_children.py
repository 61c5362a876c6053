"""Children must be told in words they understand that somebody was paid or given something."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compliance.protocol import Context, Example, Finding, Law, Severity, Sureness, gettext_noop
from compliance.rules.reading.examples import gift, payment, post
from compliance.rules.reading.letters import fold_letters
from compliance.rules.reading.mentions import Mention
from compliance.rules.reading.phrases import Says, Weight
from compliance.rules.reading.post import ABOUT, Post, read
from networks.protocol import Content

code = "for_children"
title = gettext_noop("Children do not understand the disclosure")
source = "16 CFR 255.6"
law: Sequence[Law] = (
    Law(
        "US",
        "16 CFR 255.6",
        "2026-11-24",
        Sureness.SECONDARY,
        "Endorsements to children are of special concern: what adults understand, children may not.",
    ),
    Law(
        "US",
        "16 CFR 255.0(f)",
        "2026-11-24",
        Sureness.SECONDARY,
        "A disclosure to a specific group, such as children, is judged by what that group understands.",
    ),
)
REASON = gettext_noop(
    '"%(words)s" is not plain to children, who are most of the audience. Say it in a sentence: this is an ad, '
    "or who paid or gave what."
)
CHILDREN = "under_13"
GROWN_UP = re.compile(
    r"#|sponsor|partner|partenar|parceria|collab|colab|kolab|kerja ?sama|kooperation|ambassad|botschafter|patrocin|"
    r"affiliat|afiliasi|commission|komisi|provision|commerci|comercial|promo|endors|advertorial|courtesy|compliment"
)
"""Words and tags of the trade."""
examples: Sequence[Example] = (
    post("#ad New slime from Gloopo, so stretchy!", payment("Gloopo"), audience_age=CHILDREN, finds=True),
    post("Sponsored by Gloopo: the slime is so stretchy!", payment("Gloopo"), audience_age=CHILDREN, finds=True),
    post("Paid partnership with Gloopo. Stretchy slime!", payment("Gloopo"), audience_age=CHILDREN, finds=True),
    post("This is an ad: new slime from Gloopo!", payment("Gloopo"), audience_age=CHILDREN, finds=False),
    post("Advertisement: new slime from Gloopo!", payment("Gloopo"), audience_age=CHILDREN, finds=False),
    post("Gloopo paid me to show you this slime.", payment("Gloopo"), audience_age=CHILDREN, finds=False),
    post("Gloopo gave me this slime for free, I love it.", gift("Gloopo"), audience_age=CHILDREN, finds=False),
    post("#Werbung Der neue Schleim von Gloopo!", payment("Gloopo"), audience_age=CHILDREN, place="DE", finds=True),
    post("Gloopo bayar aku buat video slime ini.", payment("Gloopo"), audience_age=CHILDREN, place="ID", finds=False),
    post("#ad New slime from Gloopo, so stretchy!", payment("Gloopo"), audience_age="25_44", finds=False),
    post(
        "#ad New slime from Gloopo, so stretchy!", payment("Gloopo"), finds=False, why="Nobody knows how old they are"
    ),
)


def check(content: Content, context: Context) -> Sequence[Finding]:
    if context.audience_age != CHILDREN:
        return ()
    said = read(content, context)
    if not said.duty:
        return ()
    mentions = [mention for mention in said.mentions if mention.part in ABOUT and not mention.denied]
    if not mentions or any(_plain(mention, said) for mention in mentions):
        return ()
    first = mentions[0]
    return (
        Finding(
            code=code,
            severity=Severity.REVIEW,
            reason=REASON,
            source=source,
            span=first.span,
            part=first.part,
            parameters={"words": _words(first, said).strip()},
        ),
    )


def _plain(mention: Mention, post_read: Post) -> bool:
    """Whether it is said in words, and in none that only grown-ups and the trade use."""
    phrase = mention.phrase
    if phrase.weight is not Weight.CLEAR or phrase.says in {Says.COMMISSION, Says.HINT, Says.CLIENT}:
        return False
    return GROWN_UP.search(fold_letters(_words(mention, post_read)).text) is None


def _words(mention: Mention, post_read: Post) -> str:
    return post_read.parts[mention.part][slice(*mention.span)]
