"""A draft is kept as it is typed, and two tabs never overwrite each other."""

import io

import pytest

from campaigns.actions import media, placing, writing
from campaigns.models import Campaign, Post, Variant
from campaigns.protocol import Draft, NotPossible, Stale, Version
from campaigns.queries import content_of
from tests.campaigns import desk, pictures
from tests.cast import Cast
from workspaces.models import AuditEntry
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inside(cast: Cast):  # type: ignore[no-untyped-def]  # a fixture
    with entered(cast.workspace.pk):
        yield


def test_each_channel_shows_the_shared_text_until_it_has_its_own(cast: Cast) -> None:
    one, two = desk.channel("x"), desk.channel("facebook")
    post = writing.draft(Draft(text="Halo", versions=(Version(one.pk), Version(two.pk, own_text="Hai"))), by=cast.bob)
    assert {v.account_id: content_of(v).text for v in post.variants.all()} == {one.pk: "Halo", two.pk: "Hai"}
    assert post.state == Post.State.DRAFT


def test_a_tab_that_is_behind_overwrites_nothing(cast: Cast) -> None:
    account = desk.channel("x")
    post = desk.written(cast.bob, account)
    newest = writing.save(post, Draft(text="Zweite", versions=(Version(account.pk),)), version=1, by=cast.bob)
    with pytest.raises(Stale) as refusal:
        writing.save(post, Draft(text="Dritte", versions=(Version(account.pk),)), version=1, by=cast.bob)
    assert refusal.value.version == newest.version == 2
    assert Post.objects.get(pk=post.pk).text == "Zweite"


def test_the_same_words_saved_twice_are_no_conflict(cast: Cast) -> None:
    account = desk.channel("x")
    post = desk.written(cast.bob, account)
    given = Draft(text="Zweite", versions=(Version(account.pk),))
    writing.save(post, given, version=1, by=cast.bob)
    assert writing.save(post, given, version=1, by=cast.bob).version == 2


def test_a_link_is_tagged_for_each_network(cast: Cast) -> None:
    campaign = Campaign.objects.create(name="Harbolnas 12.12")
    post = desk.written(
        cast.bob, desk.channel("x"), desk.channel("facebook"), link="https://a.example/", campaign_id=campaign.pk
    )
    links = sorted(content_of(v).link for v in post.variants.all())
    assert links == [
        "https://a.example/?utm_source=facebook&utm_medium=social&utm_campaign=harbolnas-1212",
        "https://a.example/?utm_source=x&utm_medium=social&utm_campaign=harbolnas-1212",
    ]


def test_alt_text_reaches_the_content(cast: Cast) -> None:
    asset = media.keep(
        io.BytesIO(pictures.jpeg()), filename="botol.jpg", by=cast.bob, workspace_id=cast.workspace.pk, alt="Botol kopi"
    )
    post = desk.written(cast.bob, desk.channel("x"), media=(asset.pk,))
    content = content_of(post.variants.get())
    assert [one.alt for one in content.media] == ["Botol kopi"]
    assert content.media[0].sha256 == asset.sha256


def test_a_copy_has_the_words_but_no_time(cast: Cast) -> None:
    post = desk.written(cast.bob, desk.channel("x"))
    placing.schedule(post, at=desk.soon(), by=cast.bob)
    copy = writing.duplicate(post, by=cast.alice)
    assert (copy.text, copy.due_at, copy.state, copy.author) == (post.text, None, Post.State.DRAFT, cast.alice)


def test_what_was_scheduled_once_cannot_be_thrown_away(cast: Cast) -> None:
    post = desk.written(cast.bob, desk.channel("x"))
    placing.schedule(post, at=desk.soon(), by=cast.bob)
    with pytest.raises(NotPossible):
        writing.delete(post, by=cast.bob)
    plain = desk.written(cast.bob)
    writing.delete(plain, by=cast.bob)
    assert not Post.objects.filter(pk=plain.pk).exists()


def test_a_channel_taken_out_is_not_sent(cast: Cast) -> None:
    one, two = desk.channel("x"), desk.channel("facebook")
    post = placing.schedule(desk.written(cast.bob, one, two), at=desk.soon(), by=cast.bob)
    gone = post.variants.get(account=two).publication
    writing.save(
        post, Draft(text=post.text, language="id", versions=(Version(one.pk),)), version=post.version, by=cast.bob
    )
    gone.refresh_from_db()
    assert gone.state == "cancelled"
    assert Variant.objects.filter(post=post).count() == 1


def test_every_verb_leaves_its_line(cast: Cast) -> None:
    post = desk.written(cast.bob, desk.channel("x"))
    placing.schedule(post, at=desk.soon(), by=cast.bob)
    entries = AuditEntry.objects.filter(thing=f"post:{post.pk}").order_by("number")
    verbs = list(entries.values_list("verb", flat=True))
    assert verbs == ["drafted", "scheduled"]
