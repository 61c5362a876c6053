"""Where we look for what endorsers publish, and how well that goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance.actions.desk import TOPIC
from compliance.models import Endorser, Source
from compliance.queries import pace
from networks import registry
from networks.protocol import Watches
from workspaces.actions import notify, record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.permissions import PERMISSIONS
from workspaces.protocol import Note

DOWN = Note(
    slug="source_down",
    title=_("We cannot see what %(name)s posts"),
    body=_("%(where)s could not be read several times in a row: %(trouble)s"),
    action=_("Look at the sources"),
    about=_("A place where an endorser posts can no longer be read"),
)


def watch(endorser: Endorser, *, by: Member | None) -> list[Source]:
    """Watch every handle of `endorser` that its network shows to an app. Those watched already stay as they are."""
    made = []
    for slug, handle in endorser.handles.items():
        if registry.known(slug) and isinstance(registry.get(slug), Watches) and handle:
            source, is_new = Source.objects.get_or_create(
                endorser=endorser,
                kind=Source.Kind.API,
                network=slug,
                handle=handle,
                address="",
                defaults={"added_by": by, "due_at": timezone.now()},
            )
            made += [source] if is_new else []
    if made:
        told = [f"{source.network}:{source.handle}" for source in made]
        record(endorser.workspace_id, by=by, verb="watches", thing=f"endorser:{endorser.pk}", sources=told)
    return made


def watch_feed(endorser: Endorser, address: str, *, by: Member) -> Source:
    """Watch a feed in which `endorser` publishes. Safe to call twice."""
    source, is_new = Source.objects.get_or_create(
        endorser=endorser,
        kind=Source.Kind.FEED,
        network="",
        handle="",
        address=address,
        defaults={"added_by": by, "due_at": timezone.now()},
    )
    if is_new:
        record(source.workspace_id, by=by, verb="watches", thing=f"endorser:{endorser.pk}", sources=[address])
    return source


def pause_source(source: Source, *, paused: bool, by: Member) -> Source:
    """Stop looking there, or look again from now on."""
    source.due_at = None if paused else timezone.now()
    source.failures, source.trouble = 0, ""
    source.save(update_fields=["due_at", "failures", "trouble"])
    record(
        source.workspace_id,
        by=by,
        verb="stopped watching" if paused else "watches again",
        thing=f"source:{source.pk}",
        where=str(source),
    )
    return source


def claim(source_id: int, now: datetime) -> Source | None:
    """Take the source for one look, so that no other worker looks at the same time; None when it is not its turn."""
    turn = Source.objects.filter(pk=source_id, due_at__lte=now)
    if not turn.update(due_at=now + pace.LEASE):
        return None
    return Source.objects.select_related("endorser").get(pk=source_id)


def looked(source: Source, *, newest_at: datetime | None, etag: str = "", modified: str = "") -> None:
    """A look that worked: remember how far it went, and when to look next."""
    now = timezone.now()
    every = pace.FEED_EVERY if source.kind == Source.Kind.FEED else pace.EVERY
    newest = max(filter(None, [source.newest_at, newest_at]), default=None)
    told = {"failures": 0, "trouble": "", "looked_at": now, "newest_at": newest}
    told |= {"etag": etag or source.etag, "modified": modified or source.modified, "uid": source.uid}
    Source.objects.filter(pk=source.pk).update(**told)
    _again(source, now + every)


def failed(source: Source, *, trouble: str, asked: timedelta | None, url: str) -> None:
    """A look that did not work: wait ever longer, and tell people once it goes on. `url`: the page of the sources."""
    failures = source.failures + 1
    every = pace.FEED_EVERY if source.kind == Source.Kind.FEED else pace.EVERY
    Source.objects.filter(pk=source.pk).update(failures=failures, trouble=trouble[:300])
    _again(source, timezone.now() + pace.after_failure(failures, every=every, asked=asked))
    touch(source.workspace_id, TOPIC)
    if failures == pace.TROUBLED_AFTER:
        members = Member.objects.filter(role__in=PERMISSIONS["watch_endorsers"]).select_related("user")
        key = f"{DOWN.slug}:{source.pk}:{source.looked_at or ''}"
        notify(members, note=DOWN, key=key, url=url, name=source.endorser.name, where=str(source), trouble=trouble)


def _again(source: Source, due_at: datetime) -> None:
    """Unless somebody paused it meanwhile."""
    Source.objects.filter(pk=source.pk, due_at__isnull=False).update(due_at=due_at)
