"""The auditor asks the networks themselves, and finds what is doubled, missing, strange, edited or removed."""

from __future__ import annotations

import time
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from networks.models import Account
from publishing import auditor
from publishing.models import Audit, Discrepancy, Publication, Sighting
from publishing.queries import accounts_to_audit
from smm import status
from tests.cast import PASSWORD
from tests.publishing.post_office import PostOffice
from workspaces.models import Member, Notice
from workspaces.tenancy import entered

Kind, State = Discrepancy.Kind, Publication.State


def live(office: PostOffice, account: Account, text: str, **more: Any) -> Publication:
    return office.until(office.schedule(account, text, **more), State.PUBLISHED)


def look(account: Account, *, fails: bool = False) -> Audit:
    """One look, after what went live just now may be judged."""
    time.sleep(0.7)
    done = auditor.audit(account.pk, account.workspace_id)
    assert done is not None
    assert bool(done.trouble) == fails
    return done


def found(account: Account) -> dict[str, Discrepancy]:
    """What is open, by kind; a kind that was found twice is an error here."""
    with entered(account.workspace_id):
        rows = list(Discrepancy.objects.filter(account=account, state=Discrepancy.State.OPEN))
    kinds = {row.kind: row for row in rows}
    assert len(kinds) == len(rows), [f"{row.kind} {row.text}" for row in rows]
    return kinds


@pytest.mark.parametrize("network", ["x", "facebook", "linkedin"])
def test_each_of_the_five_is_found_and_nothing_on_a_clean_account(office: PostOffice, network: str) -> None:
    account = office.account(network)
    say = office.sandbox.control
    names = ("twice", "vanished early", "taken away", "changed", "left alone")
    queued = {name: office.schedule(account, f"Kabar {network}: {name}") for name in names}
    posts = {name: office.until(one, State.PUBLISHED) for name, one in queued.items()}
    say("remove", network=network, post=posts["vanished early"].remote_id)
    look(account)
    look(account)  # where a network tells nothing by an id, a second listing has to agree
    assert set(found(account)) == {Kind.MISSING}
    assert found(account)[Kind.MISSING].publication_id == posts["vanished early"].pk

    say("post", network=network, author=account.uid, text=f"Kabar {network}: twice")
    say("post", network=network, author=account.uid, text="Written on the network itself")
    say("remove", network=network, post=posts["taken away"].remote_id)
    say("edit", network=network, post=posts["changed"].remote_id, text="Other words")
    look(account)
    look(account)
    kinds = found(account)
    assert set(kinds) == {Kind.DOUBLED, Kind.MISSING, Kind.REMOVED, Kind.EDITED, Kind.FOREIGN}
    assert kinds[Kind.DOUBLED].publication_id == posts["twice"].pk
    assert kinds[Kind.REMOVED].publication_id == posts["taken away"].pk
    assert kinds[Kind.EDITED].publication_id == posts["changed"].pk
    assert kinds[Kind.EDITED].text == "Other words"
    assert kinds[Kind.FOREIGN].text == "Written on the network itself"


def test_nothing_is_found_where_thread_and_comment_hang_below(office: PostOffice) -> None:
    account = office.account("facebook")
    first = office.schedule(account, "Pagi!")
    comment = office.schedule(account, "Alamat di komentar", parent=first, target=office.comment())
    office.until(comment, State.PUBLISHED)
    done = look(account)
    assert (found(account), done.publications, done.complete) == ({}, 2, True)
    with entered(account.workspace_id):
        assert Sighting.objects.count() == 2, "the comment was listed below its post"
    office.sandbox.control("remove", network="facebook", post=office.now(comment).remote_id)
    look(account)
    look(account)
    assert found(account)[Kind.REMOVED].publication_id == comment.pk


