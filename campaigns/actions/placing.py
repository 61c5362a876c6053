"""Placing: a post is handed over for a time, moved, sent at once or called back: all its channels or none."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.actions.linking import comment_sealed, sealed_of, thread_sealed
from campaigns.actions.reviewing import ask_officer, needs_officer, stop_asking
from campaigns.models import Post, Variant
from campaigns.protocol import NotPossible, NotReady, Obstacle
from campaigns.queries import around_of, brands_of, lot_of, told, wants_approval
from campaigns.queries.linking import Linked
from campaigns.queries.room import Full, fullness, local_of
from campaigns.rules import as_kept, due_at, is_web_address, wall_time
from networks import registry
from networks.protocol import Content, Target, TargetKind
from publishing import actions as post_office
from publishing.models import WAITING, Publication
from publishing.protocol import NeedsReview, Stopped
from publishing.queries import reasons_of
from publishing.rules import FROZEN
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member, Workspace

P = Publication.State
OPEN = frozenset({*WAITING, P.REFUSED, P.MISSED})


def schedule(post: Post, *, at: datetime, by: Member | None, zone: str = "", approved: bool = False) -> Post:
    """Hand every channel's version to the post office for the wall time `at` (naive) in `zone`: all of them or none.

    Raises NotReady with what must be mended, channel by channel. What only an officer may decide is put before one,
    and goes out by itself once approved. `approved`: the caller has just checked the approval.
    """
    workspace: Workspace = post.workspace
    zone = zone or post.zone or workspace.zone
    _check(post, workspace, due_at(at, zone), approved=approved)
    post.local_at, post.zone, post.due_at = at, zone, due_at(at, zone)
    reviews = _place(post, by=by)
    post.stage = Post.Stage.IN_REVIEW if reviews else Post.Stage.PLACED
    post.save(update_fields=["local_at", "zone", "due_at", "stage", "changed_at"])
    for variant in reviews:
        ask_officer(variant, by=by)
    touch(post.workspace_id, "calendar")
    record(
        post.workspace_id, by=by, verb="scheduled", thing=f"post:{post.pk}", due_at=post.due_at, in_review=bool(reviews)
    )
    return told(post.pk)


def publish_now(post: Post, *, by: Member) -> Post:
    """Hand it over for this minute. Raises NotReady like `schedule`."""
    zone = post.zone or post.workspace.zone
    return schedule(post, at=wall_time(timezone.now(), zone), zone=zone, by=by)


def move(post: Post, *, at: datetime, by: Member | None, zone: str = "", queued: bool = False) -> Post:
    """Give it another wall time (naive): a placed post in the post office too, a draft only on the calendar.

    `queued`: the queue chose it. Raises NotPossible for a time that is past, a day on which a network takes no more,
    or a post that is already going out.
    """
    zone = zone or post.zone or post.workspace.zone
    when = due_at(at, zone)
    if when <= timezone.now():
        raise NotPossible(_("That time is past."))
    if not post.is_open:
        raise NotPossible(_("It is already going out and stays where it is."))
    if post.stage == Post.Stage.PLACED and (full := fullness(post.variants.all(), when)):
        raise NotPossible(" ".join(too_full(one, zone).reason for one in full))
    before = post.due_at
    post.local_at, post.zone, post.due_at, post.queued = at, zone, when, queued
    post.save(update_fields=["local_at", "zone", "due_at", "queued", "changed_at"])
    for publication in _publications(post, OPEN - {P.REFUSED}):
        post_office.reschedule(publication, due_at=when, local_at=as_kept(at), zone=zone, by=by)
        _move_what_follows(publication, post, by=by)
    touch(post.workspace_id, "calendar")
    record(post.workspace_id, by=by, verb="moved", thing=f"post:{post.pk}", before=before, after=when)
    return told(post.pk)


def take_off(post: Post, *, by: Member) -> Post:
    """Take a draft's time away: it lies in the tray again. Raises NotPossible for a placed post."""
    if post.stage == Post.Stage.PLACED:
        raise NotPossible(_("It is scheduled. Cancel it first."))
    post.local_at, post.zone, post.due_at, post.queued = None, "", None, False
    post.save(update_fields=["local_at", "zone", "due_at", "queued", "changed_at"])
    touch(post.workspace_id, "calendar")
    record(post.workspace_id, by=by, verb="took off", thing=f"post:{post.pk}")
    return told(post.pk)


