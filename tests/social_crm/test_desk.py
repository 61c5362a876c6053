"""What an agent does with a conversation, in the browser and by API."""

import pytest
from django.test import Client

from networks.models import Account
from networks.registry import slugs
from publishing.models import Publication
from social_crm.models import Conversation, Draft, Message
from tests.cast import Cast
from tests.house import baseline
from tests.social_crm.test_ingest import BAGUS, hear, said
from workspaces.models import AuditEntry
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(cast: Cast) -> Account:
    with entered(cast.workspace.pk):
        account = Account.objects.create(network=slugs()[0], uid="page", name="Teras Kopi")
    hear(account, [said("c1", "Dua botol pecah!")])
    return account


@pytest.fixture
def dewi(cast: Cast, client: Client) -> Client:
    client.force_login(cast.dewi.user)
    return client


def conversation(cast: Cast) -> Conversation:
    with entered(cast.workspace.pk):
        return Conversation.objects.get()


def newest(cast: Cast) -> int:
    with entered(cast.workspace.pk):
        return Message.objects.order_by("-pk").first().pk


def desk(cast: Cast, rest: str = "") -> str:
    return f"/w/{cast.workspace.slug}/inbox/{rest}"


def test_the_queue_and_the_thread_show_what_the_customer_said(cast: Cast, account: Account, dewi: Client) -> None:
    page = dewi.get(desk(cast, f"{conversation(cast).pk}/")).content.decode()
    assert page.count("Dua botol pecah!") == 2  # in the list and in the thread
    assert conversation(cast).unread == 0


def test_an_answer_is_queued_for_ten_seconds_and_the_customer_no_longer_waits(
    cast: Cast, account: Account, dewi: Client
) -> None:
    c = conversation(cast)
    dewi.post(desk(cast, f"{c.pk}/answer/"), {"text": "Kami kirim ulang hari ini.", "last_seen": newest(cast)})
    with entered(cast.workspace.pk):
        publication = Publication.objects.get()
        assert (publication.state, publication.target_kind) == ("scheduled", "comment_reply")
        assert (publication.target_post_id, publication.target_message_id) == ("post", "c1")
        assert publication.target_author_uid == "rina"
        answered = Conversation.objects.get()
        assert (answered.status, answered.due_at, answered.assignee) == ("waiting", None, cast.dewi)


def test_an_answer_can_be_taken_back_and_its_words_stay(cast: Cast, account: Account, dewi: Client) -> None:
    c = conversation(cast)
    dewi.post(desk(cast, f"{c.pk}/answer/"), {"text": "Terlalu cepat", "last_seen": newest(cast)})
    response = dewi.post(desk(cast, f"messages/{newest(cast)}/take-back/"))
    assert response.status_code == 200
    with entered(cast.workspace.pk):
        assert Publication.objects.get().state == "cancelled"
        assert Draft.objects.get().text == "Terlalu cepat"
        assert (Conversation.objects.get().status, Message.objects.filter(direction="out").count()) == ("open", 0)


def test_words_that_came_meanwhile_stop_the_answer_and_keep_the_draft(
    cast: Cast, account: Account, dewi: Client
) -> None:
    seen = newest(cast)
    hear(account, [said("c1b", "Sudah saya buang ya.", minute=2, parent="c1")])
    c = conversation(cast)
    answer = {"text": "Boleh foto botolnya?", "last_seen": seen}
    stopped = dewi.post(desk(cast, f"{c.pk}/answer/"), answer)
    assert stopped.status_code == 409
    assert "Boleh foto botolnya?" in stopped.content.decode()
    assert "Sudah saya buang ya." in stopped.content.decode()
    dewi.post(desk(cast, f"{c.pk}/answer/"), {**answer, "anyway": "1"})
    with entered(cast.workspace.pk):
        assert Publication.objects.get().target_message_id == "c1b"


def test_an_answer_that_is_too_long_is_stopped_with_the_reason(cast: Cast, account: Account, dewi: Client) -> None:
    text = "panjang " * 2000
    response = dewi.post(desk(cast, f"{conversation(cast).pk}/answer/"), {"text": text, "last_seen": newest(cast)})
    assert response.status_code == 422
    with entered(cast.workspace.pk):
        assert Publication.objects.count() == 0


