"""Keeping what a site tells: a landing becomes a number by day, a conversion is credited to the day's landings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from smo.actions.naming import key_of_clicks
from smo.models import Conversion, Credit, Site, Touch, TrackedLink, VisitDay
from smo.models.visits import LABELS
from smo.rules.attribution import MODELS, parts, shares
from smo.rules.clicks import LANDS_WITHIN, ORDERS_WITHIN, read_click
from smo.rules.telling import DIRECT, Told
from workspaces.live import touch

PLACES_A_DAY = 2000  # combinations of source, medium and name kept apart for one site on one day
OTHER = "(other)"
LANDINGS = 50  # of one person on one day, that a conversion is credited to


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit came from."""

    link: int = 0
    campaign: int = 0
    post: int = 0
    network: str = ""
    source: str = ""
    medium: str = ""
    name: str = ""

    @property
    def direct(self) -> bool:
        return not self.link and self.source == DIRECT


def land(site: Site, told: Told, *, digest: str, day: date) -> None:
    """Count one landing; the workspace must be entered. `digest` "" : nobody is told apart.

    A click that has landed before is a reload, and counts as a visit from nowhere in particular.
    """
    now = timezone.now()
    place, click = _place(told, now, LANDS_WITHIN)
    again = bool(digest) and Touch.objects.filter(site=site, day=day, digest=digest).exists()
    if digest and not told.untracked:
        try:
            with transaction.atomic():
                Touch.objects.create(site=site, day=day, digest=digest, click=click, at=now, **asdict(place))
        except IntegrityError:
            place = Place(source=DIRECT)
    _add(site, day, place, hashed=bool(digest), again=again)
    Site.objects.filter(pk=site.pk).update(told_at=now)
    touch(site.workspace_id, "window")


def convert(site: Site, told: Told, *, digest: str, day: date) -> Conversion:
    """Keep a conversion once for its key, credited to what its visitor landed by today, or to the click it names."""
    there = Conversion.objects.filter(site=site, key=told.key).first()
    if there is not None:
        return there
    now = timezone.now()
    places = _landings(site, told, digest, day, now)
    try:
        with transaction.atomic():
            made: Conversion = Conversion.objects.create(
                site=site,
                key=told.key,
                goal=told.goal,
                value=told.value,
                currency=told.currency,
                day=day,
                at=now,
                touches=len(places),
            )
            Credit.objects.bulk_create(_credits(made, places))
    except IntegrityError:
        return Conversion.objects.get(site=site, key=told.key)
    touch(site.workspace_id, "window")
    return made


def _credits(made: Conversion, places: list[Place]) -> list[Credit]:
    rows = []
    for model in MODELS:
        worth, whole = shares(made.value, len(places), model), parts(len(places), model)
        for place, value, part in zip(places, worth, whole, strict=True):
            if part:
                rows.append(
                    Credit(
                        workspace_id=made.workspace_id,
                        conversion=made,
                        model=model,
                        day=made.day,
                        currency=made.currency,
                        value=value,
                        part=part,
                        **asdict(place),
                    )
                )
    return rows


def _landings(site: Site, told: Told, digest: str, day: date, now: datetime) -> list[Place]:
    """What it is credited to, the earliest first. Landings from nowhere count only where there is no other."""
    if told.click:
        place, click = _place(told, now, ORDERS_WITHIN)
        if click:
            return [place]
    found: list[Place] = []
    if digest and not told.untracked:
        rows = Touch.objects.filter(site=site, day=day, digest=digest).order_by("at", "pk")[:LANDINGS]
        found = [Place(**{name: getattr(row, name) for name in LABELS}) for row in rows]
    return [place for place in found if not place.direct] or found[:1] or [Place(source=DIRECT)]


def _place(told: Told, now: datetime, within: int) -> tuple[Place, str]:
    """Where it came from, and the click that says so ("" without one of ours)."""
    if told.click and not told.untracked:
        found = read_click(key_of_clicks(), told.click, minute=int(now.timestamp() // 60), within=within)
        link = TrackedLink.objects.filter(pk=found.link).first() if found else None
        if found and link is not None:
            tags = link.utm
            named = told.source if told.source and told.source != DIRECT else ""
            return (
                Place(
                    link=link.pk,
                    campaign=link.campaign or 0,
                    post=link.post or 0,
                    network=link.network or told.network,
                    source=tags.get("source") or named or link.network or "link",
                    medium=tags.get("medium") or told.medium,
                    name=tags.get("campaign") or told.name,
                ),
                found.nonce,
            )
    return Place(network=told.network, source=told.source or DIRECT, medium=told.medium, name=told.name), ""


def _add(site: Site, day: date, place: Place, *, hashed: bool, again: bool) -> None:
    labels = asdict(place)
    there = VisitDay.objects.filter(site=site, day=day)
    if not place.link and not there.filter(**labels).exists() and there.count() >= PLACES_A_DAY:
        labels = asdict(Place(source=OTHER))  # somebody makes them up
    names = ", ".join(LABELS)
    values: list[Any] = [site.workspace_id, site.pk, day, *(labels[name] for name in LABELS)]  # Any: SQL's values
    values += [int(hashed and not again), int(again), int(not hashed)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO smo_visitday (workspace_id, site_id, day, {names}, visits, visitors, again, unhashed) "  # noqa: S608 - names of our own
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 1, %s, %s, %s) "
            f"ON CONFLICT (site_id, day, {names}) DO UPDATE SET visits = smo_visitday.visits + 1, "
            "visitors = smo_visitday.visitors + excluded.visitors, again = smo_visitday.again + excluded.again, "
            "unhashed = smo_visitday.unhashed + excluded.unhashed",
            values,
        )
