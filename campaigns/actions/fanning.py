"""Telling the other channels about an article: begun with it, planned once it has an address, undone with one press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.actions import placing, writing
from campaigns.actions.approving import submit
from campaigns.models import FanOut, FanTurn, Post, Variant
from campaigns.protocol import Draft, NotPossible, NotReady, Version
from campaigns.queries import told
from campaigns.rules import wall_time
from campaigns.rules.fanning import LONGEST, days, excerpt, filled, unknown_fields
from networks.models import Account
from publishing.models import Publication
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from workspaces.actions import notify, record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.protocol import Note
from workspaces.queries import members_who_may

LOOK_EVERY = timedelta(minutes=1)  # while it waits for the address
CARE_EVERY = timedelta(hours=1)  # afterwards: an article that is gone takes with it what was to tell of it
MOST = 20
P = Publication.State
S = FanOut.State
STOOD = Note(
    slug="fan-out-stopped",
    title=gettext_lazy("“%(post)s”: %(many)s of its status updates could not be planned"),
    body=gettext_lazy("%(reason)s They wait as drafts."),
    action=gettext_lazy("Look at them"),
    about=gettext_lazy("A status update about an article could not be planned"),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One status update as a person asks for it: on which account, in which words."""

    account: Account
    template: str


@transaction.atomic
def fan_out(
    variant: Variant, turns: Sequence[Turn], *, at: time, gap_days: int, first_days: int = 0, by: Member
) -> FanOut:
    """Tell the accounts of `turns`, one after the other, about the article that `variant` is or will be.

    Nothing is planned before it has an address that readers can open. Raises NotPossible.
    """
    _check(variant, turns)
    post = variant.post
    if FanOut.objects.filter(post=post).exclude(state=S.UNDONE).exists():
        raise NotPossible(_("The other channels are told about it already. Undo that first."))
    made: FanOut = FanOut.objects.create(
        workspace_id=by.workspace_id,
        post=post,
        variant=variant,
        by=by,
        at=at,
        zone=post.zone or post.workspace.zone,
        first_days=first_days,
        gap_days=gap_days,
        look_at=timezone.now(),
    )
    FanTurn.objects.bulk_create(
        FanTurn(workspace_id=by.workspace_id, fan_out=made, account=turn.account, order=order, template=turn.template)
        for order, turn in enumerate(turns)
    )
    record(by.workspace_id, by=by, verb="fanned out", thing=f"post:{post.pk}", channels=[t.account.name for t in turns])
    return made


def _check(variant: Variant, turns: Sequence[Turn]) -> None:
    if not turns:
        raise NotPossible(_("Choose at least one channel."))
    if len(turns) > MOST:
        raise NotPossible(_("That is more than one article can bear."))
    for turn in turns:
        if turn.account.pk == variant.account_id:
            raise NotPossible(_("%(name)s has the article itself.") % {"name": turn.account.name})
        if not turn.template.strip() or len(turn.template) > LONGEST:
            raise NotPossible(_("Write what %(name)s says.") % {"name": turn.account.name})
        if unknown := unknown_fields(turn.template):
            raise NotPossible(_("Nothing is called {%(name)s}.") % {"name": unknown[0]})


def look(fan: FanOut, *, now: datetime) -> FanOut:
    """What the clock does: plan it once the article is live; call it back when the article is gone. Safe to repeat."""
    if fan.state == S.UNDONE:
        fan.look_at = None
    elif fan.variant is None:
        _end(fan, _("The article was taken off its channel."))
    elif fan.state == S.WAITING:
        _wait_or_plan(fan, fan.variant, now)
    else:
        _care(fan, fan.variant, now)
    fan.save(update_fields=["state", "link", "look_at", "reason"])
    return fan


def _wait_or_plan(fan: FanOut, variant: Variant, now: datetime) -> None:
    publication = variant.publication
    if publication is not None and publication.state == P.PUBLISHED and publication.url:
        fan.link, fan.state, fan.reason = publication.url, S.PLANNED, ""
        fan.look_at = now + CARE_EVERY
        _plan(fan, publication.published_at or now, now)
        return
    is_live = publication is not None and publication.state == P.PUBLISHED
    fan.reason = _("The article is there, but not where readers find it.") if is_live else ""
    due = publication.due_at if publication is not None and publication.state == P.SCHEDULED else now
    fan.look_at = max(now + LOOK_EVERY, due)


