"""Share buttons are saved under a name; every change is a version that can be brought back."""

from __future__ import annotations

from django.utils import timezone

from smo.actions.links import shorten
from smo.models import ButtonSet, ButtonVersion
from smo.protocol import Utm
from smo.rules.buttons import Design
from smo.rules.places import SHEET
from workspaces.actions import record
from workspaces.models import Member

TITLE = "Share button"


class NameTaken(ValueError):
    """Another set in use has this name."""


def save_buttons(design: Design, *, name: str, by: Member, into: ButtonSet | None = None) -> ButtonSet:
    """Keep `design` under `name`: a new set, or the next version of `into`. Nothing new when nothing changed.

    Where the design counts, each button gets a tracked link of its own to share. Raises NameTaken, NotTracked.
    """
    now = timezone.now()
    others = ButtonSet.objects.filter(name=name, away_at__isnull=True)
    if into is not None:
        others = others.exclude(pk=into.pk)
    if others.exists():
        raise NameTaken(name)
    if into is None:
        found = ButtonSet.objects.create(name=name, made_at=now, changed_at=now)
    else:
        found = ButtonSet.objects.select_for_update().get(pk=into.pk)
    newest = ButtonVersion.objects.filter(button_set=found, number=found.number).first()
    if newest is None or newest.design != design:
        links = _links(design, newest, by=by) if design.counted and not design.here else {}
        found.number = _next_number(found)
        _keep(found, design, links, by=by)
    found.name, found.changed_at = name, now
    found.save(update_fields=["name", "number", "changed_at"])
    record(found.workspace_id, by=by, verb="saved share buttons", thing=_thing(found), name=name, number=found.number)
    return found


def bring_back(version: ButtonVersion, *, by: Member) -> ButtonSet:
    """Use an earlier version again: as a new one, so that the history stays as it was."""
    name = version.button_set.name
    return save_buttons(version.design, name=name, by=by, into=version.button_set)


def put_away(found: ButtonSet, *, by: Member) -> ButtonSet:
    """Take a set off the list. What was pasted goes on working: it needs nothing from us."""
    found.away_at = timezone.now()
    found.save(update_fields=["away_at"])
    record(found.workspace_id, by=by, verb="put share buttons away", thing=_thing(found), name=found.name)
    return found


def _next_number(found: ButtonSet) -> int:
    last = ButtonVersion.objects.filter(button_set=found).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _links(design: Design, before: ButtonVersion | None, *, by: Member) -> dict[str, str]:
    """The tracked link of every button; those of the version before where they lead to the same."""
    same = before is not None and (before.design.address, before.design.campaign) == (design.address, design.campaign)
    links = dict(before.links) if before is not None and same else {}
    for slug in (*design.places, SHEET):
        if slug not in links:
            utm = Utm(source=slug, medium="share", campaign=design.campaign)
            links[slug] = shorten(design.address, by=by, network=slug, utm=utm, title=TITLE).short
    return links


def _keep(found: ButtonSet, design: Design, links: dict[str, str], *, by: Member) -> ButtonVersion:
    kept: ButtonVersion = ButtonVersion.objects.create(
        button_set=found,
        number=found.number,
        kept=design.as_json(),
        links=links,
        by_name=str(by.user),
        made_at=timezone.now(),
    )
    return kept


def _thing(found: ButtonSet) -> str:
    return f"buttons:{found.pk}"
