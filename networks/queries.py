"""Who is connected where: the reads that cross workspaces, through narrow functions that tell ids only."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from networks import registry
from networks.models import Account, OwnNetwork
from networks.protocol import Limits, OwnFacts
from workspaces.tenancy import NoWorkspaceEntered, current_workspace_id, entered, is_in_database, notebook

OWN = "own networks"


def accounts_by_uid(slug: str, uid: str) -> list[tuple[int, int]]:
    """(account id, workspace id) of every workspace that connected the network's account `uid`. One query."""
    return _pairs("SELECT account_id, workspace_id FROM accounts_by_uid(%s, %s)", slug, uid)


def accounts_to_tend(batch: int) -> list[tuple[int, int]]:
    """(account id, workspace id) of accounts whose renewal or subscription is due, the longest waiting first."""
    return _pairs("SELECT account_id, workspace_id FROM accounts_to_tend(%s)", batch)


def consent_by_state(digest: str) -> tuple[int, int] | None:
    """(consent id, workspace id) for the SHA-256 of a state, or None."""
    found = _pairs("SELECT consent_id, workspace_id FROM consent_by_state(%s)", digest)
    return found[0] if found else None


def workspaces_with_stale_consents(batch: int) -> list[int]:
    """Workspaces that hold consents nobody will come back for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM workspaces_with_stale_consents(%s)", [batch])
        return [row[0] for row in cursor.fetchall()]


def usable_accounts() -> list[Account]:
    """The entered workspace's accounts that can be published to now, by network and name. One query."""
    return list(Account.objects.all().usable().order_by("network", "name", "pk"))


def own_networks(*, retired: bool = False) -> list[OwnNetwork]:
    """The entered workspace's own networks, by name."""
    found = OwnNetwork.objects.order_by("name", "pk")
    return list(found if retired else found.filter(retired_at__isnull=True))


def lend_own(number: int) -> OwnFacts | None:
    """The facts of the entered workspace's own network with this number, read once while it is entered."""
    try:
        here = current_workspace_id()
    except NoWorkspaceEntered:
        return None
    if not is_in_database():  # a view that enters by itself
        with entered(here):
            return lend_own(number)
    noted = notebook()
    if OWN not in noted:
        noted[OWN] = {one.pk: one.facts for one in own_networks(retired=True)}
    found: OwnFacts | None = noted[OWN].get(number)
    return found


def limits_of(slug: str) -> Limits:
    """What fits on the network, with what the operator's own contract there says otherwise.

    NETWORK_<SLUG>_POSTS_A_DAY, _PRICE_POST and _PRICE_LINK replace the public figures.
    """
    limits, own = registry.get(slug).limits, settings.NETWORKS.get(slug, {})
    figures = {name: float(own[name]) for name in ("price_post", "price_link") if own.get(name)}
    posts = int(own.get("posts_a_day") or limits.posts_a_day)
    return replace(limits, posts_a_day=posts, **figures)  # type: ignore[arg-type]  # two floats by name


def redirect_uri(slug: str) -> str:
    """The address a network sends people back to; registered there to the letter."""
    path: str = reverse("networks:callback", args=[slug])
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def webhook_url(slug: str) -> str:
    """The address a network pushes its events to."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/hooks/{slug}/"


def _pairs(sql: str, *values: str | int) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return [(row[0], row[1]) for row in cursor.fetchall()]


def said(reason: str) -> str:
    """An adapter's or our own sentence on record, in the reader's language; what a network said itself stays as it is.

    A sentence that ends in the network's own words ("X does not take this: ...") is translated up to its colon.
    """
    if not reason:
        return ""
    translated = _(reason)
    head, colon, tail = reason.partition(": ")
    return f"{_(head + ':')} {tail}" if colon and translated == reason else translated
