"""What a watched feed brings becomes ideas, drafts or scheduled posts: once each, never a flood, undone by a press.

item waits -> room left today? -> taken -> a post in the recipe's words -> the gate, like any other post
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions import placing, queueing, writing
from campaigns.models import FeedPost, Post, Recipe
from campaigns.protocol import Draft, NotPossible, NotReady, Version
from campaigns.queries import told
from campaigns.queries.recipes import likenesses, made_today
from campaigns.rules import wall_time
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from smo.actions import incoming
from smo.models import Item, Source
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

Into = Recipe.Into
AHEAD = 200  # days that a spread looks ahead for a free one


def keep_recipe(source: Source, *, by: Member, **given: Any) -> Recipe:  # Any: the model's field values
    """What becomes of `source` from now on, written in the name of `by`."""
    recipe, _made = Recipe.objects.update_or_create(source=source, defaults={**given, "by": by})
    told_of = {name: given[name] for name in ("into", "is_on", "a_day") if name in given}
    record(source.workspace_id, by=by, verb="changed what becomes of a feed", thing=f"source:{source.pk}", **told_of)
    touch(source.workspace_id, incoming.TOPIC)
    return recipe


def take_in(recipe_id: int, *, now: datetime) -> list[FeedPost]:
    """Make something of what waits, as much as today still takes. Inside `entered`; safe to call at any time."""
    mine = Recipe.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=recipe_id, is_on=True)
    recipe = mine.select_related("source", "workspace", "by__user").first()
    if recipe is None or recipe.by is None or not recipe.by.may("write_posts"):
        return []
    room = recipe.a_day - made_today(recipe, recipe.workspace.zone, now)
    waiting = Item.objects.filter(source=recipe.source).waiting()[: max(0, room)]
    made = [make(recipe, item, by=recipe.by, now=now) for item in waiting]
    return [one for one in made if one is not None]


def make(recipe: Recipe, item: Item, *, by: Member, now: datetime) -> FeedPost | None:
    """One post of one item; None when it was taken already. What the gate stops stays a draft, with the reason."""
    with transaction.atomic():
        if not incoming.take(item):
            return None
        FeedPost.objects.filter(item=item, undone_at__isnull=False).delete()  # a person wants it after all
        post = writing.draft(_draft(recipe, item), by=by)
        kept: FeedPost = FeedPost.objects.create(recipe=recipe, item=item, post=post, made_at=now)
        record(by.workspace_id, by=None, verb="made of a feed", thing=f"post:{post.pk}", item=item.pk, url=item.url)
    if recipe.into in (Into.QUEUE, Into.SPREAD):
        kept.reason = _scheduled(recipe, post, by=by, now=now)
        kept.save(update_fields=["reason"])
    touch(recipe.workspace_id, incoming.TOPIC)
    return kept


def _draft(recipe: Recipe, item: Item) -> Draft:
    shown = likenesses(recipe, item)
    shared = max((one.text for one in shown), key=len, default="") or f"{item.title}\n\n{item.url}".strip()
    language = item.language.lower().replace("_", "-").partition("-")[0]
    return Draft(
        text=shared,
        title=item.title,
        language=language if language.isalpha() and len(language) in (2, 3) else "",
        campaign_id=recipe.campaign_id,
        versions=tuple(
            Version(one.account.pk, own_text=None if one.text == shared else one.text, own_title=one.title or None)
            for one in shown
        ),
        idea=recipe.into == Into.IDEA,
        track_links=True,  # how many the feed brought is what it is watched for
    )


def _scheduled(recipe: Recipe, post: Post, *, by: Member, now: datetime) -> str:
    """Hand it to the gate; why it stayed a draft, or nothing."""
    if not by.may("schedule"):
        return _("Whoever set this up may not schedule any more.")
    try:
        with transaction.atomic():
            if recipe.into == Into.QUEUE:
                placed = queueing.add_to_queue(post, by=by)
            else:
                zone = recipe.workspace.zone
                placed = placing.schedule(post, at=_next_day(recipe, zone, now), zone=zone, by=by)
    except NotReady as refusal:
        return "; ".join(f"{o.account}: {o.reason}" if o.account else o.reason for o in refusal.obstacles)[:500]
    except (NotPossible, TooLate, Overtaken) as refusal:
        return str(refusal)[:500]
    return _("An officer must look at it first.") if placed.stage == Post.Stage.IN_REVIEW else ""


def _next_day(recipe: Recipe, zone: str, now: datetime) -> datetime:
    """The wall time of the next day that this recipe has nothing on, so many days after the last."""
    local = wall_time(now, zone)
    planned = FeedPost.objects.filter(recipe=recipe, post__due_at__gte=now, undone_at__isnull=True)
    last = planned.order_by("-post__due_at").values_list("post__local_at", flat=True).first()
    at = datetime.combine(local.date(), recipe.at)
    if last is not None:
        at = datetime.combine(last.date() + timedelta(days=recipe.every_days), recipe.at)
    return at if at > local + timedelta(minutes=2) else at + timedelta(days=1)


def undo(made: Iterable[FeedPost], *, by: Member) -> tuple[int, int]:
    """Take back what was made, for good: (how many are gone, how many stay because they are live)."""
    gone = stay = 0
    for one in made:
        post = told(one.post_id) if one.post_id else None
        if post is not None and not post.is_open:
            stay += 1
            continue
        with transaction.atomic():
            if post is not None:
                placing.cancel(post, by=by)
                post.delete()
            FeedPost.objects.filter(pk=one.pk).update(undone_at=timezone.now(), post=None)
            incoming.leave([one.item], by=by)
        gone += 1
    touch(by.workspace_id, "calendar")
    record(by.workspace_id, by=by, verb="undid what a feed made", thing=f"workspace:{by.workspace_id}", posts=gone)
    return gone, stay
