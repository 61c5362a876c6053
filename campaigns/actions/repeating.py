"""Series: begun, made ahead by the clock, changed for one, for all from a day on or for all, and ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.actions.approving import submit
from campaigns.actions.placing import cancel, schedule
from campaigns.actions.writing import duplicate
from campaigns.models import Occurrence, Post, Series, SeriesPost
from campaigns.protocol import NotPossible, NotReady
from campaigns.queries import told
from campaigns.queries.room import free_slots
from campaigns.queries.turns import turns_of
from campaigns.rules import wall_time
from campaigns.rules.recurring import next_in_turn
from workspaces.actions import notify, record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.protocol import Note
from workspaces.queries import members_who_may

HORIZON = timedelta(days=28)
LOOK_EVERY = timedelta(hours=1)
MADE, STOPPED, SKIPPED = Occurrence.State.MADE, Occurrence.State.STOPPED, Occurrence.State.SKIPPED
STOOD = Note(
    slug="occurrence-stopped",
    title=gettext_lazy("“%(series)s” could not plan its post of %(day)s"),
    body=gettext_lazy("%(reason)s It waits as a draft."),
    action=gettext_lazy("Mend the draft"),
    about=gettext_lazy("A recurring post could not be planned"),
)


@transaction.atomic
def begin_series(series: Series, posts: Iterable[Post], *, by: Member) -> Series:
    """Repeat `posts` (drafts; each becomes a model and is itself never sent). The clock makes what is due ahead."""
    series.workspace_id, series.by = by.workspace_id, by
    series.look_at = timezone.now()
    series.save()
    for order, post in enumerate(posts):
        _take_as_model(series, post, order)
    record(by.workspace_id, by=by, verb="began series", thing=f"series:{series.pk}", name=series.name)
    touch(by.workspace_id, "calendar")
    return series


def _take_as_model(series: Series, post: Post, order: int) -> None:
    if post.stage not in (Post.Stage.DRAFT, Post.Stage.IDEA):
        raise NotPossible(_("Only a draft can be repeated. Copy the post first."))
    Post.objects.filter(pk=post.pk).update(stage=Post.Stage.MODEL, local_at=None, zone="", due_at=None, queued=False)
    SeriesPost.objects.create(series=series, post=post, order=order)


def make_ahead(series: Series, *, now: datetime) -> list[Occurrence]:
    """Every occurrence within the horizon that is not there yet, each through the gate. Safe to call at any time."""
    if series.state != Series.State.ACTIVE:
        return []
    until = wall_time(now + HORIZON, series.zone).date()
    today = wall_time(now, series.zone).date()
    if series.kind == Series.Kind.EVERGREEN:
        made = _make_rotation(series, now)
    else:
        made = _make_recurring(series, max(today, series.starts_on), until, now)
    ended = series.ends_on is not None and series.ends_on <= until and not series.count
    Series.objects.filter(pk=series.pk).update(
        made_until=until, look_at=None if ended and series.ends_on and series.ends_on < today else now + LOOK_EVERY
    )
    return made


def _make_recurring(series: Series, first: date, last: date, now: datetime) -> list[Occurrence]:
    there = set(Occurrence.objects.filter(series=series, day__gte=first).values_list("day", flat=True))
    model = Post.objects.filter(in_series__series=series).first()
    made = []
    for day in series.rule.days(first, last):
        at = series.rule.moment(day)
        if model is not None and day not in there and at > now:
            made.append(_make(series, model, day, wall_time(at, series.zone)))
    return [one for one in made if one is not None]


def _make_rotation(series: Series, now: datetime) -> list[Occurrence]:
    """The next post in turn for each free slot, one a day, while one is ripe."""
    posts = [one.post for one in series.models.select_related("post")]
    accounts = {v.account_id: v.account for post in posts for v in told(post.pk).variants.all()}
    last = wall_time(now + HORIZON, series.zone).date()
    there = set(Occurrence.objects.filter(series=series).values_list("day", flat=True))
    made: list[Occurrence] = []
    turns = turns_of(series, posts)
    for opening in free_slots(list(accounts.values()), after=now + timedelta(minutes=10), many=200):
        local = wall_time(opening.at, series.zone)
        day = local.date()
        if day in there or not series.starts_on <= day <= min(last, series.ends_on or last):
            continue
        chosen = next_in_turn(turns, opening.at, timedelta(days=series.gap_days))
        if chosen is None:
            continue
        turns = [replace(one, last=opening.at) if one.post_id == chosen else one for one in turns]
        there.add(day)
        one = _make(series, next(post for post in posts if post.pk == chosen), day, local)
        made += [one] if one else []
    why = "" if made or there else _("No slot is free, or every post was repeated too recently.")
    Series.objects.filter(pk=series.pk).update(reason=why)
    return made


def _make(series: Series, model: Post, day: date, local: datetime) -> Occurrence | None:
    """One occurrence: a copy of the model, scheduled; None when somebody else made it, or its channels are gone."""
    with transaction.atomic():
        one, new = Occurrence.objects.get_or_create(series=series, day=day, defaults={"model": model})
        if not new:
            return None
        by = series.by
        post = duplicate(told(model.pk), by=by) if by else None
        if post is None:
            one.state, one.reason = STOPPED, _("Whoever began the series is no longer here.")
        else:
            Post.objects.filter(pk=post.pk).update(queued=series.kind == Series.Kind.EVERGREEN)
            one.post = post
        one.save(update_fields=["post", "state", "reason"])
    if post is not None and by is not None:
        _plan(one, series, told(post.pk), local, by)
    return one


def _plan(one: Occurrence, series: Series, post: Post, local: datetime, by: Member) -> None:
    try:
        if post.workspace.requires_approval:
            post.zone = series.zone
            submit(post, at=local, by=by)
        else:
            schedule(post, at=local, zone=series.zone, by=by)
    except NotReady as refusal:
        reason = "; ".join(o.reason for o in refusal.obstacles)[:500]
        Occurrence.objects.filter(pk=one.pk).update(state=STOPPED, reason=reason)
        one.state, one.reason = STOPPED, reason
        _tell(one, series, post, reason)


def _tell(one: Occurrence, series: Series, post: Post, reason: str) -> None:
    notify(
        members_who_may("schedule"),
        note=STOOD,
        key=f"occurrence:{one.pk}",
        url=reverse("campaigns:edit", args=[series.workspace.slug, post.pk]),
        series=series.name,
        day=date_format(one.day, "SHORT_DATE_FORMAT"),
        reason=reason,
    )


def leave_out(series: Series, day: date, *, by: Member) -> Occurrence:
    """Not on this day: what was planned for it is called back. Raises NotPossible once it is going out."""
    with transaction.atomic():
        one, _new = Occurrence.objects.get_or_create(series=series, day=day, defaults={"state": SKIPPED})
        if one.post is not None:
            _drop(told(one.post.pk), by=by)
        one.state, one.reason, one.post = SKIPPED, "", None
        one.save(update_fields=["state", "reason", "post"])
        _keep_skips(series, {*series.skips, day.isoformat()})
        record(series.workspace_id, by=by, verb="left out", thing=f"series:{series.pk}", day=day)
    return one


def take_in(series: Series, day: date, *, by: Member) -> None:
    """On this day after all; the clock plans it anew."""
    with transaction.atomic():
        Occurrence.objects.filter(series=series, day=day, state__in=[SKIPPED, STOPPED], post__isnull=True).delete()
        _keep_skips(series, set(series.skips) - {day.isoformat()})
        record(series.workspace_id, by=by, verb="took in", thing=f"series:{series.pk}", day=day)
    _look_again(series)


@transaction.atomic
def change_all(series: Series, *, by: Member, **changes: Any) -> Series:
    """Change the rule for every occurrence to come (Any: field values); those that somebody changed stay as they are.

    What was planned by the old rule is called back, and planned anew by the clock.
    """
    for field, value in changes.items():
        setattr(series, field, value)
    series.save(update_fields=list(changes))
    _withdraw(series, from_day=date.min, by=by)
    record(series.workspace_id, by=by, verb="changed series", thing=f"series:{series.pk}", fields=sorted(changes))
    _look_again(series)
    return series


@transaction.atomic
def change_from(series: Series, day: date, *, by: Member, **changes: Any) -> Series:
    """Another rule from `day` on: this series ends the day before, and a new one goes on. Answers the new one."""
    models = [one.post for one in series.models.select_related("post")]
    fresh = Series.objects.get(pk=series.pk)
    fresh.pk, fresh.made_until, fresh.starts_on = None, None, day
    if series.count:
        fresh.count = max(1, series.count - len(list(series.rule.days(series.starts_on, day - timedelta(days=1)))))
    fresh._state.adding = True
    for field, value in changes.items():
        setattr(fresh, field, value)
    copies = []
    for post in models:
        copies.append(duplicate(told(post.pk), by=by))
    begun = begin_series(fresh, copies, by=by)
    _withdraw(series, from_day=day, by=by)
    if day <= series.starts_on:
        end_series(series, by=by)
    else:
        series.ends_on = day - timedelta(days=1)
        series.save(update_fields=["ends_on"])
    return begun


@transaction.atomic
def renew_models(series: Series, *, by: Member) -> None:
    """The models' words have changed: what is planned and was not changed by hand is planned anew with them."""
    _withdraw(series, from_day=date.min, by=by)
    _look_again(series)


