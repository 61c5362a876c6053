"""Channels that people post to by hand: added by name, with somebody in charge, and changed or retired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from networks import registry
from networks.models import Account, Duty
from networks.protocol import HandsOver, NotOurs
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.tenancy import current_workspace_id

TOPIC = "accounts"


@dataclass(frozen=True, slots=True)
class Charge:
    """Who posts on one channel and when; `days` are ISO weekdays, times in the workspace's zone."""

    keeper: Member | None
    deputy: Member | None = None
    begins: time = time(0)
    ends: time = time(23, 59)
    days: str = "1234567"
    keeper_away_until: date | None = None
    deputy_away_until: date | None = None


@transaction.atomic
def add_by_hand(slug: str, *, name: str, handle: str, charge: Charge, by: Member) -> Account:
    """A channel of a network that lets no app post. Raises NotOurs when an app may, or the channel is there already.

    One that was taken away comes back as it was.
    """
    network = registry.get(slug) if registry.known(slug) else None
    if not isinstance(network, HandsOver):
        raise NotOurs(_("Accounts of this network are connected, not posted to by hand."))
    own = registry.own_facts(slug)
    if own is not None and own.retired:
        raise NotOurs(_("This network is retired. Bring it back first."))
    uid = (handle.lstrip("@") or name).strip().lower()[:200]
    account = Account.objects.filter(network=slug, uid=uid).first()
    if account is not None and account.health != Account.Health.DISCONNECTED:
        raise NotOurs(_("This channel is there already."))
    account = account or Account(network=slug, uid=uid, by_hand=True, workspace_id=current_workspace_id())
    account.name, account.handle = name.strip()[:200], handle.strip().lstrip("@")[:200]
    account.health, account.health_reason = Account.Health.CONNECTED, ""
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:  # somebody was quicker
        raise NotOurs(_("This channel is there already.")) from error
    put_in_charge(account, charge, by=by)
    touch(account.workspace_id, TOPIC)
    record(account.workspace_id, by=by, verb="added by hand", thing=f"account:{account.pk}", network=slug, name=name)
    return account


@transaction.atomic
def put_in_charge(account: Account, charge: Charge, *, by: Member) -> Duty:
    """Who posts there from now on. Raises NotOurs where an app posts, or for somebody who may not post by hand."""
    if not account.by_hand:
        raise NotOurs(_("Nobody posts to this channel by hand."))
    for person in (charge.keeper, charge.deputy):
        if person is not None and not person.may("post_by_hand"):
            raise NotOurs(_("%(person)s has no role that may post by hand.") % {"person": person.user})
    if charge.deputy is not None and charge.deputy == charge.keeper:
        raise NotOurs(_("The deputy is somebody else."))
    duty, _made = Duty.objects.update_or_create(
        account=account,
        defaults={
            "keeper": charge.keeper,
            "deputy": charge.deputy,
            "begins": charge.begins,
            "ends": charge.ends,
            "days": "".join(sorted(set(charge.days) & set("1234567"))) or "1234567",
            "keeper_away_until": charge.keeper_away_until,
            "deputy_away_until": charge.deputy_away_until,
        },
    )
    told = {"keeper": charge.keeper and charge.keeper.pk, "deputy": charge.deputy and charge.deputy.pk}
    touch(account.workspace_id, TOPIC)
    record(account.workspace_id, by=by, verb="put in charge", thing=f"account:{account.pk}", **told)
    return duty
