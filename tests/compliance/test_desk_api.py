"""The desk and the policies for programs: as much as the pages do, and no more."""

from __future__ import annotations

import pytest
from django.test import Client

from compliance.models import Decision, DryRun, Policy
from compliance.queries import passes
from tests.cast import Cast
from tests.compliance.test_pages import api, held, signed_in
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


def post(client: Client, cast: Cast, path: str, **sent: object) -> tuple[int, dict[str, object]]:
    answer = client.post(api(cast, path), sent, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_program_reads_the_queue_decides_and_takes_it_back(cast: Cast, settings: object) -> None:
    settings.COMPLIANCE_UNDO_SECONDS = 10  # type: ignore[attr-defined]  # pytest-django's settings
    case, omar = held(cast), signed_in(cast.omar)
    listed = omar.get(api(cast, "cases?severity=review")).json()
    assert [one["id"] for one in listed["cases"]] == [case.pk] and listed["counts"] == {"open": 1}
    assert omar.get(api(cast, "cases?severity=block")).json()["cases"] == []
    assert post(omar, cast, f"cases/{case.pk}/decisions", choice="approve")[0] == 400, "a decision has a reason"
    code, word = post(omar, cast, f"cases/{case.pk}/decisions", choice="ask", reasons=["ambiguous"])
    assert code == 201 and str(word["message"]).startswith("Hi Bob,")
    assert post(omar, cast, f"decisions/{word['id']}/withdraw")[0] == 201
    code, word = post(omar, cast, f"cases/{case.pk}/decisions", choice="approve", reason="Fine")
    assert (code, word["message"]) == (201, "")
    with entered(cast.workspace.pk):
        assert not passes(case.verdict) and Decision.objects.count() == 3


def test_a_marketer_reads_and_does_not_decide_and_a_stranger_finds_nothing(cast: Cast) -> None:
    case = held(cast)
    assert signed_in(cast.bob).get(api(cast, f"cases/{case.pk}")).status_code == 200
    for path in (f"cases/{case.pk}/decisions", f"cases/{case.pk}/assign", f"cases/{case.pk}/override"):
        assert post(signed_in(cast.bob), cast, path, choice="approve", reason="Fine", to=None)[0] == 403
    stranger = Client()
    stranger.force_login(cast.charlie)
    assert stranger.get(api(cast, "cases")).status_code == 404


def test_a_policy_is_set_or_tried_by_what_the_rule_declares(cast: Cast) -> None:
    omar = signed_in(cast.omar)
    declared = omar.get(api(cast, "policies?rule=banned_phrase")).json()["rules"]["banned_phrase"]
    assert [one["name"] for one in declared] == ["phrase", "language", "severity"]
    sent = {"rule": "banned_phrase", "starts_on": "2026-11-01", "reason": "Legal", "brands": ["Sagara"]}
    assert post(omar, cast, "policies", **sent)[0] == 400, "a phrase is missing"
    sent["parameters"] = {"phrase": "miracle cure", "severity": "block"}
    assert post(signed_in(cast.bob), cast, "policies", **sent)[0] == 403
    code, run = post(omar, cast, "policies", **sent, **{"try": True})
    assert (code, run["state"]) == (202, "queued")
    assert post(omar, cast, "policies", **sent)[0] == 201
    with entered(cast.workspace.pk):
        kept = Policy.objects.get()
        assert (kept.parameters, kept.brands, DryRun.objects.count()) == (sent["parameters"], ["Sagara"], 1)
