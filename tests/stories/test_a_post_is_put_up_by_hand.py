"""Where no app may post, a person does: asked in time, one at a time, and on record with their name."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from compliance.models import EvidenceBody
from networks.actions import Charge, add_by_hand
from networks.models import Account
from networks.protocol import Content
from publishing import actions, pipeline
from publishing.actions import handing, obstacles
from publishing.actions.claim import claim
from publishing.actions.doors import door
from publishing.actions.tending import tend
from publishing.models import Handover, Publication
from publishing.protocol import Blocked
from publishing.queries import Ref, to_tend
from tests.cast import Cast
from workspaces.actions.notices import mail_notice
from workspaces.models import AuditEntry, Notice
from workspaces.tenancy import entered

State = Publication.State
WORDS = "Kopi baru kami sudah siap. Datang pagi ini! Rahasia di ujung teks."
SECRET = "Rahasia di ujung teks"


@pytest.fixture
def account(cast: Cast) -> Account:
    with entered(cast.workspace.pk):
        charge = Charge(keeper=cast.dewi, deputy=cast.bob)
        return add_by_hand("myspace", name="Teras Kopi", handle="teraskopi", charge=charge, by=cast.alice)


@pytest.fixture
def due(cast: Cast, account: Account) -> Publication:
    """Due a second ago; a worker has come by and handed it over."""
    made = queued(cast, account)
    assert claim(Ref(made.pk, made.workspace_id)) is None
    return now(cast, made)


def queued(cast: Cast, account: Account, *, within: timedelta = timedelta(seconds=-1)) -> Publication:
    with entered(cast.workspace.pk):
        due_at = datetime.now(UTC) + within
        return actions.enqueue(Content(text=WORDS, language="id"), account=account, due_at=due_at, by=cast.bob)


def now(cast: Cast, publication: Publication) -> Publication:
    with entered(cast.workspace.pk):
        return Publication.objects.select_related("account", "workspace").get(pk=publication.pk)


def later(cast: Cast, publication: Publication, column: str, seconds: float) -> None:
    """As if so much time had passed since then; the clock comes by."""
    with entered(cast.workspace.pk), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE publishing_handover SET {column} = {column} - make_interval(secs => %s), next_at = NULL "
            "WHERE publication_id = %s",
            [seconds, publication.pk],
        )
    tend(Ref(publication.pk, publication.workspace_id))


def told(cast: Cast, kind: str) -> set[str]:
    with entered(cast.workspace.pk):
        found = Notice.objects.filter(kind=kind).select_related("member__user")
        return {notice.member.user.name for notice in found}


def link_of(cast: Cast, publication: Publication, member: Any) -> str:
    with entered(cast.workspace.pk):
        return door(
            cast.workspace.pk, member.pk, reverse("publishing:by_hand", args=[cast.workspace.slug, publication.pk])
        )


def act(client: Client, link: str, verb: str, **more: Any) -> Any:
    return client.post(link, {"act": verb, **more})


def test_a_hand_over_from_the_warning_to_the_sealed_receipt(cast: Cast, account: Account, client: Client) -> None:
    soon = queued(cast, account, within=timedelta(minutes=14))
    ref = Ref(soon.pk, soon.workspace_id)
    assert ref in to_tend(10)
    tend(ref)
    tend(ref)
    assert told(cast, "by-hand-soon") == {"Dewi"}
    with entered(cast.workspace.pk):
        Publication.objects.filter(pk=soon.pk).update(due_at=datetime.now(UTC) - timedelta(seconds=1))
    assert claim(ref) is None
    assert now(cast, soon).state == State.HANDED
    assert told(cast, "by-hand-asked") == {"Dewi"}

    link = mailed_link(cast)
    before = client.get(link)
    assert before.status_code == 200 and SECRET not in before.content.decode()
    assert act(client, link, "take").status_code == 302
    page = client.get(link).content.decode()
    assert SECRET in page and "https://myspace.com/teraskopi" in page
    wrong = act(client, link, "done", url="https://example.com/teraskopi/post/1")
    assert wrong.status_code == 409 and "not the address of a post on Myspace" in wrong.content.decode()
    stranger = act(client, link, "done", url="https://myspace.com/somebodyelse/post/1")
    assert stranger.status_code == 409
    assert act(client, link, "done", url="https://myspace.com/teraskopi/post/77").status_code == 302
    assert now(cast, soon).state == State.PUBLISHING, "it can be taken back for ten seconds"
    later(cast, soon, "said_at", 11)

    live = now(cast, soon)
    assert (live.state, live.url) == (State.PUBLISHED, "https://myspace.com/teraskopi/post/77")
    with entered(cast.workspace.pk):
        sealed = json.loads(EvidenceBody.objects.get(evidence__subject=f"publication:{soon.pk}").text)
        verbs = list(AuditEntry.objects.filter(thing=f"publication:{soon.pk}").values_list("verb", flat=True))
    assert sealed["by_hand"]["posted_by"] == "Dewi"
    assert sealed["receipt"]["told_by"] == "Dewi"
    assert {"asked to post by hand", "took it to post by hand", "said it is posted", "posted by hand"} <= set(verbs)
    gone = client.get(link)
    assert gone.status_code == 200 and SECRET not in gone.content.decode(), "what is done shows no words to copy"


def mailed_link(cast: Cast) -> str:
    """The address in the mail to whoever was asked; it opens without signing in."""
    with entered(cast.workspace.pk):
        notice = Notice.objects.get(kind="by-hand-asked")
    mail_notice(cast.workspace.pk, notice.pk)
    found = re.search(r"https?://[^/\s]+(/by-hand/[^\s\"<]+)", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[1]


def test_two_people_open_it_and_one_has_it(cast: Cast, due: Publication) -> None:
    dewi, bob = Client(), Client()
    hers, his = link_of(cast, due, cast.dewi), link_of(cast, due, cast.bob)
    act(dewi, hers, "take")
    second = act(bob, his, "take")
    assert second.status_code == 409
    assert SECRET not in second.content.decode()
    assert "Dewi took it at" in bob.get(his).content.decode()
    act(bob, his, "over")
    assert SECRET in bob.get(his).content.decode()
    assert SECRET not in dewi.get(hers).content.decode(), "the words went with it"
    assert told(cast, "by-hand-taken") == {"Dewi"}
    act(dewi, hers, "done", url="https://myspace.com/teraskopi/post/1")  # she had posted it already
    assert "Dewi says that it is posted" in bob.get(his).content.decode()
    assert act(bob, his, "done", url="https://myspace.com/teraskopi/post/2").status_code == 409
    assert act(bob, his, "undo").status_code == 302
    assert now(cast, due).state == State.PUBLISHING


@pytest.mark.parametrize("how", ["brake", "account", "customs"])
def test_whatever_stops_it_hides_the_words_at_once(
    cast: Cast, due: Publication, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, link = Client(), link_of(cast, due, cast.dewi)
    act(phone, link, "take")
    assert SECRET in phone.get(link).content.decode()
    with entered(cast.workspace.pk):
        match how:
            case "brake":
                actions.pause_workspace(cast.workspace, by=cast.alice)
            case "account":
                actions.pause_account(due.account, by=cast.alice)
            case "customs":  # no verdict on record lets these bytes pass any more
                monkeypatch.setattr(obstacles, "standing", lambda publications, on: {})
    page = phone.get(link).content.decode()
    assert "Stop." in page and SECRET not in page
    assert phone.get(link, {"stamp": "x"}, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Take it over" not in Client().get(link_of(cast, due, cast.bob)).content.decode()


def test_what_customs_no_longer_let_pass_is_held_and_not_taken(
    cast: Cast, due: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, link = Client(), link_of(cast, due, cast.dewi)
    stopped = Blocked(findings=[{"reason": "Not like this.", "severity": "block", "code": "x"}])
    monkeypatch.setattr(handing, "screened", lambda publication, content, on: (None, stopped))
    answer = act(phone, link, "take")
    assert answer.status_code == 409 and SECRET not in answer.content.decode()
    assert now(cast, due).state == State.HELD


@pytest.mark.parametrize(
    ("then", "state"), [("author", State.REFUSED), ("later", State.SCHEDULED), ("cancel", State.CANCELLED)]
)
@pytest.mark.parametrize("taken", [True, False])
def test_why_not_is_on_record_and_goes_where_they_say(
    cast: Cast, due: Publication, then: str, state: str, taken: bool
) -> None:
    phone, link = Client(), link_of(cast, due, cast.dewi)
    if taken:
        act(phone, link, "take")
    more = {"at": "2030-01-31T09:00"} if then == "later" else {}
    assert act(phone, link, "not", why="rejected", words="Fotonya ditolak", then=then, **more).status_code == 302
    found = now(cast, due)
    assert found.state == state
    if then == "author":
        assert found.reason == "The network did not take it: Fotonya ditolak"
        assert "Bob" in told(cast, "publication-refused")
    if then == "later":
        assert found.due_at == datetime(2030, 1, 31, 2, 0, tzinfo=UTC), "by the workspace's clock"


def test_who_is_asked_again_and_who_is_told_when_nobody_does_it(cast: Cast, due: Publication) -> None:
    later(cast, due, "asked_at", 16 * 60)
    assert told(cast, "by-hand-late") == {"Dewi", "Bob"}
    later(cast, due, "asked_at", 50 * 60)
    assert told(cast, "by-hand-late") == {"Dewi", "Bob", "Alice"}
    client = Client()
    client.force_login(cast.bob.user)
    listed = client.get(reverse("publishing:by_hand_list", args=[cast.workspace.slug])).content.decode()
    assert "With Dewi since" in listed


def test_outside_their_hours_the_managers_choose_and_who_is_away_is_not_asked(cast: Cast, account: Account) -> None:
    with entered(cast.workspace.pk):
        away = datetime.now(UTC).date() + timedelta(days=3)
        duty = account.duty
        duty.keeper_away_until = away
        duty.save()
    made = queued(cast, account)
    claim(Ref(made.pk, made.workspace_id))
    assert told(cast, "by-hand-asked") == {"Bob"}
    with entered(cast.workspace.pk):
        duty.deputy_away_until = away
        duty.save()
    other = queued(cast, account)
    claim(Ref(other.pk, other.workspace_id))
    with entered(cast.workspace.pk):
        assert Handover.objects.get(publication=other).asked is None


def test_a_silent_person_makes_a_question_and_nothing_is_handed_out_twice(cast: Cast, due: Publication) -> None:
    phone, link = Client(), link_of(cast, due, cast.dewi)
    act(phone, link, "take")
    with entered(cast.workspace.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE publishing_publication SET lease_until = now() - interval '1 second'")
    ref = Ref(due.pk, due.workspace_id)
    pipeline.reap(ref)
    pipeline.reconcile(ref)
    found = now(cast, due)
    assert found.state == State.NEEDS_ATTENTION
    assert found.reason == "Whoever took it did not say whether it is live."
    assert claim(ref) is None
    assert act(phone, link, "take").status_code == 409
    assert act(phone, link, "done", url="https://myspace.com/teraskopi/post/5").status_code == 302
    assert now(cast, due).state == State.PUBLISHED, "late, and still their word"


def test_a_link_is_its_persons_and_this_rounds(cast: Cast, due: Publication) -> None:
    link = link_of(cast, due, cast.dewi)
    assert Client().get(link[:-3] + "xyz/").status_code == 404
    with entered(cast.workspace.pk):
        actions.reschedule(now(cast, due), due_at=datetime.now(UTC) - timedelta(seconds=1), by=cast.bob)
    claim(Ref(due.pk, due.workspace_id))
    assert Client().get(link).status_code == 410, "another round"
    fresh = link_of(cast, due, cast.dewi)
    assert Client().get(fresh).status_code == 200
    with entered(cast.workspace.pk):
        type(cast.dewi).objects.filter(pk=cast.dewi.pk).update(role="analyst")
    assert Client().get(fresh).status_code == 410, "no longer their right"


def test_the_api_gives_the_words_to_whoever_took_it(cast: Cast, due: Publication) -> None:
    def ask(member: Any, verb: str = "", **told: Any) -> Any:
        client = Client()
        client.force_login(member.user)
        name = "publishing:api-by-hand-act" if verb else "publishing:api-by-hand-one"
        where = reverse(name, args=[cast.workspace.slug, due.pk, *([verb] if verb else [])])
        return client.post(where, told, content_type="application/json") if verb else client.get(where)

    assert ask(cast.dewi).json()["words"] == ""
    taken = ask(cast.dewi, "take").json()
    assert (taken["step"], SECRET in taken["words"], taken["door"]) == (
        "mine",
        True,
        "https://myspace.com/teraskopi",
    )
    assert (ask(cast.bob).json()["words"], ask(cast.bob).json()["holder"]) == ("", "Dewi")
    assert ask(cast.bob, "take").status_code == 409
    assert ask(cast.omar, "take").status_code == 403
    assert ask(cast.dewi, "not", why="time", then="later").status_code == 400
    assert ask(cast.dewi, "done", url="https://myspace.com/teraskopi/post/9").json()["step"] == "said"
    client = Client()
    client.force_login(cast.alice.user)
    [listed] = client.get(reverse("publishing:api-by-hand", args=[cast.workspace.slug])).json()
    assert (listed["publication"], listed["words"]) == (due.pk, "")
