"""Clicks become numbers by day: how many, by how many people, from where, on what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Count

from smo.models import LinkSplit
from smo.rules.clicks import Click

NAMES_A_DAY = 500  # referring hosts kept apart for one link on one day; the rest is "other"
OTHER = "(other)"
Kind = LinkSplit.Kind

Day = tuple[int, str]  # a link and a day
Split = tuple[int, str, str, str]  # the same, a kind, and what of that kind


@dataclass(slots=True)
class Sums:
    """One link's clicks of one day."""

    clicks: int = 0
    hashed: int = 0
    unhashed: int = 0
    bots: int = 0
    digests: set[str] = field(default_factory=set)


def add(workspace_id: int, clicks: list[Click]) -> None:
    """Add `clicks`, all of the entered workspace's own links. A handful of queries, however many they are."""
    sums: dict[Day, Sums] = defaultdict(Sums)
    splits: dict[Split, int] = defaultdict(int)
    for click in clicks:
        _sum_up(sums[(click.link, click.day)], click)
        if not click.program:
            for kind, name in (
                (Kind.REFERRER, click.referrer),
                (Kind.NETWORK, click.network),
                (Kind.DEVICE, click.device),
            ):
                splits[(click.link, click.day, str(kind), name)] += 1
    _add_days(workspace_id, sums)
    _add_splits(workspace_id, splits)


def _sum_up(one: Sums, click: Click) -> None:
    if click.program:
        one.bots += 1
        return
    one.clicks += 1
    if click.digest:
        one.hashed += 1
        one.digests.add(click.digest)
    else:
        one.unhashed += 1


def _add_days(workspace_id: int, sums: dict[Day, Sums]) -> None:
    new = _first_today(workspace_id, sums)
    # In one order always, so that no two transactions wait for each other in a circle.
    rows = [
        (link, day, one.clicks, new[(link, day)], one.hashed - new[(link, day)], one.unhashed, one.bots)
        for (link, day), one in sorted(sums.items(), key=lambda item: item[0])
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO smo_linkday (workspace_id, link_id, day, clicks, visitors, again, unhashed, bots) "
            "SELECT %s, * FROM unnest(%s::bigint[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[], "
            "%s::bigint[], %s::bigint[]) ON CONFLICT (link_id, day) DO UPDATE SET "
            "clicks = smo_linkday.clicks + excluded.clicks, visitors = smo_linkday.visitors + excluded.visitors, "
            "again = smo_linkday.again + excluded.again, unhashed = smo_linkday.unhashed + excluded.unhashed, "
            "bots = smo_linkday.bots + excluded.bots",
            [workspace_id, *map(list, zip(*rows, strict=True))],
        )


def _first_today(workspace_id: int, sums: dict[Day, Sums]) -> dict[Day, int]:
    """How many people were not there yet that day; from now on they were."""
    rows = sorted((link, day, digest) for (link, day), one in sums.items() for digest in one.digests)
    new: dict[Day, int] = defaultdict(int)
    if not rows:
        return new
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO smo_seentoday (workspace_id, link_id, day, digest) "
            "SELECT %s, * FROM unnest(%s::bigint[], %s::date[], %s::text[]) ON CONFLICT DO NOTHING "
            "RETURNING link_id, day",
            [workspace_id, *map(list, zip(*rows, strict=True))],
        )
        for link, day in cursor.fetchall():
            new[(link, day.isoformat())] += 1
    return new


def _add_splits(workspace_id: int, splits: dict[Split, int]) -> None:
    if not splits:
        return
    full = _full({(link, day) for link, day, _kind, _name in splits})
    merged: dict[Split, int] = defaultdict(int)
    for (link, day, kind, name), clicks in splits.items():
        names = full.get((link, day))
        made_up = kind == Kind.REFERRER and names is not None and name not in names
        merged[(link, day, kind, OTHER if made_up else name)] += clicks
    rows = [(*key, clicks) for key, clicks in sorted(merged.items())]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO smo_linksplit (workspace_id, link_id, day, kind, name, clicks) "
            "SELECT %s, * FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::text[], %s::bigint[]) "
            "ON CONFLICT (link_id, day, kind, name) DO UPDATE SET clicks = smo_linksplit.clicks + excluded.clicks",
            [workspace_id, *map(list, zip(*rows, strict=True))],
        )


def _full(days: set[Day]) -> dict[Day, set[str]]:
    """The days on which somebody makes referrers up: for each, the names that are kept apart."""
    links, dates = {link for link, _ in days}, {date.fromisoformat(day) for _, day in days}
    there = LinkSplit.objects.filter(link__in=links, day__in=dates, kind=Kind.REFERRER)
    crowded = there.values("link", "day").annotate(names=Count("pk")).filter(names__gte=NAMES_A_DAY)
    return {
        (row["link"], row["day"].isoformat()): set(
            there.filter(link=row["link"], day=row["day"]).values_list("name", flat=True)
        )
        for row in crowded
    }
