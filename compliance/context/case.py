"""A case as its officer sees it: the post as its readers see it, the findings on it, its history and its precedents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from compliance.context.found import Found, as_html, cut_at, found_in, pieces_of
from compliance.models import Case, Connection, Decision
from compliance.queries import (
    UNDECIDED,
    Letter,
    Standing,
    decided_before,
    letter_to_author,
    limits_of,
    mended_text,
    places_of,
    pressing,
    reasons_for,
    standing,
)
from networks import registry
from networks.models import Account
from networks.protocol import Content
from networks.text import fold
from workspaces.models import Member

Choice = Decision.Choice
TONES = {
    Choice.APPROVE: "approved",
    Choice.ASK: "waiting",
    Choice.REJECT: "refused",
    Choice.OVERRIDE: "held",
    Choice.CONSENT: "overridden",
    Choice.DECLINE: "refused",
    Choice.WITHDRAW: "draft",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a case's history."""

    status: str
    words: str
    at: datetime
    more: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The post as its network shows it, ready for that network's own template."""

    template: str
    account: Mapping[str, str]
    title: str
    link: str
    before_fold: SafeString
    after_fold: SafeString
    media: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Record:
    """What the endorser's (or the account's) earlier cases say: how many, sent back, and the share without trouble."""

    cases: int
    sent_back: int
    clean: int | None


@dataclass(frozen=True, slots=True)
class Chip:
    """One reason an officer may tick: its key, code and name, what the author is told, and whether it is ticked."""

    key: int
    code: str
    words: str
    line: str
    chosen: bool


@dataclass(slots=True)
class Shown:
    """A case ready for its page."""

    case: Case
    content: Content
    found: list[Found]
    likeness: Likeness
    before: str
    after: str
    was: str
    connections: list[Connection]
    history: list[Moment]
    earlier: list[Decision]
    standing: Standing
    request: Decision | None
    override: Decision | None
    record: Record
    places: tuple[str, ...]
    strictest: str
    letter: Letter
    chips: list[Chip] = field(default_factory=list)

    @property
    def message(self) -> str:
        """The message as it is prefilled."""
        choice = Choice.ASK if self.must_fix else Choice.APPROVE
        return self.letter.text(choice, [chip.code for chip in self.chips if chip.chosen])

    @property
    def must_fix(self) -> bool:
        return any(one.status == "must_fix" for one in self.found)


def shown(case: Case) -> Shown:
    """`case` with all its page shows. About fifteen queries."""
    content = Content.from_json(case.content)
    found = list(found_in(case.verdict.findings, content))
    stands = standing(case.verdict)
    words = list(case.verdict.decisions.all())
    known = {word.pk: word for word in words}
    letter, chosen = letter_to_author(case), pressing(case)
    numbered = enumerate(reasons_for(case).items(), 1)
    return Shown(
        case=case,
        content=content,
        found=found,
        likeness=_likeness(case, content, found),
        before=content.text,
        after=mended_text(content, case.verdict.findings),
        was=_earlier_text(case, content),
        connections=_connections(case),
        history=_history(case, words),
        earlier=list(decided_before(case)),
        standing=stands,
        request=known.get(stands.request or 0),
        override=known.get(stands.override or 0),
        record=_record(case),
        places=places_of(case.workspace, case.endorser),
        strictest=next((one.place for one in found if one.place), ""),
        letter=letter,
        chips=[Chip(n, code, words, letter.lines.get(code, ""), code in chosen) for n, (code, words) in numbered],
    )


def may_decide(case: Case, member: Member) -> str:
    """Why `member` may not decide `case`; "" when they may."""
    if not member.may("decide_cases"):
        return _("Your role may not decide compliance cases.")
    if case.author_id == member.pk:
        return _("You wrote this text, so somebody else must decide on it.")
    return "" if case.status in UNDECIDED else _("This case is no longer open.")


def media_of(case: Case) -> list[dict[str, str]]:
    """The case's pictures and videos, each with the address under which a member of the workspace sees it."""
    here = (case.workspace.slug, case.pk)
    return [
        {
            "url": reverse("compliance:case_media", args=[*here, number]),
            "alt": str(one.get("alt", "")),
            "kind": str(one.get("kind", "image")),
        }
        for number, one in enumerate(case.content.get("media") or [])
    ]


def _likeness(case: Case, content: Content, found: Sequence[Found]) -> Likeness:
    cut = len(fold(content.text, limits_of(case.network)))
    visible, below = cut_at(list(pieces_of(content.text, found, case.verdict.findings)), cut)
    own = registry.known(case.network) and (registry.folder(case.network) / "preview.html").exists()
    account = Account.objects.filter(network=case.network, name=case.account_name).first()
    handle = account.handle if account else str((case.endorser.handles if case.endorser else {}).get(case.network, ""))
    return Likeness(
        template=f"{registry.folder(case.network).name}/preview.html" if own else "compliance/_likeness.html",
        account={"name": case.account_name or case.title, "handle": handle, "network": case.network},
        title=content.title,
        link=content.link,
        before_fold=as_html(visible),
        after_fold=as_html(below),
        media=media_of(case),
    )


def _earlier_text(case: Case, content: Content) -> str:
    """The text that was asked about before under the same name, when it was another one."""
    before = Case.objects.filter(key=case.key, pk__lt=case.pk).order_by("-pk").first()
    text = str(before.content.get("text", "")) if before else ""
    return "" if text == content.text else text


def _connections(case: Case) -> list[Connection]:
    if case.endorser_id is None:
        return []
    return list(Connection.objects.on(case.opened_at.date()).filter(endorser=case.endorser_id))


def _record(case: Case) -> Record:
    mine = {"endorser": case.endorser_id} if case.endorser_id else {"account_name": case.account_name}
    rows = Case.objects.filter(**mine).exclude(status=Case.Status.LAPSED)
    decided = rows.filter(status__in=[Case.Status.WAITING, Case.Status.DECIDED]).count()
    words = Decision.objects.filter(case__in=rows, choice__in=[Choice.ASK, Choice.REJECT])
    back = words.values("case").distinct().count()
    return Record(rows.count(), back, round(100 * (decided - min(back, decided)) / decided) if decided else None)


def _history(case: Case, words: Sequence[Decision]) -> list[Moment]:
    moments = [Moment("held", _("Held by the check"), case.opened_at)]
    if case.missed_at:
        moments.append(Moment("missed", _("Its time passed; it stays held"), case.missed_at))
    for other in Case.objects.filter(key=case.key).exclude(pk=case.pk).order_by("-opened_at")[:5]:
        told: dict[str, Any] = {"case": other, "status": other.get_status_display()}  # Any: lazy words
        moments.append(Moment("waiting", _("%(case)s: an earlier text, %(status)s") % told, other.opened_at))
    moments += [
        Moment(
            TONES[Choice(word.choice)],
            _("%(choice)s by %(who)s") % {"choice": word.get_choice_display(), "who": word.by_name},
            word.decided_at,
            word.reason,
        )
        for word in words
    ]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)
