"""A CSV file of connections, row by row: what would go on record, and what is wrong with which row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from compliance.forms.records import ConnectionForm
from compliance.models import KIND_WORDS, Connection, Endorser

MAX_BYTES = 2 * 2**20
MAX_ROWS = 2000
COLUMNS = {
    "endorser": ("endorser", "name", "nama", "influencer", "creator", "kreator", "handle"),
    "brand": ("brand", "merek", "brands"),
    "kind": ("kind", "jenis", "type", "connection"),
    "value": ("value", "nilai", "amount"),
    "currency": ("currency", "mata uang"),
    "starts_on": ("starts on", "from", "dari", "start"),
    "ends_on": ("ends on", "until", "sampai", "end"),
    "evidence": ("evidence", "bukti", "contract", "kontrak", "note"),
}
NAMES = {name: column for column, names in COLUMNS.items() for name in names}


class NotATable(Exception):
    """The file as a whole cannot be read; the text says why, for the person."""


def read(data: bytes) -> list[tuple[int, dict[str, str]]]:
    """(line, values by column) of each row of a CSV in UTF-8 or UTF-16. Raises NotATable."""
    if len(data) > MAX_BYTES:
        raise NotATable(_("The file is larger than 2 MB."))
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotATable(_("The file is not in UTF-8. Save it as “CSV UTF-8”.")) from error
    rows = list(_rows(text))
    if not rows:
        raise NotATable(_("The file holds no rows."))
    if len(rows) > MAX_ROWS:
        raise NotATable(_("The file has more than 2,000 rows. Split it."))
    return rows


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        heads = [NAMES.get(name.strip().lower().replace("_", " "), "") for name in next(reader, [])]
        if not {"endorser", "brand", "kind"} <= set(heads):
            raise NotATable(_("The first line must name the columns; endorser, brand and kind are needed."))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, {h: cell.strip() for h, cell in zip(heads, cells, strict=False) if h}
    except csv.Error as error:
        raise NotATable(_("The file is no CSV.")) from error


def checked(rows: list[tuple[int, dict[str, str]]]) -> list[dict[str, Any]]:  # Any: JSON values
    """Each row with its errors and a note, as it is kept until a person says yes. Three queries."""
    people = _people()
    seen = {_key(row.endorser_id, row.__dict__) for row in Connection.objects.all()}
    told = []
    for line, values in rows:
        endorser = people.get(values.get("endorser", "").lstrip("@").casefold())
        form = ConnectionForm({**values, "kind": kind_of(values.get("kind", ""))})
        errors = [str(error) for name in form.errors for error in _named(form, name)]
        if endorser is None:
            errors.insert(0, _("Nobody called “%(name)s” is on record.") % {"name": values.get("endorser", "")})
        key = _key(endorser, form.cleaned_data) if endorser and not errors else None
        note = _("Is on record already.") if key in seen else ""
        if key is not None:
            seen.add(key)
        clean = {**values, "kind": kind_of(values.get("kind", ""))}
        told.append({"line": line, "values": clean, "endorser": endorser, "errors": errors, "note": note})
    return told


def connection_from(row: Mapping[str, Any]) -> Connection:  # Any: JSON values
    """The connection a good row stands for. Raises ValueError for one with errors."""
    form = ConnectionForm(row["values"])
    if row["errors"] or not form.is_valid():
        raise ValueError(f"line {row['line']} has errors")
    made = form.save(commit=False)
    made.endorser_id = row["endorser"]
    return made


def kind_of(word: str) -> str:
    """The kind a word stands for: its code, or its name as this language says it."""
    wanted = word.strip().casefold().replace(" ", "_").replace("-", "_")
    for kind, words in KIND_WORDS.items():
        if wanted in {kind.value, str(words).casefold().replace(" ", "_")}:
            return kind.value
    return word


def _people() -> dict[str, int]:
    """Name or handle in lower case -> the endorser; a name that two people have leads to nobody."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for pk, name, handles in Endorser.objects.values_list("pk", "name", "handles"):
        for called in {name.casefold(), *(str(handle).casefold() for handle in handles.values())}:
            if found.setdefault(called, pk) != pk:
                twice.add(called)
    return {called: pk for called, pk in found.items() if called not in twice}


def _named(form: ConnectionForm, name: str) -> Iterator[str]:
    label = form.fields[name].label if name in form.fields else ""
    yield from (f"{label}: {error}" if label else str(error) for error in form.errors[name])


def _key(endorser: int | None, values: Mapping[str, Any]) -> tuple[object, ...]:  # Any: a field's value
    starts = values["starts_on"]
    starts = parse_date(starts) if isinstance(starts, str) else starts
    return (endorser, str(values["brand"]).casefold(), values["kind"], starts)
