"""The calendar as a page shows it: days with bands of cards, a month, or a list; and what the filters leave."""

from __future__ import annotations

import calendar as months
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Post
from campaigns.queries import calendar_and_tray, campaigns, channels
from campaigns.queries.besttime import best_time
from campaigns.queries.room import slots_of
from campaigns.rules import due_at, wall_time
from campaigns.rules.slots import openings
from networks.models import Account
from workspaces.models import Workspace

VIEWS = ("month", "week", "list")
BANDS = (("06:00", "sunrise", time(6)), ("11:00", "sun", time(11)), ("16:00", "sunset", time(16)))
LEGEND = ("scheduled", "awaiting_approval", "held", "failed", "handed", "publishing", "published", "draft", "idea")
# A post that is partly published is counted with the published ones.
COUNTED_AS = {"partly": "published"}
IN_MONTH = 3
LIST_DAYS = 28


@dataclass(frozen=True, slots=True)
class Card:
    """One post on the calendar. `at` is its wall time in the workspace's zone; None in the tray."""

    post: Post
    at: datetime | None
    state: str
    progress: str
    nets: tuple[str, ...]
    thumb: str
    href: str
    move_url: str

    @property
    def words(self) -> str:
        """What the card says: the title, else the text (the card cuts it to its lines)."""
        return self.post.title or self.post.text[:200] or str(self.post)

    @property
    def clock(self) -> str:
        return self.at.strftime("%H:%M") if self.at else ""

    @property
    def local(self) -> str:
        return self.at.isoformat(timespec="minutes") if self.at else ""


@dataclass(frozen=True, slots=True)
class Free:
    """A slot of the queue that nothing stands in yet. `best`: in the account's own best hours."""

    at: datetime
    best: bool

    @property
    def clock(self) -> str:
        return self.at.strftime("%H:%M")


@dataclass(slots=True)
class Day:
    """One day with its cards, by band."""

    date: date
    cards: list[Card] = field(default_factory=list)
    free: list[Free] = field(default_factory=list)
    today: bool = False
    past: bool = False
    outside: bool = False

    @property
    def bands(self) -> list[tuple[str, list[Card]]]:
        return [(name, [c for c in self.cards if _band(c.clock) == name]) for name, _icon, _from in BANDS]

    @property
    def free_bands(self) -> list[tuple[str, list[Free]]]:
        return [(name, [one for one in self.free if _band(one.clock) == name]) for name, _icon, _from in BANDS]

    @property
    def first(self) -> list[Card]:
        """The cards a month has room for."""
        return self.cards[:IN_MONTH]

    @property
    def more(self) -> int:
        return max(0, len(self.cards) - IN_MONTH)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    view: str
    day: date
    network: str = ""
    account: str = ""
    campaign: str = ""
    status: str = ""

    def address(self, **changes: object) -> str:
        """The query string with `changes`; what is empty is left out."""
        wanted = {
            "view": self.view,
            "day": self.day.isoformat(),
            "network": self.network,
            "account": self.account,
            "campaign": self.campaign,
            "status": self.status,
            **changes,
        }
        return "?" + urlencode({name: value for name, value in wanted.items() if value})


def asked(query: QueryDict | Mapping[str, str], today: date) -> Asked:
    """Read the address; what makes no sense is ignored."""
    try:
        day = date.fromisoformat(query.get("day", ""))
    except ValueError:
        day = today
    view = query.get("view", "week")
    return Asked(
        view=view if view in VIEWS else "week",
        day=day,
        network=query.get("network", ""),
        account=query.get("account", "") if query.get("account", "").isdigit() else "",
        campaign=query.get("campaign", "") if query.get("campaign", "").isdigit() else "",
        status=query.get("status", "") if query.get("status", "") in LEGEND else "",
    )


def page(asked: Asked, workspace: Workspace) -> dict[str, Any]:
    """The calendar's page. Any: a template's context. Five queries, however many posts."""
    now = wall_time(timezone.now(), workspace.zone)
    start, end = span(asked)
    placed, loose = calendar_and_tray(datetime.combine(start, time()), datetime.combine(end, time()), workspace.zone)
    found = [card_of(post, workspace) for post in placed]
    aside = [card_of(post, workspace) for post in loose]
    chosen = [card for card in found if _wanted(card, asked)]
    shown = [card for card in chosen if not asked.status or _counted(card) == asked.status]
    days = _days(start, end, shown, now, asked)
    here = channels()
    if asked.view == "week":
        _add_free(days, [one for one in here if asked.account in ("", str(one.pk))], placed, workspace)
    return {
        "asked": asked,
        "days": days,
        "filled": [day for day in days if day.cards],
        "bands": BANDS,
        "now": now,
        "now_band": _band(now.strftime("%H:%M")),
        "start": start,
        "end": end - timedelta(days=1),
        "earlier": asked.address(day=_step(asked, -1)),
        "later": asked.address(day=_step(asked, 1)),
        "today_url": asked.address(day=now.date()),
        "views": [(view, asked.address(view=view)) for view in VIEWS],
        "legend": legend(chosen, asked),
        "tray": [card for card in aside if _wanted(card, asked)],
        "channels": here,
        "campaigns": campaigns(),
        "zone": workspace.zone,
        "count": len(shown),
    }


