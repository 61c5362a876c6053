"""A thread goes out part by part, a comment waits as long as it should, and a failure tells those who can mend it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from campaigns.actions.placing import schedule
from campaigns.queries import told
from campaigns.rules import wall_time
from networks import registry
from networks.protocol import Replies, TargetKind
from publishing.models import Publication
from tests.campaigns.desk import ZONE, written
from tests.publishing.post_office import PostOffice
from workspaces.models import Notice
from workspaces.tenancy import entered

State = Publication.State


def test_a_thread_and_a_late_comment_follow_the_post(office: PostOffice) -> None:
    slug = next(n.slug for n in registry.every() if isinstance(n, Replies) and TargetKind.THREAD in n.answers)
    account = office.account(slug)
    with entered(office.cast.workspace.pk, user_id=office.cast.bob.user_id):
        post = written(office.cast.bob, account, thread=("Bagian kedua.", "Bagian ketiga."), comment_minutes=60)
        post.variants.update(first_comment="Tautannya di sini.")
        at = wall_time(datetime.now(UTC), ZONE).replace(second=0, microsecond=0)
        schedule(told(post.pk), at=at, by=office.cast.bob)
        everything = list(Publication.objects.order_by("pk"))
    comment = next(one for one in everything if one.target_kind == TargetKind.COMMENT)
    parts = [one for one in everything if one.target_kind == TargetKind.THREAD]
    for one in [everything[0], *parts]:
        office.until(one, State.PUBLISHED)
    live = {seen["text"]: seen for seen in office.live(account)}
    assert {"Bagian kedua.", "Bagian ketiga."} <= set(live) and len(live) == 3
    assert parts[1].parent_id == parts[0].pk and parts[0].parent_id == everything[0].pk

    with entered(office.cast.workspace.pk):
        Publication.objects.filter(pk=comment.pk).update(due_at=datetime.now(UTC))  # the hour by the plan is over
    office.turn()
    assert office.now(comment).state == State.SCHEDULED  # but not the hour since the post is live
    with entered(office.cast.workspace.pk):
        earlier = datetime.now(UTC) - timedelta(minutes=61)
        Publication.objects.filter(pk=everything[0].pk).update(published_at=earlier)
        Publication.objects.filter(pk=comment.pk).update(not_before=None, hinted_at=None)
    office.until(comment, State.PUBLISHED)


def test_a_refused_post_tells_its_author_and_those_who_may_settle_it(office: PostOffice) -> None:
    account = office.account()
    office.sandbox.fault(account.network, "policy", account.uid, on=["publish"], times=1)
    post = office.until(office.schedule(account, zone=ZONE), State.REFUSED, State.HELD, State.NEEDS_ATTENTION)
    with entered(office.cast.workspace.pk):
        notices = list(Notice.objects.select_related("member__user"))
        names = {notice.member.user.name for notice in notices}
        assert names == {"Alice", "Bob"} and {notice.mail for notice in notices} == {"due"}
        assert all(f"/publishing/{post.pk}/" in notice.url and notice.action for notice in notices)


def test_a_lost_account_is_told_once_however_many_posts_wait_for_it(office: PostOffice) -> None:
    account = office.account()
    posts = [office.schedule(account, f"Kopi nomor {number} sudah siap di bar.") for number in range(3)]
    office.sandbox.fault(account.network, "token_revoked", account.uid, times=20)
    for post in posts:
        office.until(post, State.HELD)
    with entered(office.cast.workspace.pk):
        kinds = [notice.kind for notice in Notice.objects.filter(member=office.cast.alice)]
        assert kinds == ["account-lost"]
