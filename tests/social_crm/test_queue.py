"""The queue: every page along an index, numbers that are always right, and nothing that is ever forgotten."""

import random
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from networks.models import Account
from networks.registry import slugs
from social_crm import actions, queries, tasks
from social_crm.models import Agent, Conversation, InboundEvent, Label, Labelled, Message, Tally, Team
from social_crm.queries import Choice
from social_crm.queries.choosing import chosen
from tests import database
from tests.cast import Cast
from tests.social_crm.test_ingest import BAGUS, hear, said
from workspaces.models import Notice
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
Status = Conversation.Status


@pytest.fixture
def account(cast: Cast) -> Account:
    with entered(cast.workspace.pk):
        return Account.objects.create(network=slugs()[0], uid="page", name="Teras Kopi")


@pytest.fixture
def here(cast: Cast) -> Iterator[None]:
    with entered(cast.workspace.pk):
        yield


def make(account: Account, number: int, **more: object) -> list[Conversation]:
    """Conversations straight into the table, as a network would bring them one by one."""
    now = timezone.now()
    start = Conversation.objects.count()
    rows = [
        Conversation(
            workspace_id=account.workspace_id,
            account=account,
            kind="comment",
            object_id=f"o{start + n}",
            last_activity=now - timedelta(minutes=n),
            **more,
        )
        for n in range(number)
    ]
    return Conversation.objects.bulk_create(rows)


def everywhere(account: Account, cast: Cast) -> None:
    """Conversations in every lane and with every mark, and a label on some; enough that an index pays."""
    now = timezone.now()
    team = Team.objects.create(name="Toko")
    make(account, 600, status=Status.RESOLVED)
    make(account, 300, due_at=now + timedelta(hours=3), unread=1)
    make(account, 60, assignee=cast.dewi)
    make(account, 60, team=team, priority=1)
    make(account, 60, status=Status.SNOOZED, snoozed_until=now + timedelta(hours=1))
    make(account, 40, status=Status.WAITING)
    make(account, 30, escalated_to="compliance")
    make(account, 30, to_approve=True)
    label = Label.objects.create(name="Keluhan")
    worn = Conversation.objects.order_by("pk")[600:900:3]
    Labelled.objects.bulk_create(
        [Labelled(workspace_id=account.workspace_id, conversation=each, label=label) for each in worn]
    )
    with connection.cursor() as cursor:
        for table in ("conversation", "labelled"):
            cursor.execute(f"ANALYZE social_crm_{table}")


VIEWS = [f"view={name}" for name in queries.VIEWS if name != "spam"]
VIEWS += ["network={network}", "label={label}", "team={team}"]


