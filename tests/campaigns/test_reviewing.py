"""What only an officer may decide waits for one, and goes out by itself once approved."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.actions import placing, writing
from campaigns.actions.reviewed import place_reviewed
from campaigns.models import Post
from campaigns.protocol import Draft, Version
from campaigns.queries import told
from campaigns.tasks import place_all_reviewed
from compliance.actions import decide
from compliance.models import Case
from publishing.models import Publication
from tests.campaigns import desk
from tests.cast import Cast
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


def doubtful(cast: Cast) -> Post:
    """A post that customs leave to a person, placed."""
    for text in (
        "Teh ini menyembuhkan maag saya.",
        "Nomor 1 di Jakarta!",
        "100% organik dan ramah lingkungan.",
    ):
        post = desk.written(cast.bob, desk.channel("facebook", text[:12]), text=text)
        try:
            placed = placing.schedule(post, at=desk.soon(), by=cast.bob)
        except placing.NotReady:
            continue
        if placed.stage == Post.Stage.IN_REVIEW:
            return placed
    pytest.fail("no rule leaves any of these to a person")


def test_it_is_held_and_an_officer_sees_it(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        post = doubtful(cast)
        case = Case.objects.get(status="open")
        assert post.state == Post.State.HELD
        assert not Publication.objects.exists()
        assert (case.author, case.due_at) == (cast.bob, post.due_at)
        assert case.link.endswith(f"/posts/{post.pk}/")


def test_approved_it_is_scheduled_by_the_clock(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        post = doubtful(cast)
        place_all_reviewed()
        assert Post.objects.get(pk=post.pk).stage == Post.Stage.IN_REVIEW, "not before the officer's word"
        decide(Case.objects.get(status="open"), choice="approve", reason="We hold the evidence", by=cast.omar)
    place_all_reviewed()
    with entered(cast.workspace.pk):
        publication = Publication.objects.get()
        assert (publication.state, publication.due_at) == ("scheduled", post.due_at)


def test_other_words_are_another_question(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        post = doubtful(cast)
        account = post.variants.get().account_id
        post = writing.save(
            post, Draft(text=desk.PLAIN, language="id", versions=(Version(account),)), version=post.version, by=cast.bob
        )
        assert post.state == Post.State.DRAFT
        assert [(c.key, c.title) for c in Case.objects.filter(status="open")] == []


def test_what_could_only_be_placed_days_later_is_held_and_not_sent(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        post = doubtful(cast)
        decide(Case.objects.get(status="open"), choice="approve", reason="Fine", by=cast.omar)
        late = place_reviewed(post, now=timezone.now() + timedelta(days=3))
        assert (late.stage, late.state) == (Post.Stage.LATE, Post.State.HELD)
        assert not Publication.objects.exists()


def test_a_slot_that_passes_in_review_holds_the_post_and_an_approval_then_sends_nothing(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        post = doubtful(cast)
        assert post.due_at is not None
        after = post.due_at + timedelta(seconds=5)
        assert place_reviewed(post, now=post.due_at - timedelta(seconds=1)).stage == Post.Stage.IN_REVIEW
        assert place_reviewed(post, now=after).stage == Post.Stage.LATE
        decide(Case.objects.get(status="open"), choice="approve", reason="Fine", by=cast.omar)
        assert place_reviewed(told(post.pk), now=after).stage == Post.Stage.LATE
        assert not Publication.objects.exists()
        moved = placing.schedule(told(post.pk), at=desk.soon(99), by=cast.bob)
        assert moved.stage == Post.Stage.PLACED, "its author's one act lets it go"


def test_a_post_that_an_officer_gave_back_is_a_draft_and_is_not_asked_about_again(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        post = doubtful(cast)
        decide(Case.objects.get(status="open"), choice="ask", reason="Softer, please", by=cast.omar)
    for _ in range(2):
        place_all_reviewed()
    with entered(cast.workspace.pk):
        assert Post.objects.get(pk=post.pk).stage == Post.Stage.DRAFT
        assert Case.objects.get().status == Case.Status.WAITING


def test_a_doubtful_first_comment_waits_for_an_officer_too(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        account = desk.channel("facebook")
        draft = Draft(
            text=desk.PLAIN,
            language="id",
            versions=(Version(account.pk, first_comment="Teh ini menyembuhkan maag saya. Nomor 1 di Jakarta!"),),
        )
        post = writing.draft(draft, by=cast.bob)
        placed = placing.schedule(post, at=desk.soon(), by=cast.bob)
        assert placed.stage == Post.Stage.IN_REVIEW
        case = Case.objects.get()
        assert case.key.endswith(":comment")
        decide(case, choice="approve", reason="Clear in context", by=cast.omar)
        assert place_reviewed(placed, now=timezone.now()).stage == Post.Stage.PLACED
