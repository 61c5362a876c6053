"""Writing down what an audit found, and a person's word on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from networks import registry
from networks.actions import mark_reconnect, sender
from networks.models import Account
from networks.protocol import Deletes, NetworkError, Reconnect
from publishing.actions import window
from publishing.actions.move import move
from publishing.comparing import Compared, Difference, Kind
from publishing.models import Audit, Discrepancy, Publication, Sighting
from publishing.protocol import NotPossible
from workspaces.actions import notify, record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.protocol import Note
from workspaces.queries import members_who_may
from workspaces.tenancy import entered

UNSEEN = (Kind.MISSING, Kind.REMOVED)
ALARMING = (Kind.DOUBLED, Kind.MISSING, Kind.UNRECORDED)
NOTE = Note(
    slug="network-audit",
    title=gettext_lazy("%(network)s does not show %(account)s as planned"),
    body=gettext_lazy("The daily check found: %(found)s."),
    action=gettext_lazy("See what it is"),
    about=gettext_lazy("A post is missing on its network, or is there twice"),
)


def begin(account: Account, *, since: datetime, now: datetime, next_at: datetime) -> Audit:
    """A look begins, or goes on where the last one stopped. Whoever dies meanwhile is followed at `next_at`."""
    fresh = {"next_at": next_at, "began_at": now, "since": since}
    audit, made = Audit.objects.get_or_create(account=account, defaults=fresh)
    if not made:
        audit.next_at = next_at
        if not audit.below_after or audit.began_at is None:
            audit.began_at, audit.since, audit.below_after = now, since, 0
        audit.save(update_fields=["next_at", "began_at", "since", "below_after"])
    return audit


def postpone(audit: Audit, *, reason: str, next_at: datetime) -> Audit:
    """The network did not let us look."""
    audit.trouble, audit.next_at = reason[:500], next_at
    audit.save(update_fields=["trouble", "next_at"])
    return audit


def conclude(
    audit: Audit,
    compared: Compared,
    *,
    posts: int,
    publications: int,
    complete: bool,
    below_after: int,
    next_at: datetime,
    apart: timedelta,
) -> Audit:
    """Keep what was found; `below_after`: it goes on there at `next_at` (0: it is through).

    `apart`: how far two looks have to be apart for what one alone cannot tell. Inside `entered`.
    """
    now = timezone.now()
    there = set(Sighting.objects.filter(publication__in=compared.seen).values_list("publication_id", flat=True))
    fresh = [Sighting(workspace_id=audit.workspace_id, publication_id=id, seen_at=now) for id in compared.seen - there]
    Sighting.objects.bulk_create(fresh, ignore_conflicts=True)
    new = [found for found in compared.differences if _keep(audit, found, now, apart)]
    _dress_window(audit, compared, now)
    audit.posts, audit.publications, audit.complete = posts, publications, complete
    audit.below_after, audit.next_at, audit.trouble = below_after, next_at, ""
    if not below_after:
        audit.finished_at = now
        if complete:
            _let_go(audit)
    audit.save()
    _tell(audit, new)
    touch(audit.workspace_id, "publishing")
    return audit


def _keep(audit: Audit, found: Difference, now: datetime, apart: timedelta) -> bool:
    """Write one difference down; True when people are to be told: it is new and certain, or is back."""
    named = {"account_id": audit.account_id, "kind": found.kind.value, "remote_id": found.remote_id}
    said: dict[str, Any] = {
        "url": found.url[:1000],
        "text": found.text[:4000],
        "last_found_at": now,
    }  # Any: a field's value
    begins = Discrepancy.State.OPEN if found.sure else Discrepancy.State.SUSPECTED
    fresh = {"publication_id": found.entry or None, "posted_at": found.at, "found_at": now, "state": begins}
    row, made = Discrepancy.objects.get_or_create(**named, defaults=fresh | said)
    if made:
        return found.sure
    told = False
    if row.state == Discrepancy.State.SUSPECTED and (found.sure or now - row.found_at > apart):
        told, said["state"] = True, Discrepancy.State.OPEN
    if row.state == Discrepancy.State.OVER or (row.state == Discrepancy.State.SETTLED and said["text"] != row.text):
        told = found.sure
        said |= {"state": begins, "found_at": now, "settled_at": None, "settled_by": None, "word": ""}
    Discrepancy.objects.filter(pk=row.pk).update(**said)
    return told


def _dress_window(audit: Audit, compared: Compared, now: datetime) -> None:
    """Feeds tell what readers of the network find there, and no more."""
    found = Discrepancy.objects.filter(account_id=audit.account_id, kind__in=UNSEEN, last_found_at=now)
    gone = set(found.exclude(state=Discrepancy.State.SUSPECTED).values_list("publication_id", flat=True))
    if gone:
        window.out_of_sight(gone)
    if back := compared.seen - gone:
        window.in_sight(back)


def _let_go(audit: Audit) -> None:
    """What a whole look did not find again is over."""
    unsettled = (Discrepancy.State.OPEN, Discrepancy.State.SUSPECTED)
    still_open = Discrepancy.objects.filter(account_id=audit.account_id, state__in=unsettled)
    still_open.filter(posted_at__gte=audit.since, last_found_at__lt=audit.began_at).update(
        state=Discrepancy.State.OVER, settled_at=timezone.now()
    )


def _tell(audit: Audit, new: list[Difference]) -> None:
    alarming = [found for found in new if found.kind in ALARMING]
    if not alarming:
        return
    network = audit.account.network
    kinds = sorted({found.kind for found in alarming})
    numbers = {str(kind): sum(found.kind is kind for found in alarming) for kind in kinds}
    notify(
        members_who_may("settle_publications"),
        note=NOTE,
        key=f"audit:{audit.account_id}:{timezone.now():%Y%m%dT%H%M%S}",
        url=reverse("publishing:audit", args=[audit.workspace.slug]),
        network=registry.get(network).name if registry.known(network) else network,
        account=audit.account.name,
        found=_told(numbers),
    )


def _in_words(numbers: dict[str, int]) -> str:
    return ", ".join(f"{Discrepancy.Kind(kind).label}: {number}" for kind, number in numbers.items())


_told = lazy(_in_words, str)  # in the language of whoever reads it


def look_soon(*, by: Member) -> int:
    """A person wants every account of the workspace looked at now; how many will be."""
    asked: int = Audit.objects.filter(next_at__gt=timezone.now()).update(next_at=timezone.now())
    record(by.workspace_id, by=by, verb="asked for an audit", thing=f"workspace:{by.workspace_id}")
    return asked


# --- a person's word ------------------------------------------------------------------------------


def accept_gone(found: Discrepancy, *, by: Member) -> Discrepancy:
    """It is gone from the network, and our record says so from now on. Raises NotPossible, Overtaken."""
    with entered(found.workspace_id, user_id=by.user_id):
        if found.kind not in (Kind.MISSING, Kind.REMOVED) or found.publication is None:
            raise NotPossible(_("Only a post that is gone can be recorded as deleted."))
        if found.publication.state == Publication.State.PUBLISHED:
            move(found.publication, Publication.State.DELETED_REMOTE)
        return _settled(found, gettext_noop("recorded as deleted"), by)


def dismiss(found: Discrepancy, *, by: Member) -> Discrepancy:
    """A person has seen it, and it may stay as it is. Raises NotPossible."""
    with entered(found.workspace_id, user_id=by.user_id):
        return _settled(found, gettext_noop("left as it is"), by)


def delete_copy(found: Discrepancy, *, by: Member) -> Discrepancy:
    """Take the second copy away on the network; the one on record stays. Raises NotPossible, with the reason.

    Talks to the network, so never inside a transaction.
    """
    network = registry.get(found.account.network)
    if found.kind != Kind.DOUBLED or not isinstance(network, Deletes):
        raise NotPossible(_("Only the second copy of a post can be deleted from here."))
    try:
        network.delete(sender(found.account), found.remote_id)
    except NetworkError as error:
        if isinstance(error, Reconnect):
            with entered(found.workspace_id, user_id=by.user_id):
                mark_reconnect(found.account, reason=error.reason)
        raise NotPossible(error.reason) from error
    with entered(found.workspace_id, user_id=by.user_id):
        return _settled(found, gettext_noop("copy deleted"), by)


def _settled(found: Discrepancy, word: str, by: Member) -> Discrepancy:
    mine = Discrepancy.objects.filter(pk=found.pk, state=Discrepancy.State.OPEN)
    said: dict[str, Any] = {"settled_at": timezone.now(), "settled_by": by, "word": word}  # Any: a field's value
    if not mine.update(state=Discrepancy.State.SETTLED, **said):
        raise NotPossible(_("That is settled already."))
    found.state, found.settled_at, found.word = Discrepancy.State.SETTLED, said["settled_at"], word
    thing = f"publication:{found.publication_id}" if found.publication_id else f"account:{found.account_id}"
    record(found.workspace_id, by=by, verb=word, thing=thing, kind=found.kind, remote_id=found.remote_id)
    touch(found.workspace_id, "publishing")
    return found
