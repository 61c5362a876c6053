"""What customs hold comes before an officer, and their word moves it: on, off, or held because its time passed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from compliance.actions import lapse_cases, open_case
from compliance.models import Case, Verdict
from compliance.queries import UNDECIDED, passes, standing
from compliance.queries.standing import REJECT
from publishing.actions.move import move
from publishing.actions.queue import cancel, hold, release
from publishing.models import Publication
from publishing.queries import author_of
from workspaces.actions import record

State = Publication.State
Hold = Publication.Hold
APPROVED_LATE = gettext_noop("Compliance let it pass after its time. Send it now or choose another time.")
OVERRIDE_ENDED = gettext_noop("The override that let it pass has ended.")


def key_of(publication_id: int) -> str:
    """The name under which officers know a publication."""
    return f"publication:{publication_id}"


@transaction.atomic
def with_officers(publication_id: int, *, now: datetime) -> None:
    """Bring one publication and the officers' desk together. Safe to call at any time, for any publication."""
    found = Publication.objects.select_related("account", "workspace", "endorser", "verdict")
    publication = found.select_for_update(of=("self",), skip_locked=True).filter(pk=publication_id).first()
    if publication is None:
        return
    _close_others(publication)
    if publication.state in {State.SCHEDULED, State.HANDED} and publication.verdict and not passes(publication.verdict):
        hold(publication, reason=OVERRIDE_ENDED, by=None, held_for=Hold.CUSTOMS)
    if publication.state == State.HELD and publication.held_for == Hold.CUSTOMS and publication.verdict:
        _by_the_officers_word(publication, publication.verdict, now=now)


def _by_the_officers_word(publication: Publication, verdict: Verdict, *, now: datetime) -> None:
    stands = standing(verdict)
    asked = Case.objects.filter(key=key_of(publication.pk), verdict=verdict)
    if stands.pending or asked.filter(status__in=[*UNDECIDED, Case.Status.WAITING]).exists():
        return
    if stands.passes and publication.due_at > now:
        release(publication, by=None)
    elif stands.passes:
        move(publication, State.HELD, held_for=Hold.PERSON, reason=APPROVED_LATE)
        record(publication.workspace_id, by=None, verb="held_late", thing=f"publication:{publication.pk}")
    elif stands.last == REJECT and asked.exists():
        cancel(publication, by=None)
    else:
        _ask(publication, verdict)


def _ask(publication: Publication, verdict: Verdict) -> None:
    content = publication.sealed
    open_case(
        verdict,
        content=content,
        key=key_of(publication.pk),
        title=" ".join((content.title or content.text).split())[:120] or str(publication),
        by=None,
        account_name=publication.account.name,
        due_at=publication.due_at,
        author=author_of(publication),
        endorser=publication.endorser,
        link=reverse("publishing:publication", args=[publication.workspace.slug, publication.pk]),
    )


def _close_others(publication: Publication) -> None:
    """A case about words it no longer holds, or about a publication that no longer waits, lapses."""
    held = publication.state == State.HELD and publication.held_for == Hold.CUSTOMS
    stale = Case.objects.filter(key=key_of(publication.pk), status__in=[*UNDECIDED, Case.Status.WAITING])
    if (stale.exclude(verdict=publication.verdict_id) if held else stale).exists():
        lapse_cases(key_of(publication.pk))
