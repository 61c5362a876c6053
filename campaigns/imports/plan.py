"""A plan's lines, looked up in the workspace: which channels, which campaign, whose words, when exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from campaigns.imports.table import Line, Table
from campaigns.protocol import PlanRow
from campaigns.queries import channels
from campaigns.rules import due_at, shifts
from compliance.models import Endorser
from networks import registry
from networks.models import Account
from workspaces.models import Workspace

DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d")
TIMES = ("%H:%M", "%H.%M", "%H:%M:%S", "%I:%M %p", "%I %p")
MANY = re.compile(r"\s*[;|\n]\s*|\s*,\s+|,")


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan's words can mean in this workspace. `shift` moves every date; `now` (UTC) tells what is past."""

    zone: str
    now: datetime
    shift: timedelta = timedelta(0)
    accounts: dict[str, list[Account]] = field(default_factory=dict)
    endorsers: dict[str, int] = field(default_factory=dict)


def known(workspace: Workspace, *, now: datetime, shift: timedelta = timedelta(0)) -> Known:
    """Look up the workspace's channels and endorsers. Two queries."""
    found = Known(workspace.zone, now, shift)
    for account in channels():
        words = {account.network, account.name, account.handle.lstrip("@")}
        if registry.known(account.network):
            words.add(registry.get(account.network).name)
        for word in {w.lower() for w in words if w}:
            found.accounts.setdefault(word, []).append(account)
    found.endorsers.update({name.lower(): pk for pk, name in Endorser.objects.values_list("pk", "name")})
    return found


def first_day(table: Table) -> date | None:
    """The earliest day a plan names, or None."""
    days = [day for line in table.lines if (day := _day(line.values.get("date", "")))]
    return min(days, default=None)


def rows(table: Table, known: Known) -> list[PlanRow]:
    """Every line as a row, with its errors."""
    return [_row(line, known) for line in table.lines]


def _row(line: Line, known: Known) -> PlanRow:
    values, errors, notes = line.values, list[str](), list[str]()
    zone = values.get("zone", "") or known.zone
    local = _when(values, zone, known, errors, notes)
    accounts = _accounts(values.get("accounts", ""), known, errors)
    media = tuple(part for part in MANY.split(values.get("media", "")) if part)
    if not values.get("text") and not media:
        errors.append(_("There is neither text nor media."))
    endorser = values.get("endorser", "")
    endorser_id = known.endorsers.get(endorser.lower()) if endorser else None
    if endorser and endorser_id is None:
        errors.append(_("No endorser is called “%(name)s”.") % {"name": endorser})
    alts = re.split(r"\s*[;|]\s*", values["alt"]) if "alt" in values else []
    return PlanRow(
        line=line.number,
        local_at=local.isoformat(timespec="minutes") if local else "",
        zone=zone,
        accounts=tuple(account.pk for account in accounts),
        text=values.get("text", ""),
        title=values.get("title", "")[:300],
        link=_link(values.get("link", ""), errors),
        media=media,
        alts=tuple(alts),
        campaign=values.get("campaign", "")[:120],
        endorser_id=endorser_id,
        language=values.get("language", "").lower()[:8],
        first_comment=values.get("first_comment", ""),
        own=_own(line, known, accounts, errors),
        errors=tuple(errors),
        notes=tuple(notes),
    )


def _when(values: dict[str, str], zone: str, known: Known, errors: list[str], notes: list[str]) -> datetime | None:
    day, clock = _day(values.get("date", "")), _clock(values.get("time", ""))
    if day is None:
        errors.append(_("The date “%(value)s” is none; write 2026-11-26.") % {"value": values.get("date", "")})
    if clock is None:
        errors.append(_("The time “%(value)s” is none; write 19:30.") % {"value": values.get("time", "")})
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        errors.append(_("There is no time zone “%(value)s”; write Asia/Jakarta.") % {"value": zone})
        return None
    if day is None or clock is None:
        return None
    local = datetime.combine(day, clock) + known.shift
    if due_at(local, zone) <= known.now:
        errors.append(_("%(when)s is past.") % {"when": local.strftime("%Y-%m-%d %H:%M")})
    if shifted := shifts(local, zone):
        notes.append(_("The clock skips that time; it becomes %(when)s.") % {"when": shifted.strftime("%H:%M")})
    return local


def _day(value: str) -> date | None:
    for form in DATES:
        try:
            return datetime.strptime(value, form).date()  # a day on the wall has no zone
        except ValueError:
            continue
    return None


def _clock(value: str) -> time | None:
    for form in TIMES:
        try:
            return datetime.strptime(value.upper(), form).time()  # a time on the wall has no zone
        except ValueError:
            continue
    return None


def _accounts(value: str, known: Known, errors: list[str]) -> list[Account]:
    chosen: dict[int, Account] = {}
    words = [word for word in MANY.split(value) if word]
    if not words:
        errors.append(_("No channel is named."))
    for word in words:
        found = known.accounts.get(word.lower().lstrip("@"), [])
        if len(found) > 1:
            names = ", ".join(sorted(a.handle or a.name for a in found))
            errors.append(_("“%(word)s” could be %(names)s: say which.") % {"word": word, "names": names})
        elif not found:
            errors.append(_("No channel is called “%(word)s”.") % {"word": word})
        else:
            chosen[found[0].pk] = found[0]
    return list(chosen.values())


def _own(line: Line, known: Known, chosen: Iterable[Account], errors: list[str]) -> dict[str, str]:
    own: dict[str, str] = {}
    ids = {account.pk for account in chosen}
    for word, text in line.own.items():
        found = [a for a in known.accounts.get(word.lstrip("@"), []) if a.pk in ids]
        if not found:
            errors.append(_("The own text for “%(word)s” has no such channel in this row.") % {"word": word})
        own.update({str(account.pk): text for account in found})
    return own


def _link(value: str, errors: list[str]) -> str:
    if not value:
        return ""
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError:
        errors.append(_("“%(value)s” is no web address.") % {"value": value[:80]})
        return ""
    return value[:1000]
