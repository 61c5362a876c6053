"""The officers' desk: decisions that can be undone, overrides by two, deadlines that are told, policies tried first."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.actions import placing
from campaigns.actions.reviewed import place_reviewed
from campaigns.actions.reviewing import ask_about
from campaigns.models import Post
from campaigns.protocol import NotReady
from campaigns.queries import told
from compliance.actions import (
    CannotDecide,
    ask_override,
    assign_case,
    consent,
    decide,
    decide_alike,
    decline,
    dry_runs_queued,
    open_case,
    policy_of,
    set_policy,
    set_terms,
    tend,
    try_policy,
    withdraw,
)
from compliance.models import Case, Decision, DeskTerms, Policy, Verdict
from compliance.queries import Filters, passes, queue, standing, today, workload
from networks.protocol import Content
from publishing.actions.officers import with_officers
from publishing.actions.trying import try_on_last_posts
from publishing.models import Publication
from tests.campaigns.desk import ZONE, channel, soon, written
from tests.cast import Cast, person
from workspaces.models import Member, Notice
from workspaces.permissions import PERMISSIONS, Role
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
FINDING = {"code": "ambiguous", "severity": "review", "reason": "x", "source": "y", "span": None, "part": "text"}
NETWORK = "x"


@pytest.fixture
def desk(cast: Cast) -> Iterator[Cast]:
    with entered(cast.workspace.pk):
        yield cast


@pytest.fixture
def slow(settings: pytest.FixtureRequest) -> None:
    """Decisions can be undone for ten seconds, as in real life."""
    settings.COMPLIANCE_UNDO_SECONDS = 10  # type: ignore[attr-defined]  # pytest-django's settings


def verdict_on(text: str, outcome: str = "review", severity: str = "review") -> Verdict:
    return Verdict.objects.create(
        fingerprint=Content(text=text).fingerprint,
        context_digest="c" * 64,
        rules_version="r" * 64,
        network=NETWORK,
        outcome=outcome,
        findings=[{**FINDING, "severity": severity}],
    )


def a_case(text: str = "Halo", outcome: str = "review", **more: object) -> Case:
    verdict = verdict_on(text, outcome, "block" if outcome == "block" else "review")
    given = {"title": text, "by": None, "key": f"post:{text}", **more}
    return open_case(verdict, content=Content(text=text), **given)  # type: ignore[arg-type]


def second(desk: Cast) -> Member:
    user = person("Olga")
    return Member.objects.create(user=user, role=Role.OFFICER)


def database_says(verdict: Verdict) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT verdict_passes(%s, %s)", [verdict.pk, verdict.fingerprint])
        return bool(cursor.fetchone()[0])


# --- what passes ----------------------------------------------------------------------------------


def test_the_house_and_the_database_agree_over_made_up_histories(desk: Cast) -> None:
    """Random words of two officers and the owner, in effect or not, some taken back, some overrides over."""
    chance = random.Random(7)
    people = [desk.omar, desk.alice, second(desk)]
    outcomes = {"passing": 0, "stopped": 0, "refused": 0}
    for number in range(120):
        verdict = verdict_on(f"text {number}", chance.choice(["allow", "review", "block"]))
        said: list[Decision] = []
        for _ in range(chance.randint(0, 6)):
            word = _a_word(chance, verdict, said, chance.choice(people))
            outcomes["refused"] += word is None
            said += [word] if word else []
            assert passes(verdict) is database_says(verdict), [w.choice for w in said]
        outcomes["passing" if passes(verdict) else "stopped"] += 1
    assert min(outcomes.values()) > 10, outcomes


def _a_word(chance: random.Random, verdict: Verdict, said: list[Decision], by: Member) -> Decision | None:
    choice = chance.choice(
        ["approve", "ask", "reject", "override", "override", "consent", "consent", "decline", "withdraw"]
    )
    answers = chance.choice(said) if said and choice in {"consent", "decline", "withdraw"} else None
    if choice in {"consent", "decline"}:
        answers = next((word for word in reversed(said) if word.choice == "override"), answers)
    end = timezone.now() + timedelta(seconds=chance.choice([-1, 60, 600])) if choice == "override" else None
    given = {"reason": "because", "undo_seconds": chance.choice([0, 0, 30]), "expires_at": end, "answers": answers}
    try:
        with transaction.atomic():
            word = Decision.objects.create(verdict=verdict, choice=choice, by=by, **given)
    except IntegrityError:
        return None
    word.refresh_from_db()
    return word


def test_the_database_and_the_table_of_permissions_name_the_same_officers(desk: Cast) -> None:
    may = set()
    for role in Role:
        member = Member.objects.create(user=person(f"P{role}"), role=role)
        try:
            with transaction.atomic():
                Decision.objects.create(verdict=verdict_on(f"by {role}"), choice="reject", by=member)
            may.add(role)
        except IntegrityError:
            continue
    assert may == set(PERMISSIONS["decide_cases"])


# --- undo -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("slow")
def test_an_approval_lets_nothing_pass_while_it_can_be_undone_and_then_cannot_be_undone(desk: Cast) -> None:
    case = a_case(author=desk.bob)
    decision = decide(case, choice="approve", reason="Fine", by=desk.omar)
    assert (passes(case.verdict), database_says(case.verdict)) == (False, False)
    withdraw(decision, by=desk.omar)
    case.refresh_from_db()
    assert (case.status, case.closed_at) == (Case.Status.OPEN, None)
    assert Decision.objects.filter(verdict=case.verdict).count() == 2, "taken back by a word, not by rubbing out"
    with pytest.raises(CannotDecide, match="in effect"):
        withdraw(decision, by=desk.omar)


def test_what_is_in_effect_is_not_taken_back(desk: Cast) -> None:
    decision = decide(a_case(), choice="approve", reason="Fine", by=desk.omar)
    assert passes(decision.verdict)
    with pytest.raises(CannotDecide, match="in effect"):
        withdraw(decision, by=desk.omar)
    assert passes(decision.verdict)


@pytest.mark.usefixtures("slow")
def test_nobody_takes_back_somebody_elses_word(desk: Cast) -> None:
    decision = decide(a_case(), choice="reject", reason="No", by=desk.omar)
    with pytest.raises(CannotDecide):
        withdraw(decision, by=desk.alice)


@pytest.mark.usefixtures("slow")
def test_its_author_hears_of_a_decision_only_when_it_is_final_and_in_their_language(desk: Cast) -> None:
    desk.bob.user.language = "id"
    desk.bob.user.save()
    case = a_case(author=desk.bob)
    decision = decide(case, choice="ask", reason="Say it first", by=desk.omar, message="Hai Bob, tolong ubah.")
    tend(case.pk, now=timezone.now())
    assert not Notice.objects.filter(member=desk.bob).exists()
    tend(case.pk, now=decision.takes_effect_at + timedelta(seconds=1))
    tend(case.pk, now=decision.takes_effect_at + timedelta(seconds=2))
    notice = Notice.objects.get(member=desk.bob)
    assert notice.body == "Hai Bob, tolong ubah."
    assert notice.title == "Tolong ubah “Halo”"


# --- overrides ------------------------------------------------------------------------------------


def test_an_override_needs_two_officers_a_reason_and_an_end(desk: Cast) -> None:
    olga, case = second(desk), a_case(outcome="block", author=desk.bob)
    tomorrow = timezone.now() + timedelta(days=1)
    for reason, until in (
        ("short", tomorrow),
        ("Legal cleared it by mail", timezone.now()),
        ("Legal cleared it", tomorrow + timedelta(days=90)),
    ):
        with pytest.raises(CannotDecide):
            ask_override(case, reason=reason, until=until, by=desk.omar)
    ask_override(case, reason="Legal cleared it by mail", until=tomorrow, by=desk.omar)
    assert not passes(case.verdict) and not database_says(case.verdict)
    with pytest.raises(CannotDecide, match="second officer"):
        consent(case, by=desk.omar)
    consent(case, by=olga, reason="I read the mail")
    assert passes(case.verdict) and database_says(case.verdict)
    assert standing(case.verdict).override is not None
    case.refresh_from_db()
    assert case.status == Case.Status.DECIDED


def test_a_declined_override_leaves_the_case_open(desk: Cast) -> None:
    olga, case = second(desk), a_case(outcome="block")
    ask_override(case, reason="Legal cleared it by mail", until=timezone.now() + timedelta(days=1), by=desk.omar)
    decline(case, by=olga)
    case.refresh_from_db()
    assert case.status == Case.Status.OPEN and not passes(case.verdict)


def test_when_an_override_ends_what_was_scheduled_on_it_is_held_again(desk: Cast) -> None:
    olga, content = second(desk), Content(text="Halo")
    case = a_case("Halo", "block")
    ask_override(case, reason="Legal cleared it by mail", until=timezone.now() + timedelta(seconds=1), by=desk.omar)
    consent(case, by=olga)
    publication = Publication.objects.create(
        account=channel(NETWORK),
        content=content.as_json(),
        fingerprint=content.fingerprint,
        verdict=case.verdict,
        due_at=timezone.now() + timedelta(hours=1),
    )
    with_officers(publication.pk, now=timezone.now())
    assert Publication.objects.get().state == "scheduled"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1.1)")
    with_officers(publication.pk, now=timezone.now())
    held = Publication.objects.get()
    assert (held.state, held.held_for) == ("held", "customs") and "override" in held.reason


# --- time and work --------------------------------------------------------------------------------


def test_officers_are_warned_before_the_slot_and_everybody_when_it_is_late_and_its_author_when_it_is_held(
    desk: Cast,
) -> None:
    olga, now = second(desk), timezone.now()
    set_terms(DeskTerms(decide_before_minutes=120, warn_minutes=30), by=desk.omar)
    case = a_case(author=desk.bob, due_at=now + timedelta(hours=5))
    assign_case(case, to=desk.omar, by=desk.omar)
    heard = lambda: {(n.member.user.name, n.kind) for n in Notice.objects.all()}  # noqa: E731
    tend(case.pk, now=now)
    assert heard() == set()
    tend(case.pk, now=now + timedelta(hours=2, minutes=40))
    assert heard() == {("Omar", "case_due_soon"), ("Olga", "case_due_soon")}
    for _ in range(2):
        tend(case.pk, now=now + timedelta(hours=3, minutes=1))
    assert {name for name, kind in heard() if kind == "case_late"} == {"Omar", "Olga", "Alice"}
    tend(case.pk, now=now + timedelta(hours=5, seconds=1))
    assert {name for name, kind in heard() if kind == "case_slot_missed"} == {"Omar", "Olga", "Alice", "Bob"}
    case.refresh_from_db()
    assert case.missed_at is not None and case.tend_at is None and olga


def test_new_cases_go_to_the_officers_in_turn_and_never_to_their_author(desk: Cast) -> None:
    olga = second(desk)
    set_terms(DeskTerms(in_turn=True), by=desk.omar)
    cases = [a_case(f"text {n}", author=desk.omar if n == 3 else desk.bob) for n in range(4)]
    assert [case.assignee for case in cases] == [desk.omar, olga, desk.omar, olga]
    with pytest.raises(CannotDecide, match="wrote"):
        assign_case(cases[3], to=desk.omar, by=olga)
    decide(cases[0], choice="reject", reason="No", by=desk.omar)
    loads = {load.member.user.name: (load.open, load.decided_today) for load in workload(timezone.now())}
    assert loads == {"Olga": (2, 0), "Omar": (1, 1), "Alice": (0, 0)}
    assert today(timezone.now()).decided == 1


def test_the_queue_is_in_the_order_of_slots_and_filtered_as_the_address_says(desk: Cast) -> None:
    soon, later = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=9)
    a_case("no slot")
    a_case("later", due_at=later)
    first = a_case("soon", "block", due_at=soon)
    assign_case(first, to=desk.omar, by=desk.omar)
    assert [case.title for case in queue("open")] == ["soon", "later", "no slot"]
    wanted = {
        "assignee=me": ["soon"],
        "assignee=nobody": ["later", "no slot"],
        "severity=block": ["soon"],
        "rule=late": [],
    }
    for query, expected in wanted.items():
        filters = Filters.of(dict([query.split("=")]))
        assert [case.title for case in queue("open", filters, reader=desk.omar)] == expected, query


def test_only_identical_findings_are_decided_together_and_then_all_or_none(desk: Cast) -> None:
    alike, other, mine = [a_case("one"), a_case("two")], a_case("three", "block"), a_case("four", author=desk.omar)
    with pytest.raises(CannotDecide, match="identical"):
        decide_alike([*alike, other], choice="reject", reason="No", by=desk.omar)
    with pytest.raises(CannotDecide, match="wrote"):
        decide_alike([*alike, mine], choice="reject", reason="No", by=desk.omar)
    assert not Decision.objects.exists()
    assert len(decide_alike(alike, choice="approve", reason="Fine", by=desk.omar)) == 2
    assert all(passes(case.verdict) for case in alike)


# --- policies -------------------------------------------------------------------------------------


def test_a_policy_is_tried_on_the_last_posts_and_nothing_is_written_but_what_would_change(desk: Cast) -> None:
    account = channel(NETWORK)
    for text in ("Plain words about rain", "Our miracle cure is back", "Another miracle cure"):
        content = Content(text=text, language="en")
        Publication.objects.create(
            account=account, content=content.as_json(), fingerprint=content.fingerprint, due_at=timezone.now()
        )
    policy = Policy(
        rule="banned_phrase",
        parameters={"phrase": "miracle cure", "severity": "block"},
        starts_on=date(2027, 1, 1),
        reason="Legal",
    )
    run = try_policy(policy, by=desk.omar)
    assert dry_runs_queued(5) == [(run.pk, desk.workspace.pk)]
    for _ in range(2):
        try_on_last_posts(run.pk, desk.workspace.pk)
    run.refresh_from_db()
    assert (run.state, run.total, run.done, run.stopped, run.allowed) == ("done", 3, 3, 2, 0)
    assert all(one["link"].startswith("/w/") and one["codes"] == ["banned_phrase"] for one in run.changes)
    assert not Verdict.objects.exists() and not Policy.objects.exists()
    kept = set_policy(policy_of(run), by=desk.omar)
    assert (kept.parameters, kept.starts_on, kept.set_by_name) == (policy.parameters, policy.starts_on, "Omar")


# --- the mark -------------------------------------------------------------------------------------


def test_an_override_leaves_its_mark_wherever_the_post_shows(desk: Cast, client: Client) -> None:
    """A blocked draft is put before the officers, two of them override it, and everybody sees that for good."""
    banned = {"phrase": "miracle cure", "severity": "block"}
    Policy.objects.create(rule="banned_phrase", parameters=banned, starts_on=date(2026, 1, 1), reason="Legal")
    post = written(desk.bob, channel(NETWORK), text="Our miracle cure is back", language="en")
    with pytest.raises(NotReady):
        placing.schedule(post, at=soon(), by=desk.bob)
    Post.objects.filter(pk=post.pk).update(local_at=soon(), zone=ZONE, due_at=timezone.now() + timedelta(hours=2))
    asked = ask_about(told(post.pk), by=desk.bob)
    assert asked.state == Post.State.HELD
    case = Case.objects.get()
    ask_override(case, reason="Counsel cleared these words", until=timezone.now() + timedelta(days=1), by=desk.omar)
    assert place_reviewed(told(post.pk), now=timezone.now()).stage == Post.Stage.IN_REVIEW
    consent(case, by=second(desk))
    placed = place_reviewed(told(post.pk), now=timezone.now())
    assert placed.stage == Post.Stage.PLACED
    here, at = [desk.workspace.slug, Publication.objects.get().pk], f"/w/{desk.workspace.slug}"
    client.force_login(desk.bob.user)
    day = placed.local_at.date().isoformat() if placed.local_at else ""
    pages = (f"{at}/calendar/?day={day}", f"{at}/posts/{post.pk}/", reverse("publishing:publication", args=here))
    for page in pages:
        assert "Override" in client.get(page).content.decode(), page
