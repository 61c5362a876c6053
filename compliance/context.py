"""What the officer's pages show: a case with numbered findings on its text, and rules as they read to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from compliance import registry
from compliance.models import Case, Connection, Decision
from compliance.protocol import OPTION, Edit, Rule, mended
from compliance.queries import decided_before, limits_of, reason_of
from networks.protocol import Content
from networks.text import fold
from workspaces.models import Member

STATUS = {"block": "must_fix", "review": "warning", "advice": "info"}


@dataclass(slots=True)
class Found:
    """One finding as a person reads it: its number on the text, its rule, its reason, and what would mend it."""

    number: int
    code: str
    title: str
    status: str
    reason: str
    source: str
    law: str
    part: str
    words: str = ""
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text; `number` and `status` when a finding marks it."""

    text: str
    number: int = 0
    status: str = ""


@dataclass(slots=True)
class Shown:
    """A case ready for its page."""

    case: Case
    content: Content
    found: list[Found]
    visible: list[Piece]
    below: list[Piece]
    before: str
    after: str
    connections: list[Connection]
    history: list[Moment]
    earlier: list[Decision]
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def must_fix(self) -> bool:
        return any(one.status == "must_fix" for one in self.found)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a case's history."""

    status: str
    words: str
    at: datetime


def shown(case: Case) -> Shown:
    """`case` with all its page shows. About five queries."""
    content = Content.from_json(case.content)
    found = list(found_in(case.verdict.findings, content))
    cut = len(fold(content.text, limits_of(case.network)))
    pieces = list(_pieces(content.text, found, case.verdict.findings))
    visible, below = _cut(pieces, cut)
    return Shown(
        case=case,
        content=content,
        found=found,
        visible=visible,
        below=below,
        before=content.text,
        after=_after(content, found),
        connections=_connections(case),
        history=_history(case),
        earlier=list(decided_before(case)),
        codes={one.code: one.title for one in found},
    )


def found_in(findings: Sequence[Mapping[str, Any]], content: Content) -> Iterator[Found]:  # Any: JSON objects
    """The stored findings of a verdict, numbered from 1, in the reader's language."""
    for number, row in enumerate(findings, 1):
        rule = _rule(str(row["code"]))
        part = str(row.get("part", "text"))
        words = {"text": content.text, "title": content.title}.get(part, "")
        yield Found(
            number=number,
            code=str(row["code"]),
            title=_(rule.title) if rule else _("The check itself failed"),
            status=STATUS[str(row["severity"])],
            reason=reason_of(str(row["reason"]), row.get("parameters") or {}),
            source=str(row["source"]),
            law=_(" ".join((rule.__doc__ or "").split())) if rule else "",
            part=part,
            words=words[slice(*row["span"])] if row.get("span") else "",
            edit=Edit(**row["edit"]) if row.get("edit") else None,
        )


def message_for(case: Shown) -> str:
    """The message an author gets, ready to be sent or changed."""
    asked = [f"{one.number}. {one.reason}" for one in case.found if one.status != "info"]
    suggestion = [_("Suggested text:"), case.after] if case.after != case.before else []
    return "\n".join([_("Please change before it can go out:"), *asked, *suggestion])


def may_decide(case: Case, member: Member) -> str:
    """Why `member` may not decide `case`; "" when they may."""
    if not member.may("decide_cases"):
        return _("Your role may not decide compliance cases.")
    if case.author_id == member.pk:
        return _("You wrote this text, so somebody else must decide on it.")
    return "" if case.status == Case.Status.OPEN else _("This case is no longer open.")


def _rule(code: str) -> Rule | None:
    return next((rule for rule in registry.every() if rule.code == code), None)


def _pieces(text: str, found: Sequence[Found], findings: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """The text cut at the findings' spans; where two overlap the earlier keeps the words."""
    at = 0
    spans = (
        sorted(
            (tuple(row["span"]), one) for one, row in zip(found, findings, strict=True) if _marks(row, one, len(text))
        )
        if text
        else []
    )
    for (start, end), one in sorted(spans, key=lambda pair: pair[0]):
        if start < at:
            continue
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start:end], one.number, one.status)
        at = end
    if at < len(text):
        yield Piece(text[at:])


def _marks(row: Mapping[str, Any], one: Found, length: int) -> bool:
    span = row.get("span")
    return bool(one.part == "text" and span and 0 <= span[0] < span[1] <= length)


def _cut(pieces: Sequence[Piece], at: int) -> tuple[list[Piece], list[Piece]]:
    """The pieces a reader sees, and those behind "more"."""
    visible: list[Piece] = []
    below: list[Piece] = []
    for piece in pieces:
        if at <= 0:
            below.append(piece)
        elif len(piece.text) <= at:
            visible.append(piece)
        else:
            visible.append(Piece(piece.text[:at], piece.number, piece.status))
            below.append(Piece(piece.text[at:], piece.number, piece.status))
        at -= len(piece.text)
    return visible, below


def _after(content: Content, found: Sequence[Found]) -> str:
    """The text with the offered changes made, later ones first so that the places stay right."""
    edits = {
        (one.edit.start, one.edit.end, one.edit.insert): one.edit
        for one in found
        if one.edit and one.edit.part == "text"
    }
    text, limit = content, len(content.text) + 1
    for edit in sorted(edits.values(), key=lambda edit: (-edit.start, -edit.end)):
        if edit.end <= limit and not edit.part.startswith(OPTION):
            text, limit = mended(text, edit), edit.start
    return text.text


def _connections(case: Case) -> list[Connection]:
    if case.endorser_id is None:
        return []
    return list(Connection.objects.on(case.opened_at.date()).filter(endorser=case.endorser_id))


def _history(case: Case) -> list[Moment]:
    moments = [Moment("held", _("Held by the check"), case.opened_at)]
    for other in Case.objects.filter(key=case.key).exclude(pk=case.pk).order_by("-opened_at")[:5]:
        moments.append(
            Moment(
                "waiting",
                _("%(case)s: an earlier text, %(status)s") % {"case": other, "status": other.get_status_display()},
                other.opened_at,
            )
        )
    for decision in case.verdict.decisions.all():
        moments.append(
            Moment(
                _tone(decision),
                _("%(choice)s by %(who)s") % {"choice": decision.get_choice_display(), "who": decision.by_name},
                decision.decided_at,
            )
        )
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _tone(decision: Decision) -> str:
    return {"approve": "approved", "ask": "waiting", "reject": "refused"}[decision.choice]
