"""The installation's publisher goes off by itself when its database was restored or copied, and on by an operator.

every second: mark + 1 in the database ──> the same outside it
the database is behind, or elsewhere ────> off; what is due is looked for on its network, nothing is sent
an operator releases it ─────────────────> on; what was made before is still looked for before it is sent
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from publishing.actions.move import move_quietly
from publishing.adapters import witness
from publishing.models import Publication, Publisher, PublisherTurn
from publishing.protocol import NotPossible, Overtaken
from publishing.queries import Ref
from publishing.rules import doubt
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
State = Publication.State
OFF_KEY = "publisher:off"
OFF_LASTS = 15  # seconds that pages go on saying so when nobody renews it
PLACE = (
    "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || oid FROM pg_database "
    "WHERE datname = current_database()"
)


def beat() -> bool:
    """Whether the publisher is on. Advances its mark here and outside, or turns it off when one contradicts the other.

    For the clock, once a second. Without a witness folder (settings.PUBLISHER_WITNESS) nothing is watched.
    Raises OSError when the witness cannot be read or written.
    """
    folder = _folder()
    if folder is None:
        return True
    with transaction.atomic():
        _to_disk()
        publisher = _publisher()
        place, seen = _place(), witness.read(folder, str(publisher.name))
        if publisher.on:
            why = doubt(publisher.mark, kept_at=publisher.place, place=place, seen=seen)
            if why:
                _turn_off(publisher, Publisher.Why(why))
            else:
                _go_on(publisher, place)
    if not publisher.on:
        cache.set(OFF_KEY, publisher.why, OFF_LASTS)
        return False
    witness.write(folder, str(publisher.name), publisher.mark)
    return True


def sending_since() -> datetime | None:
    """For a claim, inside its transaction: what was made before this moment is looked for first; None: nothing is.

    Raises NotPossible when nothing may be sent at all: the publisher is off, or its database was rewound and the
    clock has not noticed yet. Two queries, one small file. Raises OSError when the witness cannot be read.
    """
    folder = _folder()
    if folder is None:
        return None
    name = Publisher.objects.values_list("name", flat=True).first()
    if name is None:
        raise NotPossible("The publisher's clock has not begun.")
    seen = witness.read(folder, str(name))  # before the mark is read, which only grows
    publisher = Publisher.objects.annotate(here=RawSQL(PLACE, [])).get()  # noqa: S611 - a constant
    if not publisher.on or doubt(publisher.mark, kept_at=publisher.place, place=publisher.here, seen=seen):
        raise NotPossible("The publisher is off.")
    return publisher.doubted_before


def look_first(ref: Ref) -> bool:
    """Put a due publication in question that may have been sent before the database was restored."""
    publisher = Publisher.objects.get()
    if publisher.doubted_before is None:
        return False
    with entered(ref.workspace_id):
        due = Publication.objects.select_related("parent").filter(
            pk=ref.id, state=State.SCHEDULED, created_at__lt=publisher.doubted_before
        )
        publication = due.select_for_update(of=("self",), skip_locked=True).first()
        return publication is not None and put_in_question(publication, publisher.doubted_before)


def put_in_question(publication: Publication, since: datetime | None) -> bool:
    """Whether it has to be looked for before it is sent, as it was made before `since`; then it is in question."""
    looked = publication.looked_at
    if since is None or publication.created_at >= since or (looked is not None and looked >= since):
        return False
    parent = publication.parent
    if parent is not None and not parent.remote_id:
        return False  # it follows its parent, and is looked for when that is found or sent
    try:
        move_quietly(
            publication,
            State.RECONCILING,
            questioned_at=Now(),
            not_before=Now(),
            absences=0,
            absent_at=None,
            looks=0,
            target_post_id=publication.target_post_id or (parent.remote_id or "" if parent else ""),
            reason=gettext_noop("The database was restored; we are looking whether it is live already."),
        )
    except Overtaken:
        return False
    return True


def turn_off(*, by: str, reason: str) -> Publisher:
    """An operator's stop for the whole installation; what is under way is finished."""
    with transaction.atomic():
        publisher = _publisher()
        if publisher.on:
            _turn_off(publisher, Publisher.Why.PERSON, by=by, reason=reason)
    cache.set(OFF_KEY, publisher.why, OFF_LASTS)
    return publisher


def release(*, by: str, reason: str) -> Publisher:
    """An operator's word that this database is the one that publishes. Raises NotPossible when it is on.

    What was made before it went off is still looked for on its network, each before it is sent.
    """
    folder = _folder()
    with transaction.atomic():
        _to_disk()
        publisher = _publisher()
        if publisher.on:
            raise NotPossible("The publisher is on already.")
        seen = witness.read(folder, str(publisher.name)) if folder else None
        publisher.mark = max(publisher.mark, seen or 0) + 1
        publisher.place, publisher.on, publisher.why, publisher.off_since = _place(), True, "", None
        publisher.save()
        _note(publisher, by=by, reason=reason)
    if folder:
        witness.write(folder, str(publisher.name), publisher.mark)
    cache.delete(OFF_KEY)
    return publisher


def _publisher() -> Publisher:
    """The one row, locked; made the first time it is asked for."""
    Publisher.objects.bulk_create([Publisher(place=_place(), marked_at=_now())], ignore_conflicts=True)
    return Publisher.objects.select_for_update().get()


def _go_on(publisher: Publisher, place: str) -> None:
    Publisher.objects.update(mark=F("mark") + 1, marked_at=Now(), place=place)
    publisher.mark += 1


def _turn_off(publisher: Publisher, why: Publisher.Why, *, by: str = "", reason: str = "") -> None:
    now = _now()
    publisher.on, publisher.why, publisher.off_since = False, why, now
    if why != Publisher.Why.PERSON:
        publisher.doubted_before = now
    publisher.save(update_fields=["on", "why", "off_since", "doubted_before"])
    _note(publisher, by=by, reason=reason)
    logger.error("the publisher is off: %s (last mark %s at %s)", why, publisher.mark, publisher.marked_at)


def _note(publisher: Publisher, *, by: str, reason: str) -> None:
    PublisherTurn.objects.create(
        on=publisher.on,
        why=publisher.why,
        by=by[:160],
        reason=reason[:500],
        mark=publisher.mark,
        marked_at=publisher.marked_at,
    )


def _folder() -> Path | None:
    named: str = settings.PUBLISHER_WITNESS
    return Path(named) if named else None


def _to_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '2s'"
        )  # another clock may be frozen


def _place() -> str:
    with connection.cursor() as cursor:
        cursor.execute(PLACE)
        return str(cursor.fetchone()[0])


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
