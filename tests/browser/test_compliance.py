"""The officer at the desk: one key and Enter decide a case, and everybody can use the pages."""

import pytest

from compliance.models import Case, Decision
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
