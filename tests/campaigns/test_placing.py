"""A post is placed on all its channels or on none; moving, calling back and editing keep both desks in step."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from campaigns.actions import approving, placing, writing
from campaigns.actions.fixing import fix
from campaigns.actions.media import keep
from campaigns.models import Campaign, Post
from campaigns.protocol import Draft, NotPossible, NotReady, Version
from campaigns.queries import approval_of, draft_of, fingerprint_of
from campaigns.queries.checking import checks_of
from campaigns.rules import due_at
from compliance.models import Connection, Endorser
from networks import registry
from publishing.models import Publication
from tests.campaigns import desk
from tests.campaigns.pictures import mp4
from tests.cast import Cast
from workspaces.models import Workspace
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inside(cast: Cast):  # type: ignore[no-untyped-def]  # a fixture
    with entered(cast.workspace.pk):
        yield


@pytest.fixture
def nadia(cast: Cast) -> Endorser:
    """An endorser who got a free product from Teras Kopi."""
    endorser = Endorser.objects.create(name="Nadia Putri", place="ID")
    Connection.objects.create(
        endorser=endorser, brand="Teras Kopi", kind="free_product", starts_on=date(2026, 1, 1), recorded_by=cast.omar
    )
    return endorser


PRAISE = "Cold brew Teras Kopi ini favorit aku tiap sore, manisnya pas dan wangi sekali."


def test_every_channel_gets_its_publication_at_the_wall_time(cast: Cast) -> None:
    at = desk.soon()
    post = placing.schedule(desk.written(cast.bob, desk.channel("x"), desk.channel("facebook")), at=at, by=cast.bob)
    publications = [v.publication for v in post.variants.all()]
    assert [p.state for p in publications] == ["scheduled", "scheduled"]
    assert {p.due_at for p in publications} == {due_at(at, desk.ZONE)}
    assert post.state == Post.State.SCHEDULED


def test_one_channel_that_does_not_fit_keeps_all_back(cast: Cast) -> None:
    post = desk.written(cast.bob, desk.channel("x"), desk.channel("facebook"), text="kopi " * 100)
    with pytest.raises(NotReady) as refusal:
        placing.schedule(post, at=desk.soon(), by=cast.bob)
    assert {o.account for o in refusal.value.obstacles} == {"Teras Kopi x"}
    assert not Publication.objects.exists()
    assert Post.objects.get(pk=post.pk).stage == Post.Stage.DRAFT


def test_without_a_channel_or_in_the_past_nothing_is_placed(cast: Cast) -> None:
    with pytest.raises(NotReady):
        placing.schedule(desk.written(cast.bob), at=desk.soon(), by=cast.bob)
    with pytest.raises(NotReady):
        placing.schedule(desk.written(cast.bob, desk.channel("x")), at=desk.soon(-30), by=cast.bob)


def test_an_undisclosed_endorsement_is_not_placed_and_one_fix_mends_it(cast: Cast, nadia: Endorser) -> None:
    campaign = Campaign.objects.create(name="Harbolnas", brand="Teras Kopi", endorser=nadia)
    post = desk.written(cast.bob, desk.channel("x"), desk.channel("facebook"), text=PRAISE, campaign_id=campaign.pk)
    with pytest.raises(NotReady) as refusal:
        placing.schedule(post, at=desk.soon(), by=cast.bob)
    codes = {o.code for o in refusal.value.obstacles}
    must = next(check for check in checks_of(post) if check.fixable and check.code in codes)
    assert len(must.accounts) == 2, "the same finding on both channels is told once"
    mended = fix(post, code=must.code, by=cast.bob)
    assert mended.text.endswith(PRAISE[-20:]) and mended.text != PRAISE
    assert placing.schedule(mended, at=desk.soon(), by=cast.bob).state == Post.State.SCHEDULED


def test_one_press_confirms_that_the_video_itself_discloses(cast: Cast, nadia: Endorser) -> None:
    video = keep(BytesIO(mp4()), filename="brew.mp4", by=cast.bob, workspace_id=cast.workspace.pk)
    campaign = Campaign.objects.create(name="Harbolnas", brand="Teras Kopi", endorser=nadia)
    moving = next(network.slug for network in registry.every() if network.limits.videos and network.limits.title)
    post = desk.written(
        cast.bob,
        desk.channel(moving),
        text=f"Iklan: {PRAISE}",
        title="Cold brew",
        campaign_id=campaign.pk,
        media=(video.pk,),
    )
    asked = [check for check in checks_of(post) if check.code == "video_unknown"]
    assert [check.fixable for check in asked] == [True]
    confirmed = fix(post, code="video_unknown", by=cast.bob)
    assert [check.code for check in checks_of(confirmed) if check.code == "video_unknown"] == []
    assert placing.schedule(confirmed, at=desk.soon(), by=cast.bob).state == Post.State.SCHEDULED


def test_editing_the_text_takes_the_clearance_away(cast: Cast, nadia: Endorser) -> None:
    campaign = Campaign.objects.create(name="Harbolnas", brand="Teras Kopi", endorser=nadia)
    account = desk.channel("facebook")
    post = desk.written(cast.bob, account, text=f"Iklan: {PRAISE}", campaign_id=campaign.pk)
    post = placing.schedule(post, at=desk.soon(), by=cast.bob)
    cleared = post.variants.get().publication.fingerprint
    edited = Draft(text=PRAISE, language="id", campaign_id=campaign.pk, versions=(Version(account.pk),))
    post = writing.save(post, edited, version=post.version, by=cast.bob)
    publication = post.variants.get().publication
    assert publication.fingerprint != cleared
    assert (publication.state, post.state) == ("held", Post.State.HELD)
    back = Draft(text=f"Iklan: {PRAISE}", language="id", campaign_id=campaign.pk, versions=(Version(account.pk),))
    assert writing.save(post, back, version=post.version, by=cast.bob).state == Post.State.SCHEDULED


def test_naming_an_endorser_later_is_screened_as_well(cast: Cast, nadia: Endorser) -> None:
    account = desk.channel("facebook")
    post = placing.schedule(desk.written(cast.bob, account, text=PRAISE), at=desk.soon(), by=cast.bob)
    named = Draft(text=PRAISE, language="id", endorser_id=nadia.pk, versions=(Version(account.pk),))
    assert writing.save(post, named, version=post.version, by=cast.bob).state == Post.State.HELD


def test_moving_moves_the_publications_too(cast: Cast) -> None:
    post = placing.schedule(desk.written(cast.bob, desk.channel("x")), at=desk.soon(), by=cast.bob)
    later = desk.soon(600)
    post = placing.move(post, at=later, by=cast.bob)
    publication = post.variants.get().publication
    assert publication.due_at == post.due_at == due_at(later, desk.ZONE)
    assert post.local_at == later


def test_the_past_refuses_a_post(cast: Cast) -> None:
    post = placing.schedule(desk.written(cast.bob, desk.channel("x")), at=desk.soon(), by=cast.bob)
    with pytest.raises(NotPossible, match="past"):
        placing.move(post, at=desk.soon(-60), by=cast.bob)


def test_a_post_called_back_is_a_draft_that_can_be_placed_again(cast: Cast) -> None:
    post = placing.schedule(desk.written(cast.bob, desk.channel("x")), at=desk.soon(), by=cast.bob)
    first = post.variants.get().publication_id
    post = placing.cancel(post, by=cast.bob)
    assert post.state == Post.State.DRAFT
    assert Publication.objects.get(pk=first).state == "cancelled"
    assert placing.schedule(post, at=desk.soon(), by=cast.bob).state == Post.State.SCHEDULED


def test_a_first_comment_waits_for_its_post(cast: Cast) -> None:
    account = desk.channel("x")
    given = Draft(text=desk.PLAIN, language="id", versions=(Version(account.pk, first_comment="Alamat di sini"),))
    post = placing.schedule(writing.draft(given, by=cast.bob), at=desk.soon(), by=cast.bob)
    child = Publication.objects.get(parent=post.variants.get().publication)
    assert (child.content["text"], child.target_kind) == ("Alamat di sini", "comment")
    changed = draft_of(post)
    given = Draft(text=post.text, language="id", versions=(Version(account.pk, first_comment="Buka sampai 22"),))
    assert changed.versions[0].first_comment == "Alamat di sini"
    writing.save(post, given, version=post.version, by=cast.bob)
    child.refresh_from_db()
    assert child.content["text"] == "Buka sampai 22"


def test_publish_now_is_due_at_once(cast: Cast) -> None:
    post = placing.publish_now(desk.written(cast.bob, desk.channel("x")), by=cast.bob)
    assert post.variants.get().publication.due_at <= timezone.now() + timedelta(seconds=1)


class TestApproval:
    @pytest.fixture(autouse=True)
    def required(self, cast: Cast) -> None:
        Workspace.objects.filter(pk=cast.workspace.pk).update(requires_approval=True)

    def test_an_unapproved_post_is_not_placed(self, cast: Cast) -> None:
        with pytest.raises(NotReady, match="approve"):
            placing.schedule(desk.written(cast.bob, desk.channel("x")), at=desk.soon(), by=cast.bob)
        assert not Publication.objects.exists()

    def test_approval_places_it_at_the_time_that_was_asked_for(self, cast: Cast) -> None:
        at = desk.soon()
        post = approving.submit(desk.written(cast.bob, desk.channel("x")), at=at, by=cast.bob)
        assert post.state == Post.State.NEEDS_APPROVAL
        post = approving.approve(post, by=cast.alice, fingerprint=fingerprint_of(post))
        assert (post.state, post.local_at) == (Post.State.SCHEDULED, at)

    def test_nobody_approves_their_own_post(self, cast: Cast) -> None:
        post = approving.submit(desk.written(cast.alice, desk.channel("x")), at=desk.soon(), by=cast.alice)
        with pytest.raises(NotPossible, match="somebody else"):
            approving.approve(post, by=cast.alice, fingerprint=fingerprint_of(post))

    def test_approval_is_for_the_words_that_were_seen(self, cast: Cast) -> None:
        account = desk.channel("x")
        post = approving.submit(desk.written(cast.bob, account), at=desk.soon(), by=cast.bob)
        seen = fingerprint_of(post)
        given = Draft(text="Sudah lain", local_at=post.local_at, zone=desk.ZONE, versions=(Version(account.pk),))
        post = writing.save(post, given, version=post.version, by=cast.bob)
        with pytest.raises(NotPossible, match="changed"):
            approving.approve(post, by=cast.alice, fingerprint=seen)

    def test_approval_lapses_with_an_edit_and_calls_the_post_back(self, cast: Cast) -> None:
        account = desk.channel("x")
        post = approving.submit(desk.written(cast.bob, account), at=desk.soon(), by=cast.bob)
        post = approving.approve(post, by=cast.alice, fingerprint=fingerprint_of(post))
        post = writing.save(
            post, Draft(text="Sudah lain", versions=(Version(account.pk),)), version=post.version, by=cast.bob
        )
        assert approval_of(post) is None
        assert post.state == Post.State.NEEDS_APPROVAL
        assert set(Publication.objects.values_list("state", flat=True)) == {"cancelled"}

    def test_a_marketer_may_not_approve(self, cast: Cast) -> None:
        post = approving.submit(desk.written(cast.alice, desk.channel("x")), at=desk.soon(), by=cast.alice)
        with pytest.raises(NotPossible, match="role"):
            approving.approve(post, by=cast.bob, fingerprint=fingerprint_of(post))


def test_a_wall_time_is_kept_as_the_wall_shows_it(cast: Cast) -> None:
    post = desk.written(cast.bob, desk.channel("x"), local_at=datetime(2027, 3, 14, 2, 30), zone="America/New_York")
    assert Post.objects.get(pk=post.pk).local_at == datetime(2027, 3, 14, 2, 30)
