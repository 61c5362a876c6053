"""Whatever order a network tells it in, however often, the inbox ends up the same: nothing lost, nothing twice."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from networks.models import Account
from networks.protocol import Event, EventKind, Person
from social_crm.actions import keep, process, replay
from social_crm.models import Contact, Conversation, InboundEvent, Message
from tests.cast import Cast
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
RINA = Person(uid="rina", name="Rina Maharani", handle="rina.mhrn")
BAGUS = Person(uid="bagus", name="Bagus Prakoso")
US = Person(uid="page", name="Teras Kopi")


def said(
    message_id: str,
    text: str,
    *,
    minute: int = 0,
    who: Person = RINA,
    kind: EventKind = EventKind.COMMENT,
    parent: str = "",
) -> Event:
    at = NOON + timedelta(minutes=minute)
    return Event(
        key=f"{kind}:{message_id}:{minute}",
        kind=kind,
        account_uid="page",
        message_id=message_id,
        post_id="post",
        author=who,
        text=text,
        at=at,
        parent_id=parent,
    )


@pytest.fixture
def account(cast: Cast) -> Account:
    with entered(cast.workspace.pk):
        return Account.objects.create(network="n", uid="page", name="Teras Kopi")


def hear(account: Account, events: list[Event]) -> None:
    with entered(account.workspace_id):
        for event_id in keep(account, events):
            process(event_id)


def picture(account: Account) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """The inbox as an agent would describe it."""
    with entered(account.workspace_id):
        return [
            (
                conversation.kind,
                conversation.contact.name if conversation.contact else "",
                [(m.text, str(m.direction), m.removed_at is not None) for m in conversation.messages.all()],
            )
            for conversation in Conversation.objects.order_by("object_id")
        ]


def test_a_complaint_opens_a_conversation_with_its_author(account: Account) -> None:
    hear(account, [said("c1", "Dua botol pecah!")])
    assert picture(account) == [("comment", "Rina Maharani", [("Dua botol pecah!", "in", False)])]
    with entered(account.workspace_id):
        conversation = Conversation.objects.get()
        assert (conversation.unread, conversation.preview, conversation.waiting_since) == (1, "Dua botol pecah!", NOON)
        assert conversation.due_at == NOON + timedelta(hours=1)


def test_the_same_event_ten_times_is_one_message(account: Account) -> None:
    for _ in range(10):
        hear(account, [said("c1", "Halo")])
    with entered(account.workspace_id):
        assert (InboundEvent.objects.count(), Message.objects.count()) == (1, 1)


def test_two_customers_under_one_post_are_two_conversations(account: Account) -> None:
    hear(account, [said("c1", "Pecah"), said("c2", "Enak", who=BAGUS, minute=1)])
    assert [row[1] for row in picture(account)] == ["Rina Maharani", "Bagus Prakoso"]


def test_an_edit_shows_the_newest_words_whenever_it_arrives(account: Account) -> None:
    first = said("c1", "Pecah satu", minute=0)
    later = replace(said("c1", "Pecah dua", minute=3), kind=EventKind.EDITED, key="edit-3")
    earlier = replace(said("c1", "Pecah eh", minute=2), kind=EventKind.EDITED, key="edit-2")
    hear(account, [first, later, earlier])
    with entered(account.workspace_id):
        assert Message.objects.get().text == "Pecah dua"


def test_a_removal_that_overtakes_its_message_is_remembered(account: Account) -> None:
    gone = replace(said("c1", "", minute=5), kind=EventKind.DELETED, key="gone")
    hear(account, [gone, said("c1", "Pecah", minute=0)])
    assert picture(account)[0][2] == [("Pecah", "in", True)]


def test_an_event_nobody_understands_is_parked_with_its_reason_and_can_be_replayed(account: Account) -> None:
    with entered(account.workspace_id):
        row = InboundEvent.objects.create(account=account, key="odd", payload={"kind": "comment"})
        for _ in range(20):
            process(row.pk)
        row.refresh_from_db()
        assert row.state == InboundEvent.State.PARKED
        assert "KeyError" in row.error
        row.payload = InboundEvent.objects.get(pk=_kept(account)).payload
        row.save()
        process(replay(row).pk)
        row.refresh_from_db()
        assert row.state == InboundEvent.State.PROCESSED
        assert Message.objects.get().text == "Mended"


def _kept(account: Account) -> int:
    return keep(account, [said("c9", "Mended")])[0]


def story() -> list[Event]:
    """A busy hour: six customers, answers among each other, edits and removals."""
    events = []
    for n in range(6):
        who = Person(uid=f"u{n}", name=f"Customer {n}")
        events.append(said(f"c{n}", f"hello {n}", who=who, minute=n))
        events.append(said(f"c{n}-again", f"more {n}", who=who, minute=n + 10, parent=f"c{n}"))
        events.append(replace(said(f"c{n}", f"hello again {n}", who=who, minute=n + 20), kind=EventKind.EDITED))
        events.append(said(f"m{n}", f"private {n}", who=who, minute=n, kind=EventKind.MESSAGE))
        if n % 2:
            events.append(replace(said(f"c{n}-again", "", who=who, minute=n + 30), kind=EventKind.DELETED))
    return events


def private(event: Event) -> Event:
    return replace(event, post_id=event.author.uid) if event.kind is EventKind.MESSAGE else event


@pytest.mark.parametrize("seed", range(5))
def test_any_order_with_duplicates_and_replays_gives_the_same_inbox(
    cast: Cast, account: Account, seed: int, make_account: Callable[[str], Account]
) -> None:
    events = [private(event) for event in story()]
    hear(account, events)
    want = picture(account)
    other = make_account("other")
    shuffled = [replace(event, account_uid="other") for event in events] * 3
    random.Random(seed).shuffle(shuffled)
    for event in shuffled:
        hear(other, [event])
    with entered(account.workspace_id):
        contacts = Contact.objects.count()
        assert contacts == 6
        got = [
            (
                c.kind,
                c.contact.name,
                sorted((m.text, str(m.direction), m.removed_at is not None) for m in c.messages.all()),
            )
            for c in Conversation.objects.filter(account=other).order_by("object_id")
        ]
    assert got == [(kind, name, sorted(lines)) for kind, name, lines in want]


@pytest.fixture
def make_account(cast: Cast) -> Callable[[str], Account]:
    def make(uid: str) -> Account:
        with entered(cast.workspace.pk):
            return Account.objects.create(network="n", uid=uid, name=uid)

    return make
