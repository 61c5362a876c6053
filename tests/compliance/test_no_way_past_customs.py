"""There is no way past customs. Each way is tried with both walls, with either, and with none: then it gets out.

Wall one is the house's gate (publishing.actions.gate), wall two the database's own refusal (guard_publication). A way
that stayed shut without walls would prove nothing, so every test here also shows itself red.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import date, datetime, timedelta

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections, transaction
from django.test import Client
from django.utils import timezone

from campaigns.actions import bulk, placing, repeating, writing
from campaigns.models import Campaign, Plan, Post, Series
from campaigns.protocol import Draft, Version
from campaigns.queries import told
from campaigns.rules import wall_time
from campaigns.tasks import run_plan
from compliance import registry
from compliance.actions import decide, screen
from compliance.models import Case, Connection, Endorser, Policy
from networks.models import Account
from networks.protocol import Content, Target, TargetKind
from publishing import actions as office
from publishing.actions import claim, gate
from publishing.models import Attempt, Publication
from publishing.protocol import Stopped
from social_crm.actions.answering import answer
from social_crm.models import Conversation, Message
from tests.campaigns import desk
from tests.cast import Cast
from tests.social_crm.test_ingest import hear, said
from workspaces.tenancy import entered

HIDDEN = "I love the new Sagara cold brew, it is a miracle cure for every morning."
OPEN = "Ad: I love the new Sagara cold brew every morning."
GATE, DATABASE = "gate", "database"
GUARD = "publishing_publication.guard_publication"
DESK = "compliance_decision.guard_decision"
VERDICTS = "compliance_verdict.compliance_verdict_append_only"
DECISIONS = "compliance_decision.compliance_decision_append_only"
WALLS = [
    pytest.param({GATE, DATABASE}, id="both"),
    pytest.param({GATE}, id="gate"),
    pytest.param({DATABASE}, id="database"),
]
State = Publication.State


class House:
    """A workspace with a paid endorser, her campaign, a channel, a phrase counsel banned; and the walls that stand."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.bob, self.workspace = cast, cast.bob, cast.workspace
        self.account = desk.channel("x")
        self.nadia = Endorser.objects.create(name="Nadia", place="US", language="en")
        paid = {"brand": "Sagara", "kind": "payment", "value": 300, "currency": "USD", "starts_on": date(2026, 1, 1)}
        Connection.objects.create(endorser=self.nadia, **paid)
        self.campaign = Campaign.objects.create(name="Hers", brand="Sagara", endorser=self.nadia)
        banned = {"phrase": "miracle cure", "severity": "block"}
        Policy.objects.create(rule="banned_phrase", parameters=banned, starts_on=date(2026, 1, 1), reason="Legal")
        self.client = Client()
        self.client.force_login(cast.bob.user)

    def at(self, path: str) -> str:
        return f"/w/{self.workspace.slug}/{path}"

    def draft(self, text: str = HIDDEN, **version: object) -> Post:
        given = Draft(
            text=text,
            language="en",
            versions=(Version(self.account.pk, **version),),  # type: ignore[arg-type]
            campaign_id=self.campaign.pk,
        )
        return writing.draft(given, by=self.bob)

    def scheduled(self, text: str = OPEN, **version: object) -> Post:
        return placing.schedule(self.draft(text, **version), at=desk.soon(), by=self.bob)

    def enqueue(self, text: str = HIDDEN) -> Publication:
        return office.enqueue(
            Content(text=text, language="en"),
            account=self.account,
            due_at=timezone.now(),
            by=self.bob,
            endorser=self.nadia,
            brands=("Sagara",),
        )

    def left(self) -> bool:
        """The clock strikes: whether any text that must not leave was taken in hand to be sent."""
        Publication.objects.filter(state=State.SCHEDULED).update(due_at=timezone.now() - timedelta(seconds=1))
        gone = []
        for pk in Publication.objects.order_by("pk").values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    gone += claim.claim_in(self.workspace.pk, [pk])
            except DatabaseError as refusal:
                assert "no passing verdict" in str(refusal)
        return any("miracle" in claimed.content.text for claimed in gone)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with entered(cast.workspace.pk, user_id=cast.bob.user_id):
        yield House(cast)


@contextmanager
def down(*walls: str) -> Iterator[None]:
    """The owner takes down the triggers named "table.trigger" (and what else kept the app out), until the end."""
    login = connections["owner"].settings_dict
    link = psycopg2.connect(
        host=login["HOST"],
        port=login["PORT"],
        user=login["USER"],
        password=login["PASSWORD"],
        dbname=login["NAME"],
    )
    link.autocommit = True
    pairs = [wall.split(".") for wall in walls]
    with closing(link), link.cursor() as cursor:
        for table, trigger in pairs:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}; GRANT UPDATE ON {table} TO gardu_app")
        try:
            yield
        finally:
            for table, trigger in pairs:
                kept = "" if table == "publishing_publication" else f"; REVOKE UPDATE ON {table} FROM gardu_app"
                cursor.execute(f"SET lock_timeout = '20s'; ALTER TABLE {table} ENABLE TRIGGER {trigger}{kept}")


