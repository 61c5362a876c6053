"""The officer at the desk: one key and Enter decide a case, and everybody can use the pages."""

import statistics
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from campaigns.management import teras_kopi as story
from compliance.actions import open_case
from compliance.models import Case, Decision, Verdict
from networks import registry
from networks.protocol import Content
from tests.browser import axe
from tests.browser.conftest import Opener
from tests.cast import Cast, gather
from tests.compliance.test_pages import held
from workspaces.tenancy import entered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAYS = [
    pytest.param({"theme": "light"}, id="light"),
    pytest.param({"theme": "dark"}, id="dark"),
    pytest.param({"language": "id"}, id="indonesian"),
    pytest.param({"width": 390, "height": 844, "touch": True}, id="phone"),
]


@pytest.fixture
def desk(transactional_db: None) -> Cast:
    cast = gather()
    held(cast)
    return cast


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_kept_out_of_the_officers_pages(open_page: Opener, desk: Cast, way: dict[str, object]) -> None:
    with entered(desk.workspace.pk):
        case = Case.objects.get()
    at = f"/w/{desk.workspace.slug}"
    for path in (
        f"{at}/compliance/",
        f"{at}/compliance/cases/{case.pk}/",
        f"{at}/compliance/rules/",
        f"{at}/compliance/rules/ambiguous/",
        f"{at}/compliance/evidence/",
        f"{at}/endorsers/",
        f"{at}/endorsers/{case.endorser_id}/",
        f"{at}/endorsers/new/",
    ):
        page = open_page(path, user=desk.omar.user, **way)
        axe.check(page)
        assert axe.overflow(page) == []


def test_one_key_and_enter_decide_a_case(open_page: Opener, desk: Cast) -> None:
    page = open_page(f"/w/{desk.workspace.slug}/compliance/", user=desk.omar.user)
    page.keyboard.press("r")
    page.get_by_role("button", name="Reject and open next").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("Nothing waits here").wait_for()
    with entered(desk.workspace.pk):
        assert Decision.objects.get().choice == Decision.Choice.REJECT


def test_an_officer_decides_the_demos_cases_with_two_keys_or_fewer_each(
    open_page: Opener, transactional_db: None
) -> None:
    """The demo's doubtful and stopped posts, one after the other: every press is counted, nothing is clicked."""
    cast = gather()
    with entered(cast.workspace.pk):
        for number, (_language, text, hours, _hers) in enumerate(story.DOUBTFUL):
            _waiting(cast, text, "review", timezone.now() + timedelta(hours=hours + number))
        _waiting(cast, story.UNDISCLOSED, "block", timezone.now() + timedelta(hours=40))
    page = open_page(f"/w/{cast.workspace.slug}/compliance/", user=cast.omar.user)
    keys: list[int] = []
    for press in (["a", "Enter"], ["Enter"], ["f", "Enter"], ["r", "Enter"], ["a", "Enter"], ["Enter"]):
        before = page.locator(".case-head .muted").inner_text()
        for key in press:
            page.keyboard.press(key)
        keys.append(len(press))
        page.wait_for_function(
            "before => !document.querySelector('.case-head .muted') || "
            "document.querySelector('.case-head .muted').textContent !== before",
            arg=before,
        )
    page.get_by_text("Nothing waits here").wait_for()
    assert statistics.median(keys) <= 2
    with entered(cast.workspace.pk):
        words = [word.choice for word in Decision.objects.order_by("pk")]
        assert words == ["approve", "approve", "ask", "reject", "approve", "ask"]
        assert all(word.message for word in Decision.objects.filter(choice__in=["ask", "reject"]))


def _waiting(cast: Cast, text: str, outcome: str, due_at: datetime) -> None:
    content = Content(text=text, language="id")
    found = {
        "code": "claim_absolute",
        "severity": outcome,
        "reason": "Say it as your own opinion.",
        "source": "UU 8/1999",
    }
    verdict = Verdict.objects.create(
        fingerprint=content.fingerprint,
        context_digest="c" * 64,
        rules_version="r" * 64,
        network=registry.slugs()[0],
        outcome=outcome,
        findings=[{**found, "span": [0, 5], "part": "text"}],
    )
    open_case(verdict, content=content, key=f"post:{text}", title=text, by=None, author=cast.bob, due_at=due_at)


def test_a_decision_is_undone_by_one_key_and_its_case_is_open_again(
    open_page: Opener, desk: Cast, settings: object
) -> None:
    settings.COMPLIANCE_UNDO_SECONDS = 30  # type: ignore[attr-defined]  # pytest-django's settings
    page = open_page(f"/w/{desk.workspace.slug}/compliance/", user=desk.omar.user)
    page.keyboard.press("r")
    page.keyboard.press("2")  # one more reason, by its key
    page.keyboard.press("Enter")
    page.get_by_text("Nothing waits here").wait_for()
    page.get_by_role("button", name="Undo").wait_for()
    page.keyboard.press("z")
    page.get_by_role("button", name="Approve and open next").wait_for()
    with entered(desk.workspace.pk):
        assert [word.choice for word in Decision.objects.order_by("pk")] == ["reject", "withdraw"]
        assert Decision.objects.get(choice="reject").reasons == ["ambiguous", "evidence_missing"]
        assert Case.objects.get().status == Case.Status.OPEN