def _plan(fan: FanOut, published_at: datetime, now: datetime) -> None:
    """Each status update as a post of its own, through the one gate; what the gate stops is a draft with the reason."""
    turns = list(fan.turns.select_related("account"))
    whens = days(
        wall_time(published_at, fan.zone),
        fan.at,
        first=fan.first_days,
        gap=fan.gap_days,
        many=len(turns),
        now=wall_time(now, fan.zone),
    )
    for turn, when in zip(turns, whens, strict=True):
        if turn.post_id is None and fan.by is not None:
            _place(fan, turn, when, by=fan.by)
    stopped = [turn for turn in turns if turn.reason]
    if fan.by is None:
        fan.reason = _("Whoever began it is no longer here.")
    elif stopped:
        _tell(fan, stopped)
    touch(fan.workspace_id, "calendar")
    record(fan.workspace_id, by=None, verb="planned fan-out", thing=f"post:{fan.post_id}", planned=len(turns))


def _place(fan: FanOut, turn: FanTurn, when: datetime, *, by: Member) -> None:
    post = writing.draft(_draft(fan, turn, when), by=by)
    turn.post = post
    try:
        with transaction.atomic():
            if post.workspace.requires_approval:
                submit(post, at=when, zone=fan.zone, by=by)
            else:
                placing.schedule(post, at=when, zone=fan.zone, by=by)
    except NotReady as refusal:
        turn.reason = "; ".join(obstacle.reason for obstacle in refusal.obstacles)[:500]
    turn.save(update_fields=["post", "reason"])


def _draft(fan: FanOut, turn: FanTurn, when: datetime) -> Draft:
    """The status update as a draft. Its address stands in the words only where the words ask for it."""
    article: Post = fan.post
    own_title = (fan.variant.own_title if fan.variant else "") or article.title
    words = (fan.variant.own_text if fan.variant else "") or article.text
    facts = {"title": own_title, "excerpt": excerpt(words), "link": fan.link}
    return Draft(
        text=filled(turn.template, facts),
        title="",
        link="" if "{link}" in turn.template else fan.link,
        language=article.language,
        campaign_id=article.campaign_id,
        endorser_id=article.endorser_id,
        local_at=when,
        zone=fan.zone,
        versions=(Version(account_id=turn.account_id),),
    )


def _tell(fan: FanOut, stopped: Sequence[FanTurn]) -> None:
    notify(
        members_who_may("schedule"),
        note=STOOD,
        key=f"fan-out:{fan.pk}",
        url=reverse("campaigns:fan_out", args=[fan.post.workspace.slug, fan.post_id]),
        post=str(fan.post),
        many=str(len(stopped)),
        reason=f"{stopped[0].account.name}: {stopped[0].reason}",
    )


def _care(fan: FanOut, variant: Variant, now: datetime) -> None:
    """While some of it is still to come, nobody is sent to an article that is no longer there."""
    publication = variant.publication
    if publication is not None and publication.state == P.DELETED_REMOTE:
        _end(fan, _("The article was taken away, so nothing more is said about it."))
        return
    open_still = Publication.objects.filter(
        variant__post__fan_turn__fan_out=fan, state__in=[P.SCHEDULED, P.AWAITING_APPROVAL, P.HELD]
    )
    fan.look_at = now + CARE_EVERY if open_still.exists() else None


def _end(fan: FanOut, reason: str) -> None:
    _call_back(fan, by=fan.by)
    fan.state, fan.reason, fan.look_at = S.UNDONE, reason, None


@transaction.atomic
def undo(fan: FanOut, *, by: Member) -> int:
    """Call back whatever has not gone out, and plan nothing more; how many are live already. One press.

    Raises NotPossible the second time.
    """
    if not FanOut.objects.filter(pk=fan.pk).exclude(state=S.UNDONE).update(state=S.UNDONE, look_at=None, reason=""):
        raise NotPossible(_("It was undone already."))
    live = _call_back(fan, by=by)
    touch(fan.workspace_id, "calendar")
    record(fan.workspace_id, by=by, verb="undid fan-out", thing=f"post:{fan.post_id}", live=live)
    return live


def _call_back(fan: FanOut, *, by: Member | None) -> int:
    """Each status update that has not gone out becomes an untimed draft; how many have."""
    live = 0
    for turn in fan.turns.exclude(post=None).select_related("post"):
        assert turn.post is not None  # the query says so
        post = told(turn.post.pk)
        try:
            with transaction.atomic():
                if not post.is_open or by is None:
                    raise NotPossible
                if post.variants.filter(publication__isnull=False).exists() or post.stage != Post.Stage.DRAFT:
                    placing.cancel(post, by=by)
                Post.objects.filter(pk=post.pk).update(
                    stage=Post.Stage.DRAFT, local_at=None, zone="", due_at=None, queued=False
                )
        except (NotPossible, TooLate, Overtaken):
            live += 1
    return live
