"""Posts from a file: one row a post, as agencies keep them, turned into what the rules read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import IO, Any

from compliance import registry
from compliance.protocol import ConnectionKind, Context, Finding, Screening, Tie
from compliance.queries import limits_of
from networks.protocol import Content, Media, MediaKind

KINDS = {
    "affiliate_commission": ConnectionKind.COMMISSION,
    "travel_hospitality": ConnectionKind.TRIP,
    "sweepstakes_entry": ConnectionKind.SWEEPSTAKES,
    "consultant_or_agency": ConnectionKind.CONSULTANCY,
    "gift": ConnectionKind.FREE_PRODUCT,
}
ROLES = {"brand_account": "brand"}
SURFACES = frozenset({"post", "story", "live", "comment", "reply"})
MOVING = frozenset({"video", "live"})
VIDEO = (Media(MediaKind.VIDEO, "row", "video/mp4", "0" * 64, 0),)
AROUND = ("overlay", "spoken", "image_text", "link_preview", "first_comment", "bio")
YES = frozenset({"1", "true", "yes", "y", "on", "ya"})
Row = Mapping[str, Any]  # Any: whatever stands in the file
as_json = json.JSONEncoder(ensure_ascii=False).encode


class BadRow(ValueError):
    """A row that is no post; the text says what is wrong with it."""


def rows_of(source: IO[str], *, as_csv: bool) -> Iterator[tuple[int, Row | BadRow]]:
    """Each row with its number (counted from 1, a header not counted); a line that cannot be read is a BadRow."""
    if as_csv:
        for number, row in enumerate(csv.DictReader(source), 1):
            yield number, {name: value for name, value in row.items() if name and value not in (None, "")}
        return
    for number, line in enumerate(source, 1):
        if line.strip():
            yield number, _json_row(line)


def _json_row(line: str) -> Row | BadRow:
    try:
        row = json.loads(line)
    except ValueError as error:
        return BadRow(f"not JSON: {error}")
    return row if isinstance(row, dict) else BadRow("not a JSON object")


def post_of(row: Row) -> tuple[Content, Context]:
    """What the rules read of `row`. Raises BadRow with the field, and what it should be."""
    network = _words(row, "network")
    if not network:
        raise BadRow("network is missing")
    media = _words(row, "media")
    content = Content(
        text="\n\n".join(filter(None, (_words(row, "text"), _words(row, "description")))),
        title=_words(row, "title"),
        link=_words(row, "link"),
        language=_words(row, "language"),
        media=VIDEO if media in MOVING else (),
    )
    surface = media if media in {"story", "live"} else _words(row, "surface") or "post"
    if surface not in SURFACES:
        raise BadRow(f"surface must be one of {', '.join(sorted(SURFACES))}, not {surface!r}")
    role = _words(row, "author_role")
    return content, Context(
        network=network,
        limits=_limits(network),
        ties=_ties(row),
        author_role=ROLES.get(role, role),
        places=_places(row),
        language=content.language,
        substantiated=frozenset(item.lower() for item in _list(row, "substantiation")),
        audience_age=_words(row, "audience_age"),
        platform_label=_yes(row.get("platform_label")),
        surface=surface,
        around={name: _words(row, name) for name in AROUND if row.get(name)},
    )


def screened(number: int, row: Row) -> dict[str, Any]:  # Any: a JSON object
    """The answer about one row. Raises BadRow."""
    content, context = post_of(row)
    found = answer(row.get("id", number), registry.judge(content, context))
    if row.get("description") and not row.get("text"):
        _call_text_description(found["findings"])
    return found


def _call_text_description(findings: list[dict[str, Any]]) -> None:  # Any: a JSON object
    """A video has a description where other posts have a text: it is told by the name its row knows."""
    for told in findings:
        for one in filter(None, (told, told["advice"])):
            one["part"] = "description" if one["part"] == "text" else one["part"]


def screened_line(line: str) -> str:
    """The answer about one line of JSON, as a line of JSON. Raises BadRow."""
    row = _json_row(line)
    if isinstance(row, BadRow):
        raise row
    return as_json(screened(0, row))


_limits = cache(limits_of)


def answer(identity: object, screening: Screening) -> dict[str, Any]:  # Any: a JSON object
    """One line of the answer: `id`, `verdict`, `findings`."""
    return {"id": identity, "verdict": str(screening.outcome), "findings": [_told(f) for f in screening.findings]}


def _told(finding: Finding) -> dict[str, Any]:  # Any: a JSON object
    told: dict[str, Any] = {
        "code": finding.code,
        "severity": str(finding.severity),
        "part": finding.part,
        "span": list(finding.span) if finding.span else None,
        "reason": finding.reason % dict(finding.parameters) if finding.parameters else finding.reason,
        "advice": None,
        "source": finding.source,
        "place": finding.parameters.get("place", ""),
    }
    if finding.edit is not None:
        edit = finding.edit
        told["advice"] = {"part": edit.part, "start": edit.start, "end": edit.end, "insert": edit.insert}
    return told


def _words(row: Row, name: str) -> str:
    value = row.get(name) or ""
    if value.__class__ is str:
        return value
    raise BadRow(f"{name} must be text, not {type(value).__name__}")


def _list(row: Row, name: str) -> list[str]:
    value = row.get(name) or []
    if isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise BadRow(f"{name} must be a list of texts")


def _places(row: Row) -> tuple[str, ...]:
    places = _list(row, "jurisdiction") or _list(row, "jurisdictions") or ["US"]
    return tuple(dict.fromkeys("GB" if place.upper() == "UK" else place.upper() for place in places))


def _ties(row: Row) -> tuple[Tie, ...]:
    given = row.get("connections") or row.get("connection")
    if given is None and row.get("connection_type"):
        given = {name: row.get(f"connection_{name}") for name in ("type", "brand", "value", "currency")}
    if isinstance(given, str):
        parsed = _json_row(given)
        if isinstance(parsed, BadRow):
            raise BadRow(f"connection: {parsed}")
        given = parsed
    listed = given if isinstance(given, list) else [given] if given else []
    return tuple(_tie(item) for item in listed)


def _tie(item: object) -> Tie:
    if not isinstance(item, dict):
        raise BadRow("connection must be an object with type and brand")
    kind = str(item.get("type", ""))
    try:
        known = KINDS.get(kind) or ConnectionKind(kind)
        value = item.get("value")
        return Tie(
            known,
            str(item.get("brand") or ""),
            None if value in (None, "") else float(value),
            str(item.get("currency") or ""),
        )
    except (ValueError, TypeError) as error:
        raise BadRow(f"connection: {error}") from error


def _yes(value: object) -> bool:
    return value is True or str(value).strip().lower() in YES
