"""On every network that lets an app: other words pass the gate and stand there; a deletion is really one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from compliance.models import Evidence
from networks import registry
from networks.protocol import Edits
from publishing import actions
from publishing.models import Correction, Publication
from publishing.protocol import NotPossible, Stopped
from publishing.queries import shown_of
from tests.networks.every import SENT
from tests.publishing.post_office import PostOffice
from tests.stories.test_every_network_posts_once import content
from workspaces.models import AuditEntry
from workspaces.tenancy import entered

State = Publication.State
NEW = "Kopi pagi ini tinggal sedikit. Datang sebelum jam sembilan."


@pytest.mark.parametrize("slug", SENT)
def test_a_live_post_is_changed_and_then_taken_away(office: PostOffice, slug: str) -> None:
    account = office.account(slug)
    post = office.until(office.schedule(account, content=content(slug)), State.PUBLISHED, seconds=40)
    by = office.cast.bob

    if isinstance(registry.get(slug), Edits):
        office.sandbox.fault(slug, "error_before", account.uid, on=["edit"], times=1)
        tried = actions.edit_live(post, text=NEW, by=by)
        done = tried if tried.state == Correction.State.DONE else actions.edit_live(post, text=NEW, by=by)
        assert done.state == Correction.State.DONE
        (seen,) = office.live(account)
        assert NEW in seen["text"]
        with entered(office.cast.workspace.pk):
            assert shown_of(post).text == NEW and office.now(post).sealed.text != NEW
            assert Evidence.objects.filter(subject=f"publication:{post.pk}").count() == 2  # both words are sealed
            assert AuditEntry.objects.filter(verb="edited on the network").exists()
        with pytest.raises(Stopped):  # customs read the new words as any others
            actions.edit_live(post, text="x" * (registry.get(slug).limits.text + 1), by=by)
    else:
        with pytest.raises(NotPossible, match="does not let an app change"):
            actions.edit_live(post, text=NEW, by=by)

    actions.delete_live(post, by=by)
    assert office.now(post).state == State.DELETED_REMOTE
    assert office.live(account) == []
    with pytest.raises(NotPossible):
        actions.delete_live(office.now(post), by=by)


def test_the_page_asks_first_and_then_changes_it(office: PostOffice, client: Client) -> None:
    slug = next(n.slug for n in registry.every() if isinstance(n, Edits) and not n.limits.media_required)
    account = office.account(slug)
    post = office.until(office.schedule(account), State.PUBLISHED)
    client.force_login(office.cast.bob.user)
    here = [office.cast.workspace.slug, post.pk]
    assert NEW not in client.get(reverse("publishing:change_live", args=here)).content.decode()
    client.post(reverse("publishing:edit_live", args=here), {"text": NEW})
    page = client.get(reverse("publishing:publication", args=here)).content.decode()
    assert NEW in page and "It is changed on the network." in page and "Put the first words back" in page
    api = f"/api/v1/w/{here[0]}/publications/{post.pk}/"
    assert client.post(api + "edit/", {"text": NEW}, "application/json").status_code == 409  # the words it has
    assert client.post(api + "delete/", {}, "application/json").status_code == 204
    assert office.now(post).state == State.DELETED_REMOTE
