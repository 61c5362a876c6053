"""Verdicts and decisions: bound to the bytes, kept for ever, and the database's own answer about them."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from compliance.actions import CannotDecide, decide, open_case, screen
from compliance.actions.letters import send_letter, sign
from compliance.models import Case, Connection, Decision, Endorser, Letter, Policy, Substantiation, Verdict
from compliance.protocol import ConnectionKind, Outcome
from compliance.queries import passes
from networks.protocol import Content
from tests.cast import Cast
from workspaces.models import AuditEntry
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
PRAISE = Content(text="Kopi Tera is the only thing I drink before noon, love it.", language="en")
NETWORK = "instagram"


def nadia(**connection_fields: object) -> Endorser:
    endorser = Endorser.objects.create(name="Nadia", place="US", language="en")
    Connection.objects.create(
        endorser=endorser,
        **{
            "brand": "Kopi Tera",
            "kind": ConnectionKind.FREE_PRODUCT,
            "value": 40,
            "currency": "USD",
            "starts_on": date(2026, 11, 1),
            **connection_fields,
        },
    )
    return endorser


def judged(cast: Cast, content: Content, endorser: Endorser | None) -> Verdict:
    return screen(content, account_network=NETWORK, endorser=endorser, workspace=cast.workspace, on=TODAY)


def verdict_of(cast: Cast, outcome: Outcome) -> Verdict:
    return Verdict.objects.create(
        fingerprint=PRAISE.fingerprint,
        context_digest="c" * 64,
        rules_version="r" * 64,
        network=NETWORK,
        outcome=outcome,
    )


def database_says(verdict: Verdict, *, fingerprint: str = "", workspace: int = 0, network: str = NETWORK) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT verdict_passes(%s, %s, %s, %s)",
            [verdict.pk, fingerprint or verdict.fingerprint, workspace or verdict.workspace_id, network],
        )
        return bool(cursor.fetchone()[0])


def test_a_gift_that_is_not_disclosed_is_blocked_and_the_edit_mends_it(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        verdict = judged(cast, PRAISE, nadia())
        assert verdict.outcome == Outcome.BLOCK
        assert not passes(verdict)
        assert verdict.findings[0]["edit"]["insert"]


def test_the_same_bytes_and_records_give_the_same_verdict_row(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        endorser = nadia()
        assert judged(cast, PRAISE, endorser) == judged(cast, PRAISE, endorser)
        Connection.objects.create(
            endorser=endorser, brand="Kopi Tera", kind=ConnectionKind.PAYMENT, starts_on=date(2026, 1, 1)
        )
        judged(cast, PRAISE, endorser)
        assert Verdict.objects.count() == 2


def test_a_connection_counts_from_its_first_day_to_its_last(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        endorser = nadia(starts_on=date(2026, 11, 25))
        assert judged(cast, PRAISE, endorser).outcome == Outcome.ALLOW
        Connection.objects.update(starts_on=date(2026, 11, 1), ends_on=TODAY)
        assert judged(cast, PRAISE, endorser).outcome == Outcome.BLOCK


@pytest.mark.parametrize("brand", ["Kopi Tera", "kopitera", "KOPI-TERA", "Kopi Tera Indonesia"])
def test_another_spelling_of_the_campaigns_brand_finds_the_same_connection(cast: Cast, brand: str) -> None:
    with entered(cast.workspace.pk):
        verdict = screen(
            PRAISE,
            account_network=NETWORK,
            endorser=nadia(),
            workspace=cast.workspace,
            on=TODAY,
            brands=(brand,),
        )
        assert verdict.outcome == Outcome.BLOCK


def test_a_campaign_of_another_brand_does_not_fall_under_the_connection(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        text = Content(text="Rain all day, so we read.", language="en")
        verdict = screen(
            text, account_network=NETWORK, endorser=nadia(), workspace=cast.workspace, on=TODAY, brands=("Solvano",)
        )
        assert verdict.outcome == Outcome.ALLOW


def test_a_policy_switches_a_rule_off_where_it_says_so(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        endorser = nadia()
        Policy.objects.create(rule="undisclosed", on=False, places=["DE"], starts_on=date(2026, 1, 1))
        assert judged(cast, PRAISE, endorser).outcome == Outcome.BLOCK
        Policy.objects.create(rule="undisclosed", on=False, places=["US"], starts_on=date(2026, 1, 1))
        assert judged(cast, PRAISE, endorser).outcome == Outcome.ALLOW


@pytest.mark.parametrize("table", ["verdict", "decision"])
@pytest.mark.parametrize("sql", ["UPDATE compliance_{} SET id = id", "DELETE FROM compliance_{}"])
def test_the_database_refuses_to_change_what_was_said(cast: Cast, table: str, sql: str) -> None:
    with entered(cast.workspace.pk):
        verdict = verdict_of(cast, Outcome.REVIEW)
        Decision.objects.create(verdict=verdict, choice=Decision.Choice.REJECT, by=cast.omar)
    with (
        pytest.raises(DatabaseError, match=r"append-only|permission denied"),
        transaction.atomic(),
        entered(cast.workspace.pk),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table))


@pytest.mark.parametrize(
    ("outcome", "choices", "expected"),
    [
        (Outcome.ALLOW, [], True),
        (Outcome.REVIEW, [], False),
        (Outcome.BLOCK, [], False),
        (Outcome.REVIEW, ["approve"], True),
        (Outcome.REVIEW, ["approve", "reject"], False),
        (Outcome.REVIEW, ["ask", "approve"], True),
        (Outcome.BLOCK, ["approve"], False),
        (Outcome.ALLOW, ["reject"], False),
    ],
)
def test_the_app_and_the_database_agree_on_what_passes(
    cast: Cast, outcome: Outcome, choices: list[str], expected: bool
) -> None:
    with entered(cast.workspace.pk):
        verdict = verdict_of(cast, outcome)
        for choice in choices:
            Decision.objects.create(verdict=verdict, choice=choice, by=cast.omar)
        assert passes(verdict) is expected
        assert database_says(verdict) is expected


def test_a_verdict_passes_only_its_own_bytes_workspace_and_network(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        verdict = verdict_of(cast, Outcome.ALLOW)
        assert database_says(verdict)
        assert not database_says(verdict, fingerprint="0" * 64)
        assert not database_says(verdict, network="elsewhere")
        assert not database_says(verdict, workspace=cast.elsewhere.pk)
    with entered(cast.elsewhere.pk):
        assert not database_says(verdict)


def case_of(cast: Cast, outcome: Outcome = Outcome.REVIEW, **fields: object) -> Case:
    return open_case(verdict_of(cast, outcome), content=PRAISE, key="post:1", title="Morning", by=None, **fields)


def test_an_officers_approval_lets_the_text_pass_and_leaves_a_line(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        case = case_of(cast, author=cast.bob)
        decide(case, choice="approve", reason="Clear enough in context", by=cast.omar)
        case.refresh_from_db()
        assert case.status == Case.Status.DECIDED
        assert passes(case.verdict)
        assert AuditEntry.objects.filter(verb="decided_approve", by_name="Omar").exists()


def test_nobody_decides_on_their_own_text(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        case = case_of(cast, author=cast.omar)
        with pytest.raises(CannotDecide, match="You wrote this text"):
            decide(case, choice="approve", reason="", by=cast.omar)
        assert not passes(case.verdict)


def test_a_marketer_cannot_decide(cast: Cast) -> None:
    with entered(cast.workspace.pk), pytest.raises(CannotDecide, match="role"):
        decide(case_of(cast), choice="approve", reason="", by=cast.bob)


def test_a_block_cannot_be_waved_through(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        case = case_of(cast, Outcome.BLOCK)
        with pytest.raises(CannotDecide, match="must be fixed"):
            decide(case, choice="approve", reason="", by=cast.omar)
        decide(case, choice="ask", reason="Add the word", by=cast.omar)
        case.refresh_from_db()
        assert case.status == Case.Status.WAITING


def test_a_new_text_lapses_the_case_about_the_old_one(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        old = case_of(cast)
        assert case_of_again(cast, old) == old
        other = Content(text="Another text")
        newer = Verdict.objects.create(
            fingerprint=other.fingerprint,
            context_digest="c" * 64,
            rules_version="r" * 64,
            network=NETWORK,
            outcome=Outcome.REVIEW,
        )
        new = open_case(newer, content=other, key="post:1", title="Morning", by=None)
        old.refresh_from_db()
        assert (old.status, new.status) == (Case.Status.LAPSED, Case.Status.OPEN)


def case_of_again(cast: Cast, case: Case) -> Case:
    return open_case(case.verdict, content=PRAISE, key=case.key, title="Morning", by=None)


def test_counsel_may_demand_that_an_endorser_confirmed_the_brief_and_stands_by_it(cast: Cast) -> None:
    disclosed = Content(text="Ad: Kopi Tera is the only thing I drink before noon, love it.", language="en")
    with entered(cast.workspace.pk):
        endorser = nadia()
        assert judged(cast, disclosed, endorser).outcome == Outcome.ALLOW
        for rule, asked in (("unbriefed", "yes"), ("unattested", "both")):
            Policy.objects.create(rule=rule, on=True, parameters={"asked": asked}, starts_on=date(2026, 1, 1))
        stopped = judged(cast, disclosed, endorser)
        assert {row["code"] for row in stopped.findings} >= {"unbriefed", "unattested"}
        for kind in Letter.Kind:
            letter = send_letter(endorser, kind=kind, brand="Kopi Tera", workspace=cast.workspace, by=cast.omar)
            sign(letter, name="Nadia", statements=letter.statements)
        assert judged(cast, disclosed, endorser).outcome == Outcome.ALLOW


@pytest.mark.parametrize(
    ("evidence", "kind", "brand", "outcome"),
    [
        ("cured my eczema", "trial", "Kopi Tera", Outcome.ALLOW),
        ("cured my eczema", "survey", "Kopi Tera", Outcome.BLOCK),  # no human trial of this very product
        ("cured my eczema", "trial", "Solvano", Outcome.BLOCK),  # another brand's evidence
        ("cured", "trial", "Kopi Tera", Outcome.BLOCK),  # one word of the claim
    ],
)
def test_evidence_supports_only_the_claim_the_brand_and_the_kind_it_is_for(
    cast: Cast, evidence: str, kind: str, brand: str, outcome: Outcome
) -> None:
    claim = Content(text="Ad: Kopi Tera cured my eczema in four days, truly.", language="en")
    with entered(cast.workspace.pk):
        endorser = nadia()
        assert judged(cast, claim, endorser).outcome == Outcome.BLOCK
        Substantiation.objects.create(claim=evidence, kind=kind, brand=brand, evidence="T", starts_on=date(2026, 1, 1))
        found = judged(cast, claim, endorser)
        assert found.outcome == outcome, found.findings
