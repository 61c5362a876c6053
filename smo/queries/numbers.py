"""The numbers of links and visits: by day, by where people came from, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from smo.models import Conversion, Credit, LinkDay, LinkSplit, TrackedLink, VisitDay

MOST = 15  # rows of a table of sources
GROUPS = ("campaign", "post", "network", "source")
COUNTED = ("clicks", "visitors", "again", "unhashed", "bots")


@dataclass(frozen=True, slots=True)
class Day:
    """One bar of the chart. `height` in hundredths of the highest."""

    day: date
    clicks: int
    visitors: int
    again: int
    bots: int
    height: int
    place: int

    @property
    def top(self) -> int:
        """Where the bar begins, from above."""
        return 112 - self.height


def found(q: str = "", *, state: str = "", network: str = "") -> QuerySet[TrackedLink]:
    """Links by words and state, newest first, each with its clicks of all days."""
    links = TrackedLink.objects.select_related("domain").annotate(clicks=Coalesce(Sum("days__clicks"), 0))
    if q:
        links = links.filter(Q(title__icontains=q) | Q(target__icontains=q) | Q(code__iexact=q.rsplit("/", 1)[-1]))
    if network:
        links = links.filter(network=network)
    if state == "archived":
        return links.filter(archived=True).order_by("-pk")
    links = links.filter(archived=False)
    if state == "broken":
        links = links.filter(broken_since__isnull=False)
    if state == "flagged":
        links = links.filter(flag__in=["looks", "moved", "person"])
    return links.order_by("-pk")


def days_of(link: TrackedLink, until: date, days: int = 30) -> list[Day]:
    """The last days of a link, those without a click too."""
    start = until - timedelta(days=days - 1)
    rows = {row.day: row for row in LinkDay.objects.filter(link=link, day__gte=start, day__lte=until)}
    most = max([row.clicks for row in rows.values()], default=0) or 1
    told = []
    for number in range(days):
        day = start + timedelta(days=number)
        row = rows.get(day) or LinkDay(day=day)
        height = round(row.clicks * 100 / most)
        told.append(Day(day, row.clicks, row.visitors, row.again, row.bots, height, number))
    return told


def totals_of(link: TrackedLink) -> dict[str, int]:
    """All days of a link in one."""
    return LinkDay.objects.filter(link=link).aggregate(**{name: Coalesce(Sum(name), 0) for name in COUNTED})


def splits_of(link: TrackedLink, kind: str) -> list[dict[str, Any]]:  # Any: a row's values
    """Where a link's clicks came from, the most first."""
    rows = LinkSplit.objects.filter(link=link, kind=kind).values("name").annotate(n=Sum("clicks")).order_by("-n")
    return [dict(row) for row in rows[:MOST]]


def clicks_of(*, post: int | None = None, campaign: int | None = None) -> dict[str, int]:
    """How often the links of a post or a campaign were clicked, and by how many people a day."""
    where = Q(link__post=post) if post else Q(link__campaign=campaign)
    return LinkDay.objects.filter(where).aggregate(
        clicks=Coalesce(Sum("clicks"), 0), visitors=Coalesce(Sum("visitors"), 0)
    )


@dataclass(slots=True)
class Row:
    """One campaign, post, network or source."""

    key: str
    visits: int = 0
    visitors: int = 0
    again: int = 0
    conversions: Decimal = Decimal(0)
    values: tuple[tuple[str, Decimal], ...] = ()
    name: str = ""


def results(by: str, model: str, since: date, until: date) -> list[Row]:
    """Visits and what came of them by one of GROUPS, under one way of sharing the credit; the most visits first."""
    rows: dict[str, Row] = {}
    visits = VisitDay.objects.filter(day__gte=since, day__lte=until).values(by)
    for one in visits.annotate(n=Sum("visits"), new=Sum("visitors"), old=Sum("again")).order_by("-n")[:200]:
        rows[str(one[by])] = Row(str(one[by]), one["n"], one["new"], one["old"])
    credits = Credit.objects.filter(model=model, day__gte=since, day__lte=until).values(by, "currency")
    for one in credits.annotate(worth=Sum("value"), whole=Sum("part")).order_by(by, "currency"):
        row = rows.setdefault(str(one[by]), Row(str(one[by])))
        row.conversions += one["whole"]
        if one["currency"]:
            row.values += ((one["currency"], one["worth"]),)
    return sorted(rows.values(), key=lambda row: (-row.visits, -row.conversions))


def overall(since: date, until: date) -> dict[str, int]:
    """All visits of a span in one."""
    return VisitDay.objects.filter(day__gte=since, day__lte=until).aggregate(
        **{name: Coalesce(Sum(name), 0) for name in ("visits", "visitors", "again", "unhashed")}
    )


def converted(since: date, until: date) -> list[dict[str, Any]]:  # Any: a row's values
    """How many conversions, and what they are worth, by currency."""
    rows = Conversion.objects.filter(day__gte=since, day__lte=until).values("currency")
    return [dict(row) for row in rows.annotate(n=Count("pk"), worth=Sum("value")).order_by("currency")]


def results_of(*, post: int | None = None, campaign: int | None = None, model: str = "last") -> dict[str, Any]:
    """What a post's or a campaign's links brought: clicks, visits, conversions, and their worth by currency."""
    by = {"post": post} if post else {"campaign": campaign}
    links = TrackedLink.objects.filter(**by).count()
    if not links:
        return {"links": 0}
    visits = VisitDay.objects.filter(**by).aggregate(
        visits=Coalesce(Sum("visits"), 0), new=Coalesce(Sum("visitors"), 0)
    )
    credits = Credit.objects.filter(model=model, **by)
    worth = credits.exclude(currency="").values("currency").annotate(worth=Sum("value")).order_by("currency")
    return {
        **clicks_of(post=post, campaign=campaign),
        **visits,
        "conversions": credits.aggregate(n=Coalesce(Sum("part"), Decimal(0)))["n"],
        "worth": [(one["currency"], one["worth"]) for one in worth],
        "links": links,
    }


def names(rows: Iterable[Row], known: dict[str, str]) -> list[Row]:
    """The rows, each with its name as `known` says it; what has none keeps its key."""
    told = list(rows)
    for row in told:
        row.name = known.get(row.key, row.key)
    return told


def names_of(by: str) -> dict[str, str]:
    """What posts and campaigns are called, as their newest links say it: this floor knows their numbers only."""
    if by not in ("post", "campaign"):
        return {}
    said = "title" if by == "post" else "utm__campaign"
    rows = TrackedLink.objects.filter(**{f"{by}__isnull": False}).order_by("-pk").values_list(by, said)[:2000]
    return {str(number): f"{words or ''} #{number}".strip() for number, words in reversed(rows)}
