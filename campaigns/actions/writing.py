"""Writing: a draft is begun, saved as it is typed, copied and thrown away, and no tab overwrites another silently."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import F
from django.utils.translation import gettext as _

from campaigns.actions.placing import reseal
from campaigns.models import MediaAsset, Post, PostMedia, Variant
from campaigns.protocol import Draft, NotPossible, Stale
from campaigns.queries import draft_of, told
from campaigns.rules import due_at
from publishing import actions as post_office
from publishing.models import Publication
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member


def draft(given: Draft, *, by: Member) -> Post:
    """A new post, not placed anywhere. Its time, if any, is only a wish until it is scheduled."""
    post = Post(author=by, workspace_id=by.workspace_id, stage=Post.Stage.IDEA if given.idea else Post.Stage.DRAFT)
    _write(post, given)
    post.save()
    _write_versions(post, given, by=by)
    _write_media(post, given)
    touch(by.workspace_id, "calendar")
    record(by.workspace_id, by=by, verb="drafted", thing=f"post:{post.pk}")
    return told(post.pk)


def save(post: Post, given: Draft, *, version: int, by: Member) -> Post:
    """The post as it is written now. Raises Stale when `version` is not the newest, NotPossible once it is live.

    A placed post keeps its time (see `move`), but not its clearance: the new words are screened at once, and what they
    lost is asked for anew.
    """
    if not post.is_open:
        raise NotPossible(_("It is already going out. Copy it to say something else."))
    if not Post.objects.filter(pk=post.pk, version=version).update(version=F("version") + 1):
        newest = told(post.pk)
        if says_the_same(newest, given):  # an answer got lost, or two saves of one tab overlapped
            return newest
        raise Stale(newest.version)
    post.version = version + 1
    placed = post.stage == Post.Stage.PLACED
    _write(post, given, keep_time=placed)
    if post.stage in (Post.Stage.IDEA, Post.Stage.DRAFT):
        post.stage = Post.Stage.IDEA if given.idea else Post.Stage.DRAFT
    post.save()
    _write_versions(post, given, by=by)
    _write_media(post, given)
    touch(by.workspace_id, "calendar")
    return reseal(told(post.pk), by=by)


def says_the_same(post: Post, given: Draft) -> bool:
    """Whether saving `given` would change nothing that a reader sees."""
    there = replace(draft_of(post), local_at=given.local_at, zone=given.zone, idea=given.idea)
    order = {version.account_id: version for version in given.versions}
    mine = {version.account_id: version for version in there.versions}
    return order == mine and replace(given, versions=()) == replace(there, versions=())


def duplicate(post: Post, *, by: Member) -> Post:
    """A draft that says the same, with no time and no history."""
    copy = Post.objects.create(
        author=by,
        campaign_id=post.campaign_id,
        endorser_id=post.endorser_id,
        text=post.text,
        title=post.title,
        link=post.link,
        language=post.language,
        thread=post.thread,
        comment_minutes=post.comment_minutes,
        track_links=post.track_links,
    )
    for variant in post.variants.all():
        Variant.objects.create(
            post=copy,
            account_id=variant.account_id,
            own_text=variant.own_text,
            own_title=variant.own_title,
            own_media=variant.own_media,
            options=variant.options,
            first_comment=variant.first_comment,
        )
    for place in post.post_media.all():
        PostMedia.objects.create(post=copy, asset_id=place.asset_id, order=place.order)
    touch(by.workspace_id, "calendar")
    record(by.workspace_id, by=by, verb="copied", thing=f"post:{copy.pk}", source=post.pk)
    return told(copy.pk)


def delete(post: Post, *, by: Member) -> None:
    """Throw a draft away. Raises NotPossible for a post that was ever handed to the post office."""
    if post.variants.filter(publication__isnull=False).exists():
        raise NotPossible(_("It was scheduled once, so its record stays. Cancel it instead."))
    number = post.pk
    post.delete()
    touch(by.workspace_id, "calendar")
    record(by.workspace_id, by=by, verb="deleted", thing=f"post:{number}")


def _write(post: Post, given: Draft, *, keep_time: bool = False) -> None:
    post.text, post.title, post.link, post.language = given.text, given.title, given.link, given.language
    post.campaign_id, post.endorser_id = given.campaign_id, given.endorser_id
    post.thread, post.comment_minutes = [part for part in given.thread if part.strip()], given.comment_minutes
    post.track_links = given.track_links
    if not keep_time:
        post.local_at, post.zone = given.local_at, given.zone if given.local_at else ""
        post.due_at = due_at(given.local_at, given.zone) if given.local_at else None


def _write_versions(post: Post, given: Draft, *, by: Member) -> None:
    wanted = {version.account_id: version for version in given.versions}
    for dropped in post.variants.exclude(account_id__in=wanted).select_related("publication"):
        if dropped.publication and dropped.publication.state != Publication.State.CANCELLED:
            post_office.cancel(dropped.publication, by=by)
        dropped.delete()
    for account_id, version in wanted.items():
        Variant.objects.update_or_create(
            post=post,
            account_id=account_id,
            defaults={
                "own_text": version.own_text,
                "own_title": version.own_title,
                "own_media": None if version.own_media is None else list(version.own_media),
                "options": dict(version.options),
                "first_comment": version.first_comment,
            },
        )


def _write_media(post: Post, given: Draft) -> None:
    there = set(MediaAsset.objects.filter(pk__in=given.media).values_list("pk", flat=True))
    wanted = [asset_id for asset_id in given.media if asset_id in there]
    if list(post.post_media.values_list("asset_id", flat=True)) == wanted:
        return
    post.post_media.all().delete()
    PostMedia.objects.bulk_create(
        PostMedia(workspace_id=post.workspace_id, post=post, asset_id=asset_id, order=order)
        for order, asset_id in enumerate(wanted)
    )