def cancel(post: Post, *, by: Member) -> Post:
    """Call back what has not been sent; the post is a draft again. What is live stays live."""
    for publication in _publications(post, OPEN):
        post_office.cancel(publication, by=by)
    stop_asking(post)
    if not Variant.objects.filter(
        post=post, publication__state__in=[P.PUBLISHED, P.PUBLISHING, P.RECONCILING]
    ).exists():
        post.stage = Post.Stage.DRAFT
        post.save(update_fields=["stage", "changed_at"])
    touch(post.workspace_id, "calendar")
    record(post.workspace_id, by=by, verb="cancelled", thing=f"post:{post.pk}")
    return told(post.pk)


def reseal(post: Post, *, by: Member) -> Post:
    """After an edit: the post office gets the new words, and every clearance they lost is asked for anew.

    What customs stop is held with the reason; a post that now needs approval is called back and waits for it.
    """
    if post.stage in {Post.Stage.IN_REVIEW, Post.Stage.LATE}:
        stop_asking(post)
        post.stage = Post.Stage.DRAFT
        post.save(update_fields=["stage", "changed_at"])
        return told(post.pk)
    if post.stage != Post.Stage.PLACED:
        return post
    if wants_approval(post.workspace, post):
        cancel(post, by=by)
        Post.objects.filter(pk=post.pk).update(stage=Post.Stage.AWAITING_APPROVAL)
        return told(post.pk)
    for variant in post.variants.all():
        if variant.publication is None or variant.publication.state == P.CANCELLED:
            _add(variant, by=by)
        elif variant.publication.state in OPEN:
            _reseal_one(variant, variant.publication, by=by)
    return _let_officer_see(told(post.pk), by=by)


def _let_officer_see(post: Post, *, by: Member) -> Post:
    """What the new words' verdict leaves to an officer is called back and put before one."""
    doubtful = [
        v
        for v in post.variants.all()
        if v.publication and v.publication.held_for == Publication.Hold.CUSTOMS and needs_officer(v.publication.verdict)
    ]
    if not doubtful:
        return post
    for publication in _publications(post, OPEN):
        post_office.cancel(publication, by=by)
    Post.objects.filter(pk=post.pk).update(stage=Post.Stage.IN_REVIEW)
    for variant in doubtful:
        ask_officer(variant, by=by)
    return told(post.pk)


def _check(post: Post, workspace: Workspace, when: datetime, *, approved: bool) -> None:
    obstacles = []
    if not post.variants.all():
        obstacles.append(Obstacle("accounts", _("Choose at least one channel.")))
    if when < timezone.now().replace(second=0, microsecond=0):
        obstacles.append(Obstacle("time", _("That time is past. Choose a later one.")))
    if post.link and not is_web_address(post.link):
        obstacles.append(Obstacle("link", _("The link is no web address.")))
    obstacles += [too_full(full, post.zone or workspace.zone) for full in fullness(post.variants.all(), when)]
    if not approved and wants_approval(workspace, post):
        obstacles.append(Obstacle("approval", _("Somebody else must approve it first.")))
    if obstacles:
        raise NotReady(obstacles)


