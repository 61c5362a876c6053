"""Where a workspace asks for approval, nothing leaves before somebody else has said yes to exactly these words."""

from __future__ import annotations

import pytest
from django.utils import timezone

from campaigns.actions import approving, placing, writing
from campaigns.models import Post
from campaigns.protocol import Draft, NotReady, Version
from campaigns.queries import fingerprint_of
from publishing.models import Publication
from tests.campaigns import desk
from tests.publishing.post_office import PostOffice
from workspaces.models import Workspace
from workspaces.tenancy import entered


def test_only_approved_words_go_out(office: PostOffice) -> None:
    account, cast = office.account("x"), office.cast
    Workspace.objects.filter(pk=cast.workspace.pk).update(requires_approval=True)
    with entered(cast.workspace.pk):
        post = desk.written(cast.bob, account)
        with pytest.raises(NotReady, match="approve"):
            placing.publish_now(post, by=cast.bob)
        post = approving.submit(post, at=desk.soon(), by=cast.bob)
        assert not Publication.objects.exists()

        post = approving.approve(post, by=cast.alice, fingerprint=fingerprint_of(post))
        changed = Draft(text="Kata lain", language="id", versions=(Version(account.pk),))
        post = writing.save(post, changed, version=post.version, by=cast.bob)
        assert post.state == Post.State.NEEDS_APPROVAL
        Publication.objects.update(due_at=timezone.now())
    for _ in range(5):
        office.turn()
    assert office.live(account) == []

    with entered(cast.workspace.pk):
        approving.approve(post, by=cast.alice, fingerprint=fingerprint_of(post))
        publication = Publication.objects.get()
        Publication.objects.update(due_at=timezone.now())
    office.until(publication, "published")
    assert [seen["text"] for seen in office.live(account)] == ["Kata lain"]