def span(asked: Asked) -> tuple[date, date]:
    """The first day shown and the day after the last."""
    monday = asked.day - timedelta(days=asked.day.weekday())
    if asked.view == "week":
        return monday, monday + timedelta(days=7)
    if asked.view == "list":
        return asked.day, asked.day + timedelta(days=LIST_DAYS)
    weeks = months.Calendar().monthdatescalendar(asked.day.year, asked.day.month)
    return weeks[0][0], weeks[-1][-1] + timedelta(days=1)


def legend(cards: Iterable[Card], asked: Asked) -> list[tuple[str, int, str, bool]]:
    """(status, how many, address that shows only these or all again, whether it is on), those that occur."""
    counts = Counter(_counted(card) for card in cards)
    return [
        (name, counts[name], asked.address(status="" if asked.status == name else name), asked.status == name)
        for name in LEGEND
        if counts[name] or asked.status == name
    ]


def legend_of(cards: Iterable[Card]) -> list[tuple[str, int]]:
    """(status, how many), those that occur."""
    counts = Counter(_counted(card) for card in cards)
    return [(name, counts[name]) for name in LEGEND if counts[name]]


def card_of(post: Post, workspace: Workspace) -> Card:
    """`post`, read with `carded()`, as a card."""
    variants = list(post.variants.all())
    media = list(post.post_media.all())
    state = post.state
    small = media[0].asset if media else None
    page, move, thumb = _addresses(workspace.slug)
    return Card(
        post=post,
        at=wall_time(post.due_at, workspace.zone) if post.due_at else None,
        state=str(state),
        progress=f"{post.live}/{len(variants)}" if post.live and post.live < len(variants) else "",
        nets=tuple(dict.fromkeys(variant.account.network for variant in variants)),
        thumb=thumb.format(small.pk) if small and small.thumbnail else "",
        href=page.format(post.pk),
        move_url=move.format(post.pk) if post.is_open else "",
    )


@cache
def _addresses(slug: str) -> tuple[str, str, str]:
    """A post's page, its move and an asset's thumbnail, with a gap for the number: a month has a thousand of them."""
    places = (("campaigns:post", ()), ("campaigns:move", ()), ("campaigns:media_file", ("small",)))
    page, move, thumb = (reverse(name, args=[slug, 0, *more]).replace("/0/", "/{}/") for name, more in places)
    return page, move, thumb


def _counted(card: Card) -> str:
    return COUNTED_AS.get(card.state, card.state)


def _wanted(card: Card, asked: Asked) -> bool:
    if asked.network and asked.network not in card.nets:
        return False
    if asked.campaign and str(card.post.campaign_id) != asked.campaign:
        return False
    return not asked.account or any(str(v.account_id) == asked.account for v in card.post.variants.all())


def _days(start: date, end: date, cards: Sequence[Card], now: datetime, asked: Asked) -> list[Day]:
    count = (end - start).days
    days = {start + timedelta(days=n): Day(start + timedelta(days=n)) for n in range(count)}
    for card in cards:
        if card.at and card.at.date() in days:
            days[card.at.date()].cards.append(card)
    for each, day in days.items():
        day.today, day.past = each == now.date(), each < now.date()
        day.outside = asked.view == "month" and each.month != asked.day.month
    return list(days.values())


def _add_free(days: Sequence[Day], accounts: Sequence[Account], posts: Sequence[Post], workspace: Workspace) -> None:
    """Each day's slots that are still free on one of `accounts`; two queries."""
    slots = slots_of(accounts)
    if not slots or not days:
        return
    start = max(timezone.now(), due_at(datetime.combine(days[0].date, time()), workspace.zone))
    end = due_at(datetime.combine(days[-1].date + timedelta(days=1), time()), workspace.zone)
    busy = {(variant.account_id, post.due_at) for post in posts for variant in post.variants.all()}
    best = best_time([account for account in accounts if account.pk in slots])
    free: dict[datetime, Free] = {}
    for pk, week in slots.items():
        for one in openings(week, after=start, until=end):
            if (pk, one.at) not in busy:
                local = wall_time(one.at, workspace.zone)
                free[local] = Free(local, best.covers(local))
    for day in days:
        day.free = [free[at] for at in sorted(free) if at.date() == day.date]


def _step(asked: Asked, sign: int) -> date:
    if asked.view == "week":
        return asked.day + timedelta(days=7 * sign)
    if asked.view == "list":
        return asked.day + timedelta(days=LIST_DAYS * sign)
    first = asked.day.replace(day=1)
    return (first + timedelta(days=31)).replace(day=1) if sign > 0 else (first - timedelta(days=1)).replace(day=1)


def _band(clock: str) -> str:
    """The band a time falls in; the night belongs to the first."""
    return next((name for name, _icon, _from in reversed(BANDS) if clock >= name), BANDS[0][0])