# --- the ways -------------------------------------------------------------------------------------


def by_web(house: House) -> None:
    sent = {
        "text": HIDDEN,
        "language": "en",
        "accounts": [house.account.pk],
        "campaign": house.campaign.pk,
        "local_at": desk.soon().isoformat(),
        "verb": "schedule",
    }
    assert house.client.post(house.at("posts/new/"), sent).status_code in {302, 422}


def by_api(house: House) -> None:
    sent = {
        "text": HIDDEN,
        "language": "en",
        "campaign": house.campaign.pk,
        "accounts": [house.account.pk],
        "local_at": desk.soon().isoformat(),
        "schedule": True,
    }
    at = f"/api/v1/w/{house.workspace.slug}/posts/"
    assert house.client.post(at, sent, content_type="application/json").status_code in {201, 422}


def by_csv(house: House) -> None:
    day = (timezone.now() + timedelta(days=1)).date().isoformat()
    plan = f'date,time,channels,text,campaign,language\n{day},08:00,x,"{HIDDEN}",Hers,en\n'
    house.client.post(house.at("plans/"), {"plan": SimpleUploadedFile("plan.csv", plan.encode())})
    made = Plan.objects.get()
    house.client.post(house.at(f"plans/{made.pk}/confirm/"))
    run_plan(made.pk, house.workspace.pk)


def by_bulk(house: House) -> None:
    """Held after an edit, then moved with others."""
    posts = [house.scheduled() for _ in range(2)]
    edit(house, posts[0])
    bulk.move_many([post.pk for post in posts], bulk.later(60), by=house.bob)


def by_recurrence(house: House) -> None:
    tomorrow = wall_time(timezone.now(), desk.ZONE).date() + timedelta(days=1)
    series = Series(name="Menu", every="day", at=datetime(2026, 1, 1, 9).time(), zone=desk.ZONE, starts_on=tomorrow)
    series = repeating.begin_series(series, [house.draft()], by=house.bob)
    repeating.make_ahead(series, now=timezone.now())


def by_reply(house: House) -> None:
    account = Account.objects.create(network="facebook", uid="page", name="Sagara")
    hear(account, [said("c1", "Does it help?")])
    talk = Conversation.objects.get()
    newest = Message.objects.latest("pk").pk
    try:
        answer(talk, text="It is a miracle cure.", last_seen=newest, by=house.cast.dewi)
    except Stopped:
        return


def by_first_comment(house: House) -> None:
    """The post itself is fine and live; its comment is not."""
    given = {"account": desk.channel("facebook"), "due_at": timezone.now(), "by": house.bob}
    parent = office.enqueue(Content(text=desk.PLAIN, language="id"), **given)  # type: ignore[arg-type]
    comment, target = Content(text="By the way, a miracle cure."), Target(TargetKind.COMMENT, post_id="")
    with suppress(Stopped):
        office.enqueue(comment, parent=parent, target=target, **given)  # type: ignore[arg-type]
    assert _due(house, parent)
    Attempt.objects.filter(publication=parent).update(result="succeeded")
    Publication.objects.filter(pk=parent.pk).update(state="published", remote_id="9", published_at=timezone.now())