def plan(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_every_list_is_a_walk_along_an_index_at_any_depth(cast: Cast, account: Account, here: None) -> None:
    database.let_analyze("social_crm_conversation", "social_crm_labelled")
    everywhere(account, cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # sixty rows are quickly sorted: could it walk as well?
    names = {"network": slugs()[0], "label": Label.objects.get().pk, "team": Team.objects.get().pk}
    now = timezone.now()
    for view in VIEWS:
        query = dict([view.format(**names).split("=")])
        first = queries.look(Choice.read(query), member=cast.dewi, now=now)
        deeper = {**query, "after": str(first.next)} if first.next else query
        for choice in (Choice.read(query), Choice.read(deeper)):
            with CaptureQueriesContext(connection) as captured:
                queries.page(choice, member=cast.dewi, now=now)
            walk = next(q["sql"] for q in captured if "urgency" in q["sql"] and "LIMIT" in q["sql"])
            assert not re.search(r"Seq Scan|Sort", plan(walk)), f"{view}:\n{walk}\n{plan(walk)}"


def test_pages_show_every_conversation_once_in_the_order_of_what_is_due(
    cast: Cast, account: Account, here: None
) -> None:
    now = timezone.now()
    make(account, 50, due_at=now + timedelta(hours=1))  # all due at the same moment
    make(account, 45)
    choice, found = Choice(), []
    while True:
        page = queries.look(choice, member=cast.dewi, now=now)
        found += page.rows
        if page.next is None:
            break
        choice = Choice(after=page.next)
    assert len(found) == len({each.pk for each in found}) == 95
    assert [each.due_at is not None for each in found] == [True] * 50 + [False] * 45
    assert [each.last_activity for each in found[50:]] == sorted((e.last_activity for e in found[50:]), reverse=True)


def counted(cast: Cast) -> dict[str, int]:
    """What the views really hold, by counting."""
    now = timezone.now()
    numbers = {
        view: chosen(Choice(view=view), member=cast.dewi, now=now).count() for view in queries.VIEWS if view != "due"
    }
    label = Label.objects.get()
    numbers["label"] = Labelled.objects.filter(label=label, conversation__lane=1).count()
    return {name: number for name, number in numbers.items() if number}


def tallied(cast: Cast) -> dict[str, int]:
    names = {"mentions": "kind:mention", "waiting": "status:waiting", "mine": f"mine:{cast.dewi.pk}"}
    names["label"] = f"label:{Label.objects.get().pk}"
    known = queries.all_numbers()
    found = {view: known.get(names.get(view, view), 0) for view in (*queries.VIEWS, "label") if view != "due"}
    return {name: number for name, number in found.items() if number}


def test_the_numbers_of_the_views_are_right_after_whatever_was_done(cast: Cast, account: Account, here: None) -> None:
    dice = random.Random(4)
    label = Label.objects.create(name="Keluhan")
    team = Team.objects.create(name="Toko")
    make(account, 12, unread=1)
    changes: list[Callable[[], actions.Change]] = [
        actions.resolving,
        actions.reopening,
        actions.spamming,
        lambda: actions.snoozing(timezone.now() + timedelta(hours=1)),
        lambda: actions.assigning(cast.dewi),
        lambda: actions.moving_to(team),
        lambda: actions.pressing(1),
        lambda: actions.labelling(label),
        lambda: actions.labelling(label, off=True),
        lambda: actions.escalating("compliance"),
    ]
    pks = list(Conversation.objects.values_list("pk", flat=True))
    for _ in range(14):
        deed = actions.deal(dice.sample(pks, 4), dice.choice(changes)(), by=cast.dewi)
        assert tallied(cast) == counted(cast)
        if dice.random() < 0.3:
            actions.undo(deed, by=cast.dewi)
            assert tallied(cast) == counted(cast)
    Conversation.objects.filter(pk=pks[0]).delete()
    rows = Tally.objects.count()
    assert queries.fold() == rows
    assert tallied(cast) == counted(cast)
    assert Tally.objects.count() < rows


def test_the_numbers_cost_one_query(cast: Cast, account: Account, here: None) -> None:
    make(account, 30)
    with CaptureQueriesContext(connection) as captured:
        queries.all_numbers()
    assert len(captured) == 1 and "social_crm_conversation" not in captured[0]["sql"]


def test_a_snoozed_conversation_comes_back_however_long_ago_its_time_was(cast: Cast, account: Account) -> None:
    with entered(cast.workspace.pk):
        make(account, 700)  # much newer
        old = make(account, 1)[0]
        deed = actions.one(old, actions.snoozing(timezone.now() + timedelta(days=1)), by=cast.dewi)
        Conversation.objects.filter(pk=old.pk).update(snoozed_until=timezone.now() - timedelta(days=400))
        assert deed.before[str(old.pk)]["status"] == "open"
    tasks.tend()
    with entered(cast.workspace.pk):
        old.refresh_from_db()
        assert (old.status, old.woke, old.snoozed_until) == ("open", "time", None)
        assert Notice.objects.get(kind="inbox-woke").member == cast.dewi


def test_a_customer_who_writes_wakes_it_earlier(cast: Cast, account: Account) -> None:
    hear(account, [said("c1", "Pecah")])
    with entered(cast.workspace.pk):
        actions.one(Conversation.objects.get(), actions.snoozing(timezone.now() + timedelta(days=1)), by=cast.dewi)
    hear(account, [said("c1b", "Halo?", minute=5, parent="c1")])
    with entered(cast.workspace.pk):
        woken = Conversation.objects.get()
        assert (woken.status, woken.woke, woken.snoozed_until) == ("open", "customer", None)


def test_a_missed_promise_is_noticed_once_and_told(cast: Cast, account: Account) -> None:
    hear(account, [said("c1", "Pecah")])
    with entered(cast.workspace.pk):
        actions.one(Conversation.objects.get(), actions.assigning(cast.dewi), by=cast.dewi)
        Conversation.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    tasks.tend()
    tasks.tend()
    with entered(cast.workspace.pk):
        assert Conversation.objects.get().missed_at is not None
        assert [notice.member for notice in Notice.objects.filter(kind="inbox-late")] == [cast.dewi]


def test_thanks_do_not_open_what_is_resolved_and_a_complaint_does(cast: Cast, account: Account) -> None:
    hear(account, [said("c1", "Pecah")])
    with entered(cast.workspace.pk):
        conversation = Conversation.objects.get()
        newest = Message.objects.get().pk
        actions.answer(conversation, text="Maaf ya", last_seen=newest, by=cast.dewi, resolve=True)
    now = int((timezone.now() - said("x", "").at).total_seconds() // 60) + 1
    hear(account, [said("c1b", "Makasih kak 🙏", minute=now, parent="c1")])
    with entered(cast.workspace.pk):
        assert Conversation.objects.values_list("status", "due_at").get() == ("resolved", None)
    hear(account, [said("c1c", "Yang ini juga pecah", minute=now + 1, parent="c1")])
    with entered(cast.workspace.pk):
        again = Conversation.objects.get()
        assert (again.status, again.due_for) == ("open", "next")
        assert again.waiting_since == said("x", "", minute=now + 1).at


def test_new_conversations_go_round_and_pass_by_whoever_is_away(cast: Cast, account: Account) -> None:
    with entered(cast.workspace.pk):
        mates = [cast.bob, cast.dewi, cast.alice]
        actions.set_team(None, name="Toko", sharing="in_turn", networks=[account.network], members=mates, by=cast.alice)
        actions.set_agent(cast.alice, away=True, by=cast.alice)
    hear(account, [said(f"c{n}", "Halo", minute=n) for n in range(4)])
    with entered(cast.workspace.pk):
        held = list(Conversation.objects.order_by("object_id").values_list("assignee", flat=True))
        assert held == [cast.bob.pk, cast.dewi.pk, cast.bob.pk, cast.dewi.pk]


def test_by_load_the_next_goes_to_who_has_the_least_and_room(cast: Cast, account: Account) -> None:
    with entered(cast.workspace.pk):
        mates = [cast.bob, cast.dewi]
        actions.set_team(None, name="Toko", sharing="by_load", networks=[account.network], members=mates, by=cast.alice)
        make(account, 2, assignee=cast.bob)
        Agent.objects.create(member=cast.dewi, capacity=1)
    hear(account, [said(f"c{n}", "Halo", minute=n) for n in range(2)])
    with entered(cast.workspace.pk):
        held = [c.assignee for c in Conversation.objects.filter(object_id__startswith="c").order_by("object_id")]
        assert held == [cast.dewi, cast.bob]  # Dewi is full after one


def test_many_at_once_are_undone_but_not_what_somebody_changed_meanwhile(
    cast: Cast, account: Account, here: None
) -> None:
    first, second, third = make(account, 3)
    deed = actions.deal([first.pk, second.pk, third.pk], actions.resolving(), by=cast.dewi)
    assert set(Conversation.objects.values_list("status", flat=True)) == {"resolved"}
    actions.one(second, actions.spamming(), by=cast.bob)
    assert actions.undo(deed, by=cast.bob) == 0  # not his deed
    assert actions.undo(deed, by=cast.dewi) == 2
    assert actions.undo(deed, by=cast.dewi) == 0
    assert dict(Conversation.objects.values_list("pk", "status")) == {
        first.pk: "open",
        second.pk: "spam",
        third.pk: "open",
    }


def test_search_finds_words_and_people_and_nothing_of_the_neighbours(cast: Cast, account: Account) -> None:
    hear(account, [said("c1", "Dua botol pecah!"), said("c2", "Enak sekali", who=BAGUS, minute=1)])
    with entered(cast.elsewhere.pk):
        other = Account.objects.create(network=slugs()[0], uid="page2", name="Elsewhere")
    hear(other, [said("z1", "Botol rahasia pecah")])

    def find(words: str) -> list[str]:
        with entered(cast.workspace.pk):
            page = queries.look(Choice(search=words), member=cast.dewi)
            return [each.preview for each in page.rows]

    assert find("botol pecah") == ["Dua botol pecah!"]
    assert find("bot") == ["Dua botol pecah!"]  # a word that is not finished
    assert find("bagus") == ["Enak sekali"]
    assert find("rahasia") == find("'; drop") == find("!!") == []


def test_an_event_in_a_queue_of_thousands_costs_what_it_costs_in_an_empty_one(cast: Cast, account: Account) -> None:
    def cost(name: str) -> int:
        with entered(cast.workspace.pk):
            [pk] = actions.keep(account, [said(name, "Halo")])
            with CaptureQueriesContext(connection) as captured:
                actions.process(pk)
            assert InboundEvent.objects.get(pk=pk).state == "processed"
        return len(captured)

    cost("warm")
    before = cost("c1")
    with entered(cast.workspace.pk):
        make(account, 500)
    assert cost("c2") == before