def test_a_note_stays_in_the_house(cast: Cast, account: Account, dewi: Client) -> None:
    c = conversation(cast)
    dewi.post(desk(cast, f"{c.pk}/answer/"), {"text": "Batch 1121", "mode": "note", "last_seen": newest(cast)})
    with entered(cast.workspace.pk):
        assert Publication.objects.count() == 0
    assert "Batch 1121" in dewi.get(desk(cast, f"{c.pk}/")).content.decode()


def test_resolved_goes_out_of_the_queue_until_the_customer_writes_again(
    cast: Cast, account: Account, dewi: Client
) -> None:
    dewi.post(desk(cast, f"{conversation(cast).pk}/deal/"), {"do": "resolve"})
    assert "Dua botol" not in dewi.get(desk(cast)).content.decode()
    assert "Dua botol" in dewi.get(desk(cast, "?view=resolved")).content.decode()
    hear(account, [said("c1b", "Dua botol lagi!", minute=9, parent="c1")])
    assert "Dua botol lagi!" in dewi.get(desk(cast)).content.decode()


def test_an_analyst_reads_but_does_not_answer(cast: Cast, account: Account, client: Client) -> None:
    with entered(cast.workspace.pk):
        type(cast.omar).objects.filter(pk=cast.omar.pk).update(role="analyst")
    client.force_login(cast.omar.user)
    c = conversation(cast)
    page = client.get(desk(cast, f"{c.pk}/"))
    assert page.status_code == 200
    assert 'name="text"' not in page.content.decode()
    assert client.post(desk(cast, f"{c.pk}/answer/"), {"text": "x", "last_seen": "9"}).status_code == 403


def test_the_api_answers_through_the_same_guard(cast: Cast, account: Account, dewi: Client) -> None:
    api = f"/api/v1/w/{cast.workspace.slug}/conversations/"
    listed = dewi.get(api).json()["results"]
    assert [(row["contact"], row["preview"]) for row in listed] == [("Rina Maharani", "Dua botol pecah!")]
    pk = listed[0]["id"]
    answers = f"{api}{pk}/answers/"
    stale = dewi.post(answers, {"text": "Halo", "last_seen": 0}, content_type="application/json")
    assert stale.status_code == 409
    sent = dewi.post(answers, {"text": "Halo", "last_seen": newest(cast)}, content_type="application/json")
    assert (sent.status_code, sent.json()["state"]) == (201, "scheduled")
    assert len(dewi.get(f"{api}{pk}/").json()["messages"]) == 2


def test_the_customer_who_waits_longest_comes_first(cast: Cast, account: Account, dewi: Client) -> None:
    hear(account, [said("c2", "Baru saja", who=BAGUS, minute=30)])
    page = dewi.get(desk(cast)).content.decode()
    assert page.index("Dua botol pecah!") < page.index("Baru saja")


@pytest.mark.parametrize("more", [0, 39])
def test_the_queue_costs_the_same_for_one_and_for_forty(cast: Cast, account: Account, dewi: Client, more: int) -> None:
    hear(account, [said(f"n{n}", f"halo {n}", who=BAGUS, minute=n) for n in range(more)])
    dewi.get(desk(cast))
    with baseline.queries("inbox"):
        dewi.get(desk(cast))


def test_a_conversation_costs_the_same_for_one_and_for_forty_messages(
    cast: Cast, account: Account, dewi: Client
) -> None:
    hear(account, [said(f"n{n}", f"halo {n}", minute=n, parent="c1") for n in range(39)])
    dewi.get(desk(cast, f"{conversation(cast).pk}/"))
    with baseline.queries("conversation"):
        dewi.get(desk(cast, f"{conversation(cast).pk}/"))


def test_every_act_leaves_a_line(cast: Cast, account: Account, dewi: Client) -> None:
    c = conversation(cast)
    dewi.post(desk(cast, f"{c.pk}/deal/"), {"do": "assign", "to": cast.dewi.pk})
    dewi.post(desk(cast, f"{c.pk}/answer/"), {"text": "Halo", "last_seen": newest(cast), "then": "resolve"})
    with entered(cast.workspace.pk):
        verbs = list(AuditEntry.objects.filter(thing=f"conversation:{c.pk}").values_list("verb", flat=True))
    assert verbs == ["answered", "assigned"]