@transaction.atomic
def pause_series(series: Series, *, paused: bool, by: Member) -> Series:
    """Make nothing more until it runs again; what is planned already stays."""
    series.state = Series.State.PAUSED if paused else Series.State.ACTIVE
    series.save(update_fields=["state"])
    record(
        series.workspace_id,
        by=by,
        verb="paused series" if paused else "resumed series",
        thing=f"series:{series.pk}",
    )
    _look_again(series)
    return series


@transaction.atomic
def end_series(series: Series, *, by: Member) -> Series:
    """No more of it: what is planned and not changed by hand is called back. What went out stays."""
    series.state, series.look_at = Series.State.ENDED, None
    series.save(update_fields=["state", "look_at"])
    _withdraw(series, from_day=date.min, by=by)
    record(series.workspace_id, by=by, verb="ended series", thing=f"series:{series.pk}")
    return series


def was_edited(post: Post) -> None:
    """Somebody changed this one occurrence: from now on the series leaves it alone."""
    Occurrence.objects.filter(post=post).update(edited=True)


def _withdraw(series: Series, *, from_day: date, by: Member) -> None:
    """Take back what is planned from `from_day` on and neither went out nor was changed by hand."""
    today = wall_time(timezone.now(), series.zone).date()
    coming = Occurrence.objects.filter(series=series, day__gte=max(from_day, today), edited=False)
    for one in coming.exclude(state=SKIPPED).select_related("post"):
        if one.post is None or _drop(told(one.post.pk), by=by):
            one.delete()


def _drop(post: Post, *, by: Member) -> bool:
    """Call a planned post back and forget it; False when it has gone out."""
    if not post.is_open:
        return False
    if post.variants.filter(publication__isnull=False).exists():
        cancel(post, by=by)
        Post.objects.filter(pk=post.pk).update(stage=Post.Stage.DRAFT, local_at=None, zone="", due_at=None)
        _forget(post)
    else:
        post.delete()
    return True


def _forget(post: Post) -> None:
    """The publications stay on record; the draft that nobody wrote by hand goes."""
    post.variants.all().delete()
    post.delete()


def _keep_skips(series: Series, days: Sequence[str] | set[str]) -> None:
    series.skips = sorted(days)
    series.save(update_fields=["skips"])


def _look_again(series: Series) -> None:
    series.look_at = timezone.now() if series.state == Series.State.ACTIVE else None
    series.save(update_fields=["look_at"])
    touch(series.workspace_id, "calendar")