def _due(house: House, publication: Publication) -> list[claim.Claimed]:
    Publication.objects.filter(pk=publication.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    return claim.claim_in(house.workspace.pk, [publication.pk])


def by_retry(house: House) -> None:
    """Fine when it was first tried, but the try came to nothing; counsel bans its words before the next one."""
    Policy.objects.create(rule="banned_phrase", on=False, replaces=Policy.objects.get(), starts_on=date(2026, 1, 1))
    publication = house.enqueue(f"Ad: {HIDDEN}")
    assert _due(house, publication)
    Attempt.objects.filter(publication=publication).update(result="later")
    Publication.objects.filter(pk=publication.pk).update(state="scheduled", lease_until=None)
    banned = {"phrase": "miracle cure", "severity": "block"}
    Policy.objects.create(rule="banned_phrase", parameters=banned, starts_on=date(2026, 1, 1), reason="Legal")
    publication.refresh_from_db()


def by_release(house: House) -> None:
    """Held, and then let go by hand."""
    post = house.scheduled()
    edit(house, post)
    publication = Publication.objects.get()
    office.release(publication, by=house.bob)
    office.publish_now(publication, by=house.bob)


def by_edit_after_approval(house: House) -> None:
    """An officer approved other words."""
    content = Content(text="#sp I love the new Sagara cold brew", language="en")
    asked = {"account_network": "x", "endorser": house.nadia, "workspace": house.workspace, "brands": ("Sagara",)}
    verdict = screen(content, on=timezone.now().date(), **asked)  # type: ignore[arg-type]
    if verdict.outcome == "review":
        case = Case.objects.create(verdict=verdict, key="k", title="t", content=content.as_json(), network="x")
        decide(case, choice="approve", reason="Clear in context", by=house.cast.omar)
    edit(house, house.scheduled())


def edit(house: House, post: Post) -> None:
    given = Draft(text=HIDDEN, language="en", versions=(Version(house.account.pk),), campaign_id=house.campaign.pk)
    writing.save(told(post.pk), given, version=told(post.pk).version, by=house.bob)


WAYS = [
    by_web,
    by_api,
    by_csv,
    by_bulk,
    by_recurrence,
    by_reply,
    by_first_comment,
    by_retry,
    by_release,
    by_edit_after_approval,
]


class TestEveryWay:
    """With both walls, with either, and with none."""

    @pytest.fixture(params=["both", GATE, DATABASE, "none"], autouse=True)
    def walls(
        self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, django_db_setup: None
    ) -> Iterator[str]:
        # Before the test's own transaction, and up again after it: the owner's statement waits for nobody.
        if request.param in {DATABASE, "none"}:
            monkeypatch.setattr(gate, "passes", lambda _verdict: True)
        with nullcontext() if request.param in {"both", DATABASE} else down(GUARD):
            yield request.param

    @pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
    def test_no_way_leads_past_a_wall(self, walls: str, cast: Cast, way: Callable[[House], None]) -> None:
        with entered(cast.workspace.pk, user_id=cast.bob.user_id):
            house = House(cast)
            way(house)
            assert house.left() is (walls == "none")


# --- the checker is away, or the clock is wrong ---------------------------------------------------


@pytest.mark.parametrize("caught", [True, False], ids=["caught", "let pass"])
def test_a_rule_that_breaks_lets_nothing_pass(house: House, caught: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that cannot answer makes a case for a person; without that (mutant) the text would be allowed."""

    def broken(*_args: object) -> None:
        raise RuntimeError("the word list is gone")

    for code in ("undisclosed", "banned_phrase"):
        monkeypatch.setattr(registry.get(code), "check", broken)
    if not caught:
        monkeypatch.setattr(registry, "_failed", lambda _rule: None)
        monkeypatch.setattr(registry, "_outcome", lambda findings: "allow" if not any(findings) else "review")
    try:
        house.enqueue()
    except Stopped:
        pass
    except AttributeError:  # the mutant breaks on sorting, which lets nothing pass either
        return
    assert house.left() is not caught


@pytest.mark.parametrize("mutant", [False, True], ids=["as it is", "says yes when it is away"])
def test_a_check_that_cannot_be_made_lets_nothing_leave(
    house: House, mutant: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    Policy.objects.create(rule="banned_phrase", on=False, replaces=Policy.objects.get(), starts_on=date(2026, 1, 1))
    house.enqueue(f"Ad: {HIDDEN}")
    Connection.objects.update(value=999)  # other records ask for another verdict, and the checker is away

    def away(*_args: object, **_more: object) -> None:
        raise RuntimeError("the checker is away")

    monkeypatch.setattr(gate, "screen", away)
    if mutant:
        monkeypatch.setattr(claim, "_screened", lambda _publication, _now: True)
    assert house.left() is mutant


@pytest.mark.parametrize("mutant", [False, True], ids=["the database's clock", "our own clock"])
def test_a_clock_set_back_to_before_the_contract_lets_nothing_leave(
    house: House, mutant: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a web server's clock she was not paid yet, and nothing was banned; the claim goes by PostgreSQL's."""
    real = timezone.now

    def long_ago() -> datetime:
        return real() - timedelta(days=3650)

    with monkeypatch.context() as patch:
        patch.setattr(gate.timezone, "now", long_ago)
        publication = house.enqueue()
    assert publication.state == State.SCHEDULED, "nothing stood against it by that clock"
    Publication.objects.filter(pk=publication.pk).update(due_at=real() - timedelta(seconds=1))
    monkeypatch.setattr(gate.timezone, "now", long_ago)
    if mutant:
        asked = claim.screened
        monkeypatch.setattr(claim, "screened", lambda publication, content, on: asked(publication, content))
    with transaction.atomic():
        assert bool(claim.claim_in(house.workspace.pk, [publication.pk])) is mutant
