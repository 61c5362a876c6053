"""What the watching shows: which posts were seen, how many disclosed, how long a fix took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncWeek
from django.utils.translation import gettext as _

from compliance.models import Endorser, Match, Sighting, Source
from networks import registry
from workspaces.models import Workspace

State = Sighting.State
WEEKS = 12
DISCLOSED = (State.FINE, State.FIXED, State.DISMISSED)
FIXED = (State.FIXED, State.REMOVED)


@dataclass(frozen=True, slots=True)
class Seek:
    """Which sightings are wanted, as it stands in an address: every part may be empty. `since`, `until`: days."""

    state: str = ""
    endorser: str = ""
    brand: str = ""
    network: str = ""
    about: str = ""
    since: str = ""
    until: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Self:  # Any: a query's values
        """What an address asks for; what is not known there is left out."""
        return cls(**{part.name: str(asked.get(part.name, ""))[:120].strip() for part in fields(cls)})

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        asked = {part.name: getattr(self, part.name) for part in fields(self)}
        return urlencode({name: value for name, value in asked.items() if value})

    def narrowed(self, zone: str) -> Q:
        """The same as a condition on sightings; days are those of `zone`."""
        wanted = Q()
        if self.state == "unsettled":
            wanted &= Q(state__in=Sighting.UNSETTLED)
        elif self.state:
            wanted &= Q(state=self.state)
        if self.endorser:
            wanted &= Q(endorser_id=int(self.endorser) if self.endorser.isdecimal() else 0)
        if self.brand:
            wanted &= Q(brands__contains=[self.brand])
        if self.network:
            wanted &= Q(network="" if self.network == "web" else self.network)
        if self.about:
            wanted &= Q(about=True)
        if moment := _start(self.since, zone):
            wanted &= Q(posted_at__gte=moment)
        if moment := _start(self.until, zone):
            wanted &= Q(posted_at__lt=moment + timedelta(days=1))
        if self.q:
            wanted &= Q(url__icontains=self.q) | Q(handle__icontains=self.q) | Q(endorser__name__icontains=self.q)
        return wanted


def _start(day: str, zone: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        return None


def sightings(seek: Seek, workspace: Workspace) -> QuerySet[Sighting]:
    """The posts that `seek` wants, newest first, with whom they are of."""
    return Sighting.objects.filter(seek.narrowed(workspace.zone)).select_related("endorser", "case", "verdict")


class Percentile(Aggregate):
    """PostgreSQL's percentile_cont: the value below which the share `at` of all values lies."""

    function = "percentile_cont"
    template = "%(function)s(%(at)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, *, at: float, **more: Any) -> None:  # Any: an expression
        super().__init__(expression, at=at, output_field=DurationField(), **more)


@dataclass(frozen=True, slots=True)
class Share:
    """How many posts needed a disclosure and had one: when they were first seen, and now. `key` is for the address."""

    key: str
    name: str
    posts: int
    at_first: int
    now: int
    open: int

    @property
    def percent_at_first(self) -> int | None:
        return round(100 * self.at_first / self.posts) if self.posts else None

    @property
    def percent_now(self) -> int | None:
        return round(100 * self.now / self.posts) if self.posts else None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All the watch's figures. `median`, `p90`: from the request (else from the first sight) to the fix."""

    total: Share
    median: timedelta | None
    p90: timedelta | None
    fixed: int
    asked: int
    unanswered: int
    by_endorser: list[Share]
    by_brand: list[Share]
    by_network: list[Share]
    by_week: list[Share]


COUNTS = {
    "posts": Count("pk", distinct=True),
    "at_first": Count("pk", filter=Q(disclosed_at_first=True), distinct=True),
    "now": Count("pk", filter=Q(state__in=DISCLOSED), distinct=True),
    "open": Count("pk", filter=Q(state__in=Sighting.UNSETTLED), distinct=True),
}


def share_of(seek: Seek, workspace: Workspace) -> Share:
    """How much of what `seek` wants was disclosed. One query."""
    about = Sighting.objects.filter(seek.narrowed(workspace.zone), about=True).order_by()
    counted = about.aggregate(**COUNTS)
    return Share("", "", counted["posts"], counted["at_first"], counted["now"], counted["open"])


