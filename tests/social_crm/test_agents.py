"""What colleagues do with each other: name, hand up, let go; what a network allows; and what a customer thinks."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from networks import registry
from networks.models import Account
from networks.protocol import Act, Acts, EventKind, Moderates, Windows
from publishing.models import Publication
from social_crm import actions, queries, tasks
from social_crm.models import Conversation, Draft, Label, Message, Rating, SavedReply, Seen
from tests.cast import Cast
from tests.social_crm.test_ingest import hear, said
from workspaces.models import Notice
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
HIDING = next(n.slug for n in registry.every() if isinstance(n, Acts) and n.acts >= {Act.HIDE, Act.LIKE})
CLOSING = next(n for n in registry.every() if isinstance(n, Windows))


@pytest.fixture
def account(cast: Cast) -> Account:
    with entered(cast.workspace.pk):
        account = Account.objects.create(network=HIDING, uid="page", name="Teras Kopi")
    hear(account, [said("c1", "Dua botol pecah!")])
    return account


@pytest.fixture
def talk(cast: Cast, account: Account) -> Iterator[Conversation]:
    with entered(cast.workspace.pk):
        yield Conversation.objects.get()


def desk(cast: Cast, rest: str = "") -> str:
    return f"/w/{cast.workspace.slug}/inbox/{rest}"


def answered(talk: Conversation, cast: Cast, **more: object) -> Message:
    fresh = Conversation.objects.get(pk=talk.pk)
    return actions.answer(fresh, text="Kami kirim ulang.", last_seen=fresh.newest_message, by=cast.dewi, **more)  # type: ignore[arg-type]


def test_whoever_is_named_in_a_note_is_told_once(cast: Cast, talk: Conversation) -> None:
    actions.note(talk, text="@bob tolong cek gudang, cc @dewi", by=cast.dewi)
    [notice] = Notice.objects.filter(kind="inbox-named")
    assert notice.member == cast.bob and "tolong cek gudang" in notice.body


def test_compliance_is_asked_for_its_word_and_the_question_goes_when_it_is_resolved(
    cast: Cast, talk: Conversation
) -> None:
    actions.one(talk, actions.escalating("compliance"), by=cast.dewi)
    told = {notice.member for notice in Notice.objects.filter(kind="inbox-escalated")}
    assert told == {cast.alice, cast.omar}  # the owner and the officer may decide
    assert [each.pk for each in queries.look(queries.Choice(view="escalated"), member=cast.omar).rows] == [talk.pk]
    actions.one(talk, actions.resolving(), by=cast.dewi)
    assert talk.escalated_to == ""


def ended(**how: object) -> None:
    """The post office sent it, and this came of it."""
    Publication.objects.update(state="publishing", lease_until=timezone.now(), fence=1)
    Publication.objects.update(**how, lease_until=None)


def rules(cast: Cast, **more: object) -> None:
    usual = {"always_open": True, "week": {}, "holidays": [], "approved_roles": [], "asks_rating": False}
    actions.set_rules(**{**usual, **more}, by=cast.alice)  # type: ignore[arg-type]


def test_an_agents_answer_waits_until_a_colleague_lets_it_go(cast: Cast, talk: Conversation) -> None:
    rules(cast, approved_roles=["agent"])
    message = answered(talk, cast)
    assert message.publication is not None and message.publication.state == "awaiting_approval"
    talk.refresh_from_db()
    assert (talk.status, talk.to_approve, talk.due_at is not None) == ("open", True, True)  # the customer still waits
    with pytest.raises(ValueError):
        actions.approve(message, by=cast.dewi)
    actions.approve(message, by=cast.bob)
    talk.refresh_from_db()
    assert (talk.status, talk.to_approve, talk.due_at) == ("waiting", False, None)
    assert Publication.objects.get().state == "scheduled"


def test_an_answer_that_is_given_back_is_the_writers_draft(cast: Cast, talk: Conversation) -> None:
    rules(cast, approved_roles=["agent"])
    actions.take_back(answered(talk, cast), by=cast.bob)
    assert Draft.objects.get().member == cast.dewi
    assert Conversation.objects.values_list("to_approve", "newest_message").get() == (False, Message.objects.get().pk)


def test_an_answer_that_did_not_go_out_brings_the_conversation_back(cast: Cast, talk: Conversation) -> None:
    message = answered(talk, cast, resolve=True)
    ended(state="refused", reason="It is too long.")
    with entered(cast.workspace.pk):
        actions.settle(message.pk)
    talk.refresh_from_db()
    assert (talk.status, talk.woke, talk.due_at is not None) == ("open", "failed", True)
    assert Notice.objects.get(kind="inbox-failed").member == cast.dewi
    assert actions.settle(message.pk) is None


def test_the_clock_finds_the_answers_of_which_the_end_is_known(cast: Cast, account: Account) -> None:
    with entered(cast.workspace.pk):
        answered(Conversation.objects.get(), cast)
        ended(state="published", remote_id="r77", url="https://n.example/r77", published_at=timezone.now())
    tasks.tend()
    with entered(cast.workspace.pk):
        assert Message.objects.get(direction="out").remote_id == "r77"


def test_what_a_network_does_not_allow_is_neither_offered_nor_done(cast: Cast, client: Client) -> None:
    client.force_login(cast.dewi.user)
    for network in registry.every():
        if not isinstance(network, Moderates):
            continue
        with entered(cast.workspace.pk):
            account = Account.objects.create(network=network.slug, uid=f"u{network.slug}", name="A")
        hear(account, [said(f"c-{network.slug}", "Pecah")])
        with entered(cast.workspace.pk):
            message = Message.objects.select_related("account", "conversation").get(account=account)
            allowed = queries.acts_on(message)
        page = client.get(desk(cast, f"{message.conversation_id}/")).content.decode()
        assert ('"deed": "remove"' in page) == (Act.REMOVE in allowed)
        assert ('"deed": "hide"' in page) == (Act.HIDE in allowed)
        assert ('"deed": "like"' in page) == (Act.LIKE in allowed)
        for deed, act in (("remove", Act.REMOVE), ("like", Act.LIKE)):
            if act not in allowed:
                with pytest.raises(ValueError):
                    actions.at_network(message, deed)


def test_a_private_answer_goes_only_while_the_network_keeps_the_window_open(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        account = Account.objects.create(network=CLOSING.slug, uid="page", name="Teras Kopi")
    hear(account, [said("m1", "Halo?", kind=EventKind.MESSAGE)])
    now = timezone.now()
    first, last = CLOSING.reply_windows[0], CLOSING.reply_windows[-1]
    with entered(cast.workspace.pk):
        talk = Conversation.objects.get()
        Conversation.objects.update(customer_at=now - first.lasts - timedelta(minutes=1))
        message = answered(talk, cast)
        assert message.publication is not None
        assert message.publication.content["options"] == {last.option: True}  # a person's own answer, marked so
        Conversation.objects.update(customer_at=now - last.lasts - timedelta(minutes=1))
        with pytest.raises(ValueError, match="7 days"):
            answered(talk, cast)


def test_a_saved_reply_fills_its_places_and_does_what_else_it_says(
    cast: Cast, account: Account, client: Client
) -> None:
    with entered(cast.workspace.pk):
        talk = Conversation.objects.get()
        label = Label.objects.create(name="Ganti")
        words = "Halo {{ first_name }}, maaf ya. {{agent}}"
        acts = [{"do": "label", "to": label.pk}, {"do": "priority", "to": 1}]
        reply = actions.keep_reply(shortcut="maaf", title="Maaf", text=words, acts=acts, by=cast.alice)
        with pytest.raises(ValueError):
            actions.keep_reply(shortcut="x1", title="X", text="{{ password }}", acts=[], by=cast.alice)
    client.force_login(cast.dewi.user)
    text = client.get(desk(cast, f"{talk.pk}/replies/{reply.pk}/")).json()["text"]
    assert text == "Halo Rina, maaf ya. Dewi"
    client.post(
        desk(cast, f"{talk.pk}/answer/"),
        {"text": text, "last_seen": talk.newest_message, "saved_reply": reply.pk},
    )
    with entered(cast.workspace.pk):
        talk.refresh_from_db()
        assert ([each.label for each in talk.labelled.all()], talk.priority) == ([label], 1)
        assert SavedReply.objects.get().used == 1


def test_a_customer_rates_without_an_account_and_a_forged_link_opens_nothing(
    cast: Cast, account: Account, client: Client
) -> None:
    with entered(cast.workspace.pk):
        link = actions.link_to(actions.make_rating(Conversation.objects.get()))
    path = link[link.index("/rate/") :]
    assert client.get(path).status_code == 200
    assert client.post(path, {"score": "9"}).status_code == 422
    assert client.post(path, {"score": "4", "comment": "Cepat"}).status_code == 200
    assert client.get(path[:-3] + "xx/").status_code == 404
    with entered(cast.workspace.pk):
        assert Rating.objects.values_list("score", "comment").get() == (4, "Cepat")


def test_what_is_new_is_new_to_each_by_themselves(cast: Cast, account: Account, client: Client) -> None:
    with entered(cast.workspace.pk):
        talk = Conversation.objects.get()
        actions.read(talk, by=cast.bob)
        assert queries.seen_by([talk], cast.bob) == {talk.pk}
        assert queries.seen_by([talk], cast.dewi) == set()
        actions.unread(talk, by=cast.bob)
        assert not Seen.objects.exists()
        assert Conversation.objects.get().unread == 1


API: list[tuple[str, str, Callable[[Conversation], object]]] = [
    ("resolve", "", lambda c: c.status == "resolved"),
    ("reopen", "", lambda c: c.status == "open"),
    ("assign", "me", lambda c: c.assignee is not None),
    ("priority", "2", lambda c: c.priority == 2),
    ("escalate", "marketing", lambda c: c.escalated_to == "marketing"),
]


def test_programs_do_what_people_do(cast: Cast, account: Account, client: Client) -> None:
    client.force_login(cast.dewi.user)
    api = f"/api/v1/w/{cast.workspace.slug}/conversations/"
    with entered(cast.workspace.pk):
        talk = Conversation.objects.get()
    for do, to, holds in API:
        asked = {"conversations": [talk.pk], "do": do, "to": to}
        done = client.post(f"{api}deal/", asked, content_type="application/json")
        assert (done.status_code, done.json()["changed"]) == (200, 1)
        with entered(cast.workspace.pk):
            assert holds(Conversation.objects.get()), do
    wrong = client.post(f"{api}deal/", {"conversations": [talk.pk], "do": "snooze"}, content_type="application/json")
    assert wrong.status_code == 400
    noted = client.post(f"{api}{talk.pk}/notes/", {"text": "Cek"}, content_type="application/json")
    assert noted.status_code == 201


def test_only_who_runs_the_desk_changes_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.dewi.user)
    assert client.get(desk(cast, "desk/")).status_code == 403
    client.force_login(cast.alice.user)
    assert client.get(desk(cast, "desk/")).status_code == 200
    closed = {"opens_0": "09:00", "closes_0": "17:00", "holidays": "2026-12-25 Natal"}
    assert client.post(desk(cast, "desk/rules/"), {**closed, "holidays": "Natal"}).status_code == 422
    assert client.post(desk(cast, "desk/rules/"), closed).status_code == 302
    account = {"name": "Cepat", "first": "15", "following": "30", "resolve": "480"}
    assert client.post(desk(cast, "desk/promises/"), account).status_code == 302
    with entered(cast.workspace.pk):
        brand = Account.objects.create(network=HIDING, uid="page", name="Teras Kopi")
    hear(brand, [said("c1", "Pecah")])  # Tuesday noon: closed until Monday
    with entered(cast.workspace.pk):
        due = timezone.localtime(Conversation.objects.get().due_at)
        assert (due.weekday(), Conversation.objects.get().due_for) == (0, "first")
