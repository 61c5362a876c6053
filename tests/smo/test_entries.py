"""What the feeds tell is what readers of the networks find there: nothing that is held, deleted or removed."""

from __future__ import annotations

import time

from networks.models import Account
from publishing import actions, auditor
from publishing.models import Publication
from smo.models import Entry
from tests.publishing.post_office import PostOffice
from workspaces.tenancy import entered

State = Publication.State


def told(office: PostOffice) -> list[str]:
    with entered(office.cast.workspace.pk):
        return sorted(Entry.objects.all().shown().values_list("text", flat=True))


def test_a_post_is_told_from_its_receipt_until_it_is_gone(office: PostOffice) -> None:
    account = office.account("facebook")
    held, later = office.schedule(account, "Ditahan"), office.schedule(account, "Kabar pagi", lot="campaign:7")
    comment = office.schedule(account, "Alamat di komentar", parent=later, target=office.comment())
    with entered(account.workspace_id):
        actions.hold(held, reason="Tunggu foto", by=office.cast.bob)
    removed = office.schedule(account, "Diambil orang")
    office.until(comment, State.PUBLISHED)
    post, removed = office.until(later, State.PUBLISHED), office.until(removed, State.PUBLISHED)
    assert told(office) == ["Diambil orang", "Kabar pagi"]
    with entered(account.workspace_id):
        entry = Entry.objects.get(publication=post.pk)
        assert (entry.network, entry.campaign, entry.url, entry.account_id) == ("facebook", 7, post.url, account.pk)
        assert abs((entry.published_at - post.published_at).total_seconds()) < 1

    actions.edit_live(post, text="Kabar siang", by=office.cast.bob)
    assert told(office) == ["Diambil orang", "Kabar siang"]

    looked(account)
    office.sandbox.control("remove", network="facebook", post=removed.remote_id)
    looked(account)
    looked(account)
    assert told(office) == ["Kabar siang"], "the auditor did not find it on the network any more"

    actions.delete_live(post, by=office.cast.bob)
    assert told(office) == []
    with entered(account.workspace_id):
        why = dict(Entry.objects.values_list("publication", "withdrawn_for"))
    assert why == {post.pk: Entry.Gone.DELETED, removed.pk: Entry.Gone.UNSEEN}


def looked(account: Account) -> None:
    time.sleep(0.7)
    assert auditor.audit(account.pk, account.workspace_id) is not None