# The same counts, asked from a match: a post about two brands counts for each of them once.
THROUGH_MATCHES = {
    "posts": Count("sighting", distinct=True),
    "at_first": Count("sighting", filter=Q(sighting__disclosed_at_first=True), distinct=True),
    "now": Count("sighting", filter=Q(sighting__state__in=DISCLOSED), distinct=True),
    "open": Count("sighting", filter=Q(sighting__state__in=Sighting.UNSETTLED), distinct=True),
}


def dashboard(seek: Seek, workspace: Workspace) -> Dashboard:
    """The figures over the posts that `seek` wants and that speak of a brand they are tied to. Six queries."""
    about: QuerySet[Sighting] = Sighting.objects.filter(seek.narrowed(workspace.zone), about=True).order_by()
    took = ExpressionWrapper(F("closed_at") - Coalesce("asked_at", "first_seen_at"), output_field=DurationField())
    is_fixed = Q(state__in=FIXED, closed_at__isnull=False)
    total = about.aggregate(
        **COUNTS,
        median=Percentile(took, at=0.5, filter=is_fixed),
        p90=Percentile(took, at=0.9, filter=is_fixed),
        fixed=Count("pk", filter=is_fixed),
        asked=Count("pk", filter=Q(state=State.ASKED)),
        unanswered=Count("pk", filter=Q(state__in=[State.SILENT, State.REFUSED])),
    )
    names = dict(Endorser.objects.filter(pk__in=about.values("endorser")).values_list("pk", "name"))
    matches = Match.objects.filter(sighting__in=about).order_by()
    return Dashboard(
        total=Share("", "", total["posts"], total["at_first"], total["now"], total["open"]),
        median=total["median"],
        p90=total["p90"],
        fixed=total["fixed"],
        asked=total["asked"],
        unanswered=total["unanswered"],
        by_endorser=_shares(about.values("endorser").annotate(**COUNTS), "endorser", names),
        by_brand=_shares(matches.values("brand").annotate(**THROUGH_MATCHES), "brand"),
        by_network=_shares(about.values("network").annotate(**COUNTS), "network", _network_names()),
        by_week=_weeks(about, workspace),
    )


def _shares(rows: Any, key: str, names: Mapping[Any, str] | None = None) -> list[Share]:  # Any: rows of values()
    """The worst first: those with most open, then the lowest share."""
    found = [
        Share(
            str(row[key]) or "web",
            (names or {}).get(row[key], str(row[key])),
            row["posts"],
            row["at_first"],
            row["now"],
            row["open"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda share: (-share.open, share.percent_at_first or 0, share.name))


def _weeks(about: QuerySet[Sighting], workspace: Workspace) -> list[Share]:
    """The last twelve weeks that have posts, oldest first; a week begins on Monday where the workspace is."""
    weekly = about.annotate(week=TruncWeek("posted_at", tzinfo=ZoneInfo(workspace.zone))).values("week")
    rows: list[Any] = list(weekly.annotate(**COUNTS).order_by("-week")[:WEEKS])  # Any: rows of values()
    return [
        Share(
            row["week"].date().isoformat(),
            row["week"].date().isoformat(),
            row["posts"],
            row["at_first"],
            row["now"],
            row["open"],
        )
        for row in reversed(rows)
    ]


def _network_names() -> dict[str, str]:
    return {**{network.slug: network.name for network in registry.every()}, "": str(_("Other sites"))}


def sources() -> QuerySet[Source]:
    """Everywhere we look, the troubled first."""
    return Source.objects.select_related("endorser").order_by("-failures", "endorser__name", "kind", "network", "pk")


def sources_due(network: str, at_most: int) -> list[tuple[int, int]]:
    """(source id, workspace id) of sources whose turn it is, over all workspaces; `network` "": feeds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT source_id, workspace_id FROM watch_sources_due(%s, %s)", [network, at_most])
        return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]


def workspaces_due(at_most: int) -> list[int]:
    """Workspaces where a post is to be looked at again, a reminder or a mail is due, or the desk has decided."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM watch_workspaces_due(%s)", [at_most])
        return [int(row[0]) for row in cursor.fetchall()]
