"""A post was cleared and scheduled; its text is edited; it does not leave until the new words are cleared too."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from campaigns.actions import placing, writing
from campaigns.models import Post
from campaigns.protocol import Draft, Version
from compliance.models import Connection, Endorser
from publishing.models import Publication
from tests.campaigns import desk
from tests.publishing.post_office import PostOffice
from workspaces.tenancy import entered

WITHOUT = "Cold brew Teras Kopi ini favorit aku tiap sore, manisnya pas."
WITH = f"Iklan: {WITHOUT}"


def test_words_without_their_disclosure_never_leave(office: PostOffice) -> None:
    account = office.account("facebook")
    bob = office.cast.bob
    with entered(office.cast.workspace.pk):
        nadia = Endorser.objects.create(name="Nadia Putri", place="ID")
        Connection.objects.create(endorser=nadia, brand="Teras Kopi", kind="free_product", starts_on=date(2026, 1, 1))

        def words(text: str) -> Draft:
            return Draft(text=text, language="id", endorser_id=nadia.pk, versions=(Version(account.pk),))

        post = placing.schedule(writing.draft(words(WITH), by=bob), at=desk.soon(), by=bob)
        post = writing.save(post, words(WITHOUT), version=post.version, by=bob)
        assert post.state == Post.State.HELD
        publication = post.variants.get().publication
        Publication.objects.update(due_at=timezone.now())
    for _ in range(5):
        office.turn()
    assert office.live(account) == []

    with entered(office.cast.workspace.pk):
        writing.save(post, words(WITH), version=post.version, by=bob)
    office.until(publication, "published")
    assert [seen["text"] for seen in office.live(account)] == [WITH]
