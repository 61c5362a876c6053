"""Findings as people read them: numbered, in their language, and marked on the text where its readers stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from compliance import registry
from compliance.protocol import Edit, Rule
from compliance.queries import reason_of
from compliance.rules import unrecorded
from networks.protocol import Content

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
    place: str = ""
    edit: Edit | None = None
    to_record: str = ""  # what the missing connection's form is to be filled with, as a query


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text; `number` and `status` when a finding marks it."""

    text: str
    number: int = 0
    status: str = ""


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
            place=_one_place(row.get("parameters") or {}),
            edit=Edit(**row["edit"]) if row.get("edit") else None,
            to_record=_to_record(row.get("parameters") or {}) if row["code"] == unrecorded.code else "",
        )


def _one_place(parameters: Mapping[str, Any]) -> str:  # Any: a JSON object
    """The place that decided; "" when they all say the same."""
    place = str(parameters.get("place", ""))
    return "" if "," in place else place


def _to_record(parameters: Mapping[str, Any]) -> str:  # Any: a JSON object
    return urlencode({name: parameters[name] for name in ("brand", "kind") if parameters.get(name)})


def pieces_of(text: str, found: Sequence[Found], findings: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """The text cut at the findings' spans; where two overlap the earlier keeps the words."""
    at = 0
    spans = (
        [(tuple(row["span"]), one) for one, row in zip(found, findings, strict=True) if _marks(row, one, len(text))]
        if text
        else []
    )
    for (start, end), one in sorted(spans, key=lambda pair: (pair[0][0], pair[1].number)):
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


def cut_at(pieces: Sequence[Piece], at: int) -> tuple[list[Piece], list[Piece]]:
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


def _rule(code: str) -> Rule | None:
    return next((rule for rule in registry.every() if rule.code == code), None)


def as_html(pieces: Sequence[Piece]) -> SafeString:
    """The pieces for a network's own likeness: what a finding is about is marked with its number."""
    return format_html_join("", "{}", ((_marked(piece),) for piece in pieces))


def _marked(piece: Piece) -> str | SafeString:
    if not piece.number:
        return piece.text
    tone = "bad" if piece.status == "must_fix" else "wait"
    return format_html(
        '<mark data-tone="{}" data-finding="{}">{}<sup class="mark-number">{}</sup></mark>',
        tone,
        piece.number,
        piece.text,
        piece.number,
    )
