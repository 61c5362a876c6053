"""Feeds of others: watched, filtered, rested; what appears in them is taken in once, whoever else carries it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from networks.fetch import Entry, Feed
from smo.models import Item, Source
from smo.rules import incoming as rules
from workspaces.actions import notify, record
from workspaces.live import touch
from workspaces.models import Member, Workspace
from workspaces.protocol import Note
from workspaces.queries import members_who_may

TOPIC = "sources"
LEASE = timedelta(minutes=5)  # how long a look may take before somebody else takes it up
SUMMARY = 4000
State = Item.State

STOPPED = {
    "include": gettext_noop("None of the words you look for."),
    "exclude": gettext_noop("It has a word you leave out."),
    "authors": gettext_noop("By somebody else."),
    "categories": gettext_noop("In another category."),
    "languages": gettext_noop("In another language."),
}

DOWN = Note(
    slug="feed_down",
    title=gettext_lazy("“%(name)s” can no longer be read"),
    body=gettext_lazy("The feed at %(where)s has failed for days: %(trouble)s"),
    action=gettext_lazy("Look at the feed"),
    about=gettext_lazy("A feed that is watched can no longer be read"),
)


class NotWatched(Exception):
    """It cannot be watched; the text says why, for the person."""


def watch(*, address: str, by: Member, name: str = "", page: str = "", kind: str = "", first: int = 0) -> Source:
    """Watch a feed from now on. `first`: how many of the newest entries there now count as new. Raises NotWatched."""
    try:
        with transaction.atomic():
            source: Source = Source.objects.create(
                name=(name or address)[:200],
                address=address[:1000],
                page=page[:1000],
                kind=kind if kind in Source.Kind.values else "",
                first=min(max(first, 0), 20),
                added_by=by,
                due_at=timezone.now(),
            )
    except IntegrityError as error:
        raise NotWatched(_("This feed is watched already.")) from error
    record(source.workspace_id, by=by, verb="watches a feed", thing=f"source:{source.pk}", address=address)
    touch(source.workspace_id, TOPIC)
    return source


def filter_by(source: Source, *, name: str, filters: Mapping[str, Sequence[str]], by: Member) -> Source:
    """Call it so, and let pass what `filters` say, from the next look on."""
    source.name = name[:200] or source.address[:200]
    for field in ("include", "exclude", "authors", "categories", "languages"):
        setattr(source, field, [word.strip()[:100] for word in filters.get(field, ()) if word.strip()][:50])
    source.save(update_fields=["name", "include", "exclude", "authors", "categories", "languages"])
    _note(source, by, "changed a watched feed")
    return source


def rest(source: Source, *, resting: bool, by: Member) -> Source:
    """Look there no more, or again from now on."""
    source.due_at = None if resting else timezone.now()
    source.failures, source.trouble, source.failing_since = 0, "", None
    source.save(update_fields=["due_at", "failures", "trouble", "failing_since"])
    _note(source, by, "rests a feed" if resting else "watches a feed again")
    return source


def forget(source: Source, *, by: Member) -> None:
    """Watch it no more; its items are gone, what was made of them stays."""
    _note(source, by, "forgot a feed", name=source.name, address=source.address)
    source.delete()


def leave(items: Iterable[Item], *, by: Member | None) -> int:
    """Make nothing of these."""
    pks = [item.pk for item in items]
    left: int = Item.objects.filter(pk__in=pks, state__in=[State.NEW, State.TAKEN]).update(state=State.LEFT)
    return left


def take(item: Item) -> bool:
    """Something is made of it now; False when somebody was quicker."""
    return bool(Item.objects.filter(pk=item.pk).exclude(state=State.TAKEN).update(state=State.TAKEN, why=""))


# -- a look -------------------------------------------------------------------------------------------


def claim(source_id: int, now: datetime) -> Source | None:
    """Take the source for one look, so that no other worker looks at the same time; None when it is not its turn."""
    if not Source.objects.filter(pk=source_id, due_at__lte=now).update(due_at=now + LEASE):
        return None
    return Source.objects.get(pk=source_id)


def looked(source: Source, feed: Feed, *, now: datetime) -> list[Item]:
    """A look that worked: take in what is new, and remember when to look next. Inside `entered`.

    Nothing floods: of what is there at the first look only the newest few count as new.
    """
    fresh = _taken_in(source, feed.entries, now) if feed.new else []
    known = Item.objects.filter(source=source).order_by("-published_at").values_list("published_at", flat=True)[:10]
    active = source.hub_state == Source.Hub.ACTIVE and bool(source.lease_until and source.lease_until > now)
    pause = rules.next_look(list(known), hub=active, asked_minutes=feed.minutes, now=now)
    told: dict[str, Any] = {  # Any: a field's value
        "failures": 0,
        "trouble": "",
        "failing_since": None,
        "looked_at": now,
        "etag": feed.etag[:300],
        "modified": feed.modified[:100],
        "minutes": max(1, int(pause.total_seconds() // 60)),
    }
    if feed.new:
        told |= {"hub": feed.hub, "topic": feed.topic}
        told |= {"kind": feed.kind} if feed.kind in Source.Kind.values else {}
        told |= {"name": feed.title} if feed.title and source.name == source.address[:200] else {}
    Source.objects.filter(pk=source.pk).update(**told)
    _again(source, now + pause)
    touch(source.workspace_id, TOPIC)
    return fresh


def _taken_in(source: Source, entries: Sequence[Entry], now: datetime) -> list[Item]:
    """Those that were not seen before; the oldest first, so that what came first counts."""
    ids = {rules.guid_of(entry): entry for entry in reversed(entries)}
    known = set(Item.objects.filter(source=source, guid__in=list(ids)).values_list("guid", flat=True))
    unseen = [entry for guid, entry in ids.items() if guid not in known]
    unseen.sort(key=lambda entry: entry.published or now)
    filters = _filters(source)
    made = [_item(source, entry, filters.stops(entry), now) for entry in unseen]
    if source.looked_at is None:
        passing = [item for item in made if item.state == State.NEW]
        for item in passing[: max(0, len(passing) - source.first)]:
            item.state = State.OLD
    return [item for item in made if _kept(item)]


def _filters(source: Source) -> rules.Filters:
    names = ("include", "exclude", "authors", "categories", "languages")
    return rules.Filters(**{name: tuple(getattr(source, name)) for name in names})


def _item(source: Source, entry: Entry, stopped: str, now: datetime) -> Item:
    return Item(
        workspace_id=source.workspace_id,
        source=source,
        guid=rules.guid_of(entry),
        key=rules.key_of(entry),
        print=rules.print_of(entry),
        url=entry.url,
        title=entry.title,
        summary=(entry.summary or entry.text)[:SUMMARY],
        author=entry.author,
        tags=list(entry.tags),
        language=entry.language,
        image=entry.image,
        published_at=min(entry.published or now, now),
        seen_at=now,
        state=State.FILTERED if stopped else State.NEW,
        why=STOPPED.get(stopped, ""),
    )


def _kept(item: Item) -> bool:
    """Write it down; what another feed, or another address, brought already is a double. The database decides."""
    wanted = item.state
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        item.pk, item.state, item.why = None, State.DOUBLE, ""
        try:
            with transaction.atomic():
                item.save(force_insert=True)
        except IntegrityError:  # another look was quicker
            return False
    return item.state == wanted == State.NEW


def failed(source: Source, *, trouble: str, asked: timedelta | None, gone: bool, now: datetime) -> None:
    """A look that did not work: wait ever longer, and tell people once when it goes on for days.

    `gone`: the site says that it is there no more; then it rests at once.
    """
    since = source.failing_since or now
    failures = min(source.failures + 1, 1000)
    Source.objects.filter(pk=source.pk).update(failures=failures, trouble=trouble[:300], failing_since=since)
    if gone:
        Source.objects.filter(pk=source.pk).update(due_at=None)
    else:
        _again(source, now + rules.after_failure(failures, minutes=source.minutes, asked=asked))
    touch(source.workspace_id, TOPIC)
    if gone or now - since >= rules.DAYS:
        _tell(source, trouble, since)


def _tell(source: Source, trouble: str, since: datetime) -> None:
    slug = Workspace.objects.values_list("slug", flat=True).get(pk=source.workspace_id)
    notify(
        members_who_may("manage_window"),
        note=DOWN,
        key=f"{DOWN.slug}:{source.pk}:{since:%Y%m%dT%H%M}",
        url=reverse("smo:source", args=[slug, source.pk]),
        name=str(source),
        where=source.address,
        trouble=trouble,
    )


def _again(source: Source, due_at: datetime) -> None:
    """Unless somebody let it rest meanwhile."""
    Source.objects.filter(pk=source.pk, due_at__isnull=False).update(due_at=due_at)


def _note(source: Source, by: Member, verb: str, **facts: object) -> None:
    touch(source.workspace_id, TOPIC)
    record(source.workspace_id, by=by, verb=verb, thing=f"source:{source.pk}", **facts)