def too_full(full: Full, zone: str) -> Obstacle:
    """What a person is told when a network takes no more that day, and when it does again."""
    local = local_of(full.next_free, zone) if full.next_free else None
    said = _("%(network)s takes %(posts)d posts a day from this account, and %(planned)d are planned around then.") % {
        "network": registry.get(full.account.network).name,
        "posts": full.posts,
        "planned": full.planned,
    }
    if local is not None:
        said += " " + _("The next free time is %(when)s.") % {"when": date_format(local, "D j M, H:i")}
    free = local.isoformat(timespec="minutes") if local else ""
    return Obstacle("time", said, account_id=full.account.pk, account=full.account.name, next_free=free)


def _place(post: Post, *, by: Member | None) -> list[Variant]:
    """Queue all variants; or none, and answer those an officer must see first. Raises NotReady."""
    stopped: list[tuple[Variant, Stopped]] = []
    with transaction.atomic():
        for variant in post.variants.all():
            variant.post = post
            try:
                _hand_over(variant, by=by)
            except Stopped as reason:
                stopped.append((variant, reason))
        transaction.set_rollback(bool(stopped))
    if any(not isinstance(reason, NeedsReview) for _variant, reason in stopped):
        raise NotReady(o for variant, reason in stopped for o in obstacles_of(variant, reason))
    return [variant for variant, _reason in stopped]


def _hand_over(variant: Variant, *, by: Member | None) -> None:
    """One publication for each channel, for good: what was called back is taken up again. Raises Stopped."""
    if variant.publication is not None and variant.publication.state in FROZEN:
        return
    sealed = sealed_of(variant, by=by)
    around = sealed.around(around_of(variant))
    publication = _queue(variant, sealed.content, around=around, there=variant.publication, by=by)
    if variant.publication_id != publication.pk:
        variant.publication = publication
        variant.save(update_fields=["publication"])
    _hand_over_what_follows(variant, publication, by=by)


def _hand_over_what_follows(variant: Variant, publication: Publication, *, by: Member | None) -> None:
    """The thread's parts, each below the one before, and the first comment: children, which leave after their parent.

    What is there already is taken up again; what is not wanted any more is called back.
    """
    _hand_over_comment(variant, publication, by=by)
    parent = publication
    for part in thread_sealed(variant, by=by):
        there = parent.children.exclude(state__in=FROZEN).filter(target_kind=TargetKind.THREAD).first()
        around = part.around({})
        parent = _queue(variant, part.content, around=around, there=there, parent=parent, kind=TargetKind.THREAD, by=by)
    for left in parent.children.filter(state__in=OPEN, target_kind=TargetKind.THREAD):
        post_office.cancel(left, by=by)


def _hand_over_comment(variant: Variant, publication: Publication, *, by: Member | None) -> None:
    comments = publication.children.filter(target_kind=TargetKind.COMMENT)
    comment, there = comment_sealed(variant, by=by), comments.exclude(state__in=FROZEN).first()
    if comment is not None:
        _queue(variant, comment.content, around=comment.around({}), there=there, parent=publication, by=by)
    elif there is not None and there.state in OPEN:
        post_office.cancel(there, by=by)


def _move_what_follows(publication: Publication, post: Post, *, by: Member | None) -> None:
    """Children go where their parent went, the first comment as long after it as before."""
    assert post.due_at is not None  # it was given its time just now
    for child in publication.children.filter(state__in=list(OPEN - {P.REFUSED})):
        at = post.due_at + child.after_parent
        local = as_kept(wall_time(at, post.zone))
        post_office.reschedule(child, due_at=at, local_at=local, zone=post.zone, by=by)
        _move_what_follows(child, post, by=by)