@pytest.mark.parametrize("network", ["linkedin"])
def test_a_listing_that_hides_posts_proves_nothing(office: PostOffice, network: str) -> None:
    account = office.account(network)
    live(office, account, "Sekali")
    office.sandbox.fault(network, "listing_503", account.uid)
    assert look(account, fails=True).finished_at is None
    office.sandbox.control("faults/clear", network=network, account=account.uid)
    office.sandbox.fault(network, "listing_empty", account.uid)
    look(account)
    assert found(account) == {}
    office.sandbox.control("faults/clear", network=network, account=account.uid)
    look(account)
    assert found(account) == {}


def test_a_person_is_told_once_and_settles_it_with_one_click(office: PostOffice, client: Client) -> None:
    account = office.account()
    gone, twice = live(office, account, "Hilang"), live(office, account, "Dobel")
    office.sandbox.control("remove", network="x", post=gone.remote_id)
    office.sandbox.control("post", network="x", author=account.uid, text="Dobel")
    look(account)
    look(account)
    with entered(account.workspace_id):
        assert Notice.objects.filter(kind="network-audit", member=office.cast.bob).count() == 1
    here = {"workspace": office.cast.workspace.slug}
    rows = found(account)
    sign_in(client, office.cast.dewi)
    act = {kind: {**here, "pk": row.pk} for kind, row in rows.items()}
    gone_now = reverse("publishing:settle_audit", kwargs={**act[Kind.MISSING], "verb": "gone"})
    assert client.post(gone_now).status_code == 403
    sign_in(client, office.cast.bob)
    page = client.get(reverse("publishing:audit", kwargs=here)).content.decode()
    assert "Hilang" in page
    assert "Dobel" in page
    client.post(gone_now)
    client.post(reverse("publishing:settle_audit", kwargs={**act[Kind.DOUBLED], "verb": "delete-copy"}))
    assert office.now(gone).state == State.DELETED_REMOTE
    assert office.now(twice).state == State.PUBLISHED
    assert [post["id"] for post in office.live(account)] == [twice.remote_id], "the copy is gone, ours is there"
    look(account)
    assert found(account) == {}
    assert client.get(reverse("publishing:api-audit", kwargs=here)).json() == []


def test_a_post_taken_for_unsent_is_found_and_one_in_question_is_left_alone(office: PostOffice) -> None:
    account = office.account()
    office.sandbox.fault("x", "reset_after", account.uid, on=["publish"])
    doubtful = office.until(office.schedule(account, "Entah"), State.RECONCILING)
    look(account)
    assert found(account) == {}
    with entered(account.workspace_id):
        Publication.objects.filter(pk=doubtful.pk).update(state=State.NEEDS_ATTENTION)
    look(account)
    assert found(account)[Kind.UNRECORDED].publication_id == doubtful.pk


def test_the_command_and_the_clock_look_at_each_account_once_a_day(office: PostOffice) -> None:
    account = office.account()
    live(office, account, "Satu")
    assert (account.pk, account.workspace_id) in accounts_to_audit(100)
    said = StringIO()
    time.sleep(0.7)
    call_command("audit_networks", "--workspace", office.cast.workspace.slug, stdout=said)
    assert "1 posts against 1 on record" in said.getvalue()
    assert accounts_to_audit(100) == []
    office.sandbox.control("post", network="x", author=account.uid, text="Satu")
    with pytest.raises(CommandError):
        call_command("audit_networks", stdout=said)
    assert "doubled" in said.getvalue()


def test_the_figures_are_on_the_status_page_and_in_metrics(office: PostOffice, client: Client, settings: Any) -> None:
    account = office.account()
    live(office, account, "Dua kali")
    office.sandbox.control("post", network="x", author=account.uid, text="Dua kali")
    look(account)
    status._kept = (float("-inf"), {})
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics").status_code == 404
    told = client.get("/metrics", headers={"Authorization": "Bearer a-token"}).content.decode()
    assert 'gardu_audit_open{kind="doubled"} 1' in told
    assert 'gardu_audit_accounts{which="looked_at"} 1' in told
    assert 'gardu_up{part="database"} 1' in told
    page = client.get("/status/").content.decode()
    assert "Posted twice" in page
    assert account.name not in page


def sign_in(client: Client, member: Member) -> None:
    client.logout()
    assert client.login(email=member.user.email, password=PASSWORD)
