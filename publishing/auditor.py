"""The auditor: asks each network what readers see of an account, and holds that against our books.

    due account ─> its own listing ─> what is not in it is looked up, what hangs below is listed ─> compared ─> written

One account costs a listing, a look-up and at most `BELOW` listings of comments at a time; where more is to be read it
goes on a minute later from where it stopped. A listing that is not complete proves nothing absent, and one that is
has to be followed by a second one that agrees, unless the network tells by the post's id that it is gone.
"""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from networks import registry
from networks.actions import mark_reconnect, sender
from networks.models import Account
from networks.protocol import (
    Finds,
    Listed,
    Listing,
    Looked,
    NetworkError,
    Reconnect,
    Refused,
    Sender,
    Target,
    TryLater,
    Watches,
)
from publishing.actions import audits as office
from publishing.comparing import Compared, Entry, absent, compare
from publishing.models import Audit
from publishing.queries import book_of, hanging_below, terms
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
BELOW = 20  # posts whose comments and further parts are listed before it makes room for others
SOON, SECOND_LOOK, LATER = timedelta(minutes=1), timedelta(minutes=10), timedelta(minutes=30)
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Read:
    """What the network told in one go. `unseen`: on record as live and not shown; `below_after`: 0 when all is read."""

    listing: Listing
    looked: Looked
    unseen: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    below_after: int


def audit(account_id: int, workspace_id: int) -> Audit | None:
    """Look once at what one account shows, and write down what is not as it should be. None: nothing can be listed.

    Talks to the network, so never inside a transaction; enters by itself. Safe to call at any time, also twice at once.
    """
    with entered(workspace_id):
        account = Account.objects.get(pk=account_id)
        under_way = office.begin(account, since=window(account), now=timezone.now(), next_at=timezone.now() + LATER)
    network = registry.get(account.network)
    apart = terms().lags * network.listing_lag
    if not isinstance(network, Finds):
        return None
    try:
        opened = sender(account)
        until = timezone.now() - 2 * apart
        read = _read(network, opened, account, under_way, until)
    except NetworkError as error:
        return _postpone(under_way, account, error)
    except Exception as error:
        logger.exception("account %s could not be audited", account_id)
        return _postpone(under_way, account, TryLater(type(error).__name__))
    compared: Compared = compare(read.entries, read.listing, read.looked, read.unseen, network.same)
    with entered(workspace_id):
        unsure = any(not found.sure for found in compared.differences)
        daily = DAY * random.uniform(0.9, 1.0)  # noqa: S311 - spreads load, guards nothing
        again = SOON if read.below_after else SECOND_LOOK if unsure else daily
        return office.conclude(
            under_way,
            compared,
            posts=len(read.listing.posts),
            publications=len(read.entries),
            complete=read.listing.complete,
            below_after=read.below_after,
            next_at=timezone.now() + again,
            apart=apart,
        )


def window(account: Account) -> datetime:
    """From when on an account is looked at: so many days, and nothing from before it was connected."""
    longest = timezone.now() - timedelta(days=settings.AUDIT_DAYS)
    return max(longest, account.connected_at - timedelta(minutes=2))


def _read(network: Finds, opened: Sender, account: Account, under_way: Audit, until: datetime) -> Read:
    since = under_way.since or window(account)
    listing = network.recent(opened, since=since)
    with entered(account.workspace_id):
        entries = book_of(account, since=since, remote_ids=[post.remote_id for post in listing.posts])
    missing = [one for one in absent(entries, listing, until=until) if one.published_at and one.published_at >= since]
    looked, gone = _look_up(network, opened, missing)
    below, hidden, cursor = _below(network, opened, account, under_way, entries, listing, until)
    shown = {listed.remote_id: listed for listed in (*listing.posts, *below)}
    everything = Listing(tuple(shown.values()), listing.complete)
    return Read(everything, looked, (*gone, *hidden), tuple(entries), cursor)


def _look_up(network: Finds, opened: Sender, missing: list[Entry]) -> tuple[Looked, list[Entry]]:
    """What a network tells about posts by their ids, and those it does not show; where it tells nothing, all."""
    if not missing or not isinstance(network, Watches):
        return Looked(()), missing
    try:
        looked = network.look(opened, [entry.remote_id for entry in missing])
    except Refused:  # it shows posts by their ids only to apps that were given that right
        return Looked(()), missing
    return looked, [entry for entry in missing if entry.remote_id in looked.gone]


def _below(
    network: Finds,
    opened: Sender,
    account: Account,
    under_way: Audit,
    entries: list[Entry],
    listing: Listing,
    until: datetime,
) -> tuple[list[Listed], list[Entry], int]:
    shown = {listed.remote_id for listed in listing.posts}
    hidden = {entry.id: entry for entry in entries if entry.below and entry.remote_id not in shown}
    with entered(account.workspace_id):
        targets = hanging_below(hidden, after=under_way.below_after)
    found: list[Listed] = []
    gone: list[Entry] = []
    cursor = 0
    for place, (target, ids) in enumerate(_grouped(targets)):
        if place == BELOW:
            break
        part = network.recent(opened, since=under_way.since or window(account), target=target)
        found += part.posts
        gone += absent([hidden[id] for id in ids], part, until=until, below=True)
        cursor = max(ids)
    else:
        cursor = 0
    return found, gone, cursor


def _grouped(targets: list[tuple[int, Target]]) -> Iterator[tuple[Target, list[int]]]:
    groups: dict[Target, list[int]] = defaultdict(list)
    for id, target in targets:
        groups[target].append(id)
    yield from groups.items()


def _postpone(under_way: Audit, account: Account, error: NetworkError) -> Audit:
    wait = (error.after if isinstance(error, TryLater) else None) or LATER
    with entered(account.workspace_id):
        if isinstance(error, Reconnect):
            mark_reconnect(account, reason=error.reason)
        return office.postpone(under_way, reason=error.reason, next_at=timezone.now() + wait)
