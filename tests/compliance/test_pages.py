"""The officer's pages and their API: who may come in, what they show, and what they keep."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from compliance.actions import open_case, screen
from compliance.models import Case, Connection, Decision, Endorser, Policy, Substantiation
from compliance.protocol import ConnectionKind, Outcome
from compliance.queries import passes
from networks import registry
from networks.protocol import Content
from tests.cast import Cast
from workspaces.models import AuditEntry, Member
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def at(cast: Cast, path: str) -> str:
    return f"/w/{cast.workspace.slug}/{path}"


def held(cast: Cast, *, author: Member | None = None, text: str = "#gifted Sagara coffee again, I love it") -> Case:
    """A case that only a person can decide: "#gifted" in the United States."""
    with entered(cast.workspace.pk):
        cast.workspace.places = ["US"]
        endorser = Endorser.objects.create(name="Nadia Putri", place="US", language="en")
        Connection.objects.create(
            endorser=endorser,
            brand="Sagara",
            kind=ConnectionKind.FREE_PRODUCT,
            value=40,
            currency="USD",
            starts_on=timezone.now().date() - timedelta(days=9),
            evidence="KT-118",
        )
        content = Content(text=text, language="en")
        verdict = screen(
            content,
            account_network=registry.slugs()[0],
            endorser=endorser,
            workspace=cast.workspace,
            on=timezone.now().date(),
        )
        assert verdict.outcome == Outcome.REVIEW
        return open_case(
            verdict,
            content=content,
            key="post:7:1",
            title="Cold brew with Nadia",
            by=None,
            account_name="Sagara",
            due_at=timezone.now() + timedelta(hours=2),
            author=author or cast.bob,
            endorser=endorser,
        )


PAGES = (
    "compliance/", "compliance/rules/", "compliance/rules/undisclosed/", "compliance/evidence/", "endorsers/",
    "endorsers/new/",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_members_see_the_page_and_strangers_find_nothing(cast: Cast, page: str) -> None:
    held(cast)
    assert signed_in(cast.alice).get(at(cast, page)).status_code == 200
    stranger = Client()
    stranger.force_login(cast.charlie)
    assert stranger.get(at(cast, page)).status_code == 404
    assert Client().get(at(cast, page)).status_code in {302, 404}


def test_the_desk_shows_the_finding_the_marked_words_and_the_fix(cast: Cast) -> None:
    case = held(cast)
    page = signed_in(cast.omar).get(at(cast, "compliance/")).content.decode()
    assert "Cold brew with Nadia" in page and f"CR-{case.pk}" in page
    assert ">#gifted<sup" in page
    assert "Readers do not understand" in page
    assert "<ins>Ad:" in page
    assert "KT-118" in page


def test_an_officer_approves_by_the_form_and_the_next_case_opens(cast: Cast) -> None:
    case = held(cast)
    answer = signed_in(cast.omar).post(
        at(cast, f"compliance/cases/{case.pk}/decide/"),
        {"choice": "approve", "reasons": ["ambiguous"], "other": "short"},
    )
    assert answer.headers["Location"] == at(cast, "compliance/")
    with entered(cast.workspace.pk):
        decision = Decision.objects.get()
        assert decision.reason == "Disclosure is not clear; short"
        assert passes(case.verdict)


def test_a_decision_needs_a_reason(cast: Cast) -> None:
    case = held(cast)
    signed_in(cast.omar).post(at(cast, f"compliance/cases/{case.pk}/decide/"), {"choice": "approve"})
    with entered(cast.workspace.pk):
        assert not Decision.objects.exists()


def test_a_marketer_reads_the_case_and_may_not_decide(cast: Cast) -> None:
    case = held(cast)
    page = signed_in(cast.bob).get(at(cast, f"compliance/cases/{case.pk}/"))
    assert "Your role may not decide" in page.content.decode()
    sent = {"choice": "approve", "other": "mine"}
    assert signed_in(cast.bob).post(at(cast, f"compliance/cases/{case.pk}/decide/"), sent).status_code == 403


def test_an_officer_is_told_that_their_own_text_waits_for_somebody_else(cast: Cast) -> None:
    case = held(cast, author=cast.omar)
    page = signed_in(cast.omar).get(at(cast, f"compliance/cases/{case.pk}/")).content.decode()
    assert "You wrote this text" in page and "data-decision" not in page


def test_earlier_decisions_on_the_same_rule_stand_beside_the_case(cast: Cast) -> None:
    first = held(cast)
    client = signed_in(cast.omar)
    client.post(at(cast, f"compliance/cases/{first.pk}/decide/"), {"choice": "reject", "other": "Say who paid"})
    second = held(cast, text="#gifted Another cup of Sagara, still my favourite coffee")
    assert "Say who paid" in client.get(at(cast, f"compliance/cases/{second.pk}/")).content.decode()


def test_a_person_and_a_connection_are_recorded_with_an_audit_line(cast: Cast) -> None:
    client = signed_in(cast.bob)
    slug = registry.slugs()[0]
    made = client.post(at(cast, "endorsers/new/"), {"name": "Raka", "place": "ID", f"handle_{slug}": "@raka.unbox"})
    assert made.status_code == 302
    with entered(cast.workspace.pk):
        raka = Endorser.objects.get()
        assert raka.handles == {slug: "raka.unbox"}
    sent = {"brand": "Sagara", "kind": "payment", "value": "4500000", "currency": "idr", "starts_on": "2026-11-01"}
    assert client.post(at(cast, f"endorsers/{raka.pk}/"), sent).status_code == 302
    with entered(cast.workspace.pk):
        row = Connection.objects.get()
        assert (row.currency, row.recorded_by_id) == ("IDR", cast.bob.pk)
        assert AuditEntry.objects.filter(verb="recorded_connection").exists()


def test_a_connection_that_ends_before_it_starts_is_not_taken(cast: Cast) -> None:
    case = held(cast)
    sent = {"brand": "Sagara", "kind": "payment", "starts_on": "2026-11-02", "ends_on": "2026-11-01"}
    answer = signed_in(cast.omar).post(at(cast, f"endorsers/{case.endorser_id}/"), sent)
    assert answer.status_code == 422 and "cannot end before it starts" in answer.content.decode()


def test_an_agent_may_not_record_a_connection(cast: Cast) -> None:
    case = held(cast)
    sent = {"brand": "X", "kind": "payment", "starts_on": "2026-11-02"}
    signed_in(cast.dewi).post(at(cast, f"endorsers/{case.endorser_id}/"), sent)
    with entered(cast.workspace.pk):
        assert Connection.objects.count() == 1


def test_ending_a_connection_ends_it_today(cast: Cast) -> None:
    held(cast)
    with entered(cast.workspace.pk):
        row = Connection.objects.get()
    signed_in(cast.bob).post(at(cast, f"connections/{row.pk}/end/"))
    with entered(cast.workspace.pk):
        row.refresh_from_db()
        assert row.ends_on == cast.workspace.day(timezone.now())


def test_counsel_switches_a_rule_off_with_a_reason_and_a_marketer_cannot(cast: Cast) -> None:
    sent = {"on": "off", "starts_on": "2026-11-01", "reason": "Counsel, 3 Nov", "places": ["US"]}
    page = at(cast, "compliance/rules/ambiguous/")
    signed_in(cast.bob).post(page, sent)
    with entered(cast.workspace.pk):
        assert not Policy.objects.exists()
    assert signed_in(cast.omar).post(page, sent).status_code == 302
    with entered(cast.workspace.pk):
        policy = Policy.objects.get()
        assert (policy.on, policy.places) == (False, ["US"])
    assert "Counsel, 3 Nov" in signed_in(cast.omar).get(page).content.decode()


def test_evidence_goes_on_record(cast: Cast) -> None:
    sent = {"claim": "clinically proven", "evidence": "Trial 7", "starts_on": "2026-01-01"}
    assert signed_in(cast.omar).post(at(cast, "compliance/evidence/"), sent).status_code == 302
    with entered(cast.workspace.pk):
        assert Substantiation.objects.get().claim == "clinically proven"


def test_a_rule_that_does_not_exist_has_no_page(cast: Cast) -> None:
    assert signed_in(cast.omar).get(at(cast, "compliance/rules/nothing/")).status_code == 404


# --- the same for programs ------------------------------------------------------------------------


def api(cast: Cast, path: str) -> str:
    return f"/api/v1/w/{cast.workspace.slug}/compliance/{path}"


def test_the_api_judges_a_text_and_names_the_edit(cast: Cast) -> None:
    case = held(cast)
    sent = {"text": "Sagara coffee is my favourite", "network": registry.slugs()[0], "endorser": case.endorser_id}
    answer = signed_in(cast.bob).post(api(cast, "screen"), sent, content_type="application/json")
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["verdict"], told["passes"]) == ("block", False)
    assert told["findings"][0]["code"] == "undisclosed"
    assert told["findings"][0]["edit"]["insert"]
    again = signed_in(cast.bob).post(
        api(cast, "screen"), {**sent, "text": "Ad: " + sent["text"]}, content_type="application/json"
    )
    assert again.json()["passes"] is True


def test_the_api_refuses_another_workspaces_endorser_and_an_unknown_network(cast: Cast) -> None:
    with entered(cast.elsewhere.pk):
        foreign = Endorser.objects.create(name="Elsewhere")
    client = signed_in(cast.bob)
    for sent in (
        {"text": "Hello", "network": registry.slugs()[0], "endorser": foreign.pk},
        {"text": "Hello", "network": "nowhere"},
    ):
        assert client.post(api(cast, "screen"), sent, content_type="application/json").status_code == 400


def test_the_api_keeps_people_and_connections(cast: Cast) -> None:
    client = signed_in(cast.bob)
    made = client.post(api(cast, "endorsers"), {"name": "Sarah"}, content_type="application/json")
    assert made.status_code == 201, made.content
    where = api(cast, f"endorsers/{made.json()['id']}/connections")
    sent = {"brand": "Sagara", "kind": "loan", "starts_on": "2026-11-01"}
    assert client.post(where, sent, content_type="application/json").status_code == 201
    assert client.get(where).json()[0]["kind"] == "loan"
    reader = signed_in(cast.dewi)
    assert reader.post(where, sent, content_type="application/json").status_code == 403


def test_the_api_is_closed_to_strangers(cast: Cast) -> None:
    stranger = Client()
    stranger.force_login(cast.charlie)
    assert stranger.get(api(cast, "endorsers")).status_code == 404