def _queue(
    variant: Variant,
    content: Content,
    *,
    around: dict[str, str],
    there: Publication | None,
    by: Member | None,
    parent: Publication | None = None,
    kind: TargetKind = TargetKind.COMMENT,
) -> Publication:
    """Queue `content` anew, or as the publication that is `there`, at the post's time. Raises Stopped."""
    post, target = variant.post, Target(kind, post_id="") if parent else None
    assert post.due_at is not None  # a post is given its time before it is placed
    setting = post_office.Setting(post.speaks_for, brands_of(post), around, lot_of(post))
    later = timedelta(minutes=post.comment_minutes if parent and kind is TargetKind.COMMENT else 0)
    when = post.due_at + later
    local_at = as_kept(wall_time(when, post.zone) if later else post.local_at)
    if there is None:
        return post_office.enqueue(
            content,
            account=variant.account,
            due_at=when,
            local_at=local_at,
            zone=post.zone,
            after_parent=later,
            endorser=setting.endorser,
            brands=setting.brands,
            around=setting.around,
            parent=parent,
            target=target,
            lot=setting.lot,
            by=by,
        )
    post_office.clear(
        content,
        account=variant.account,
        endorser=setting.endorser,
        kind=target.kind if target else None,
        brands=setting.brands,
        around=setting.around,
    )
    post_office.replace_content(there, content, setting=setting, by=by)
    if there.state != P.SCHEDULED and there.held_for != Publication.Hold.ACCOUNT:
        post_office.release(there, by=by)
    return post_office.reschedule(there, due_at=when, local_at=local_at, zone=post.zone, after_parent=later, by=by)


def _add(variant: Variant, *, by: Member) -> None:
    """A channel added to a placed post goes along if it may; if not, it stays unplaced and the page says so."""
    with suppress(Stopped), transaction.atomic():
        _hand_over(variant, by=by)


def _reseal_one(variant: Variant, publication: Publication, *, by: Member) -> None:
    post = variant.post
    sealed = sealed_of(variant, by=by)
    around = sealed.around(around_of(variant))
    setting = post_office.Setting(post.speaks_for, brands_of(post), around, lot_of(post))
    post_office.replace_content(publication, sealed.content, setting=setting, by=by)
    _reseal_comment(variant, publication, by=by)
    parent: Publication | None = publication
    for part in thread_sealed(variant, by=by):
        parent = parent and _reseal_child(variant, parent, part, TargetKind.THREAD, by=by)
    for left in parent.children.filter(state__in=OPEN, target_kind=TargetKind.THREAD) if parent else ():
        post_office.cancel(left, by=by)


def _reseal_comment(variant: Variant, publication: Publication, *, by: Member) -> None:
    comment = comment_sealed(variant, by=by)
    if comment is not None:
        _reseal_child(variant, publication, comment, TargetKind.COMMENT, by=by)
        return
    for left in publication.children.filter(state__in=OPEN, target_kind=TargetKind.COMMENT):
        post_office.cancel(left, by=by)


def _reseal_child(
    variant: Variant, parent: Publication, part: Linked, kind: TargetKind, *, by: Member
) -> Publication | None:
    """A child that is there gets the new words, and is held when they are stopped; a new one goes along if it may."""
    there: Publication | None = parent.children.filter(state__in=OPEN, target_kind=kind).first()
    if there is not None:
        post = variant.post
        beside = post_office.Setting(post.speaks_for, brands_of(post), part.around({}), lot_of(post))
        return post_office.replace_content(there, part.content, setting=beside, by=by)
    with suppress(Stopped), transaction.atomic():
        around = part.around({})
        return _queue(variant, part.content, around=around, there=None, parent=parent, kind=kind, by=by)
    return None


def _publications(post: Post, states: Iterable[str]) -> list[Publication]:
    found = Variant.objects.filter(post=post, publication__state__in=list(states)).select_related("publication")
    return [variant.publication for variant in found if variant.publication]


def obstacles_of(variant: Variant, stopped: Stopped) -> list[Obstacle]:
    """What the gate said about one channel's version, as obstacles."""
    places = [(misfit.field, "") for misfit in stopped.misfits]
    places += [(str(f.get("part", "text")), str(f["code"])) for f in stopped.findings]
    return [
        Obstacle(field, reason, account_id=variant.account_id, account=variant.account.name, code=code)
        for (field, code), reason in zip(places or [("text", "")], reasons_of(stopped), strict=True)
    ]
