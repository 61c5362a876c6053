"""The records' pages are clean for everybody, and so is the letter that an endorser opens on a phone."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from compliance.actions.keeping import hold
from compliance.actions.letters import link_to, send_letter
from compliance.actions.packing import ask_pack
from compliance.actions.rendering import draw_waiting
from compliance.models import Connection, Letter, Pack
from compliance.pipeline.packs import make_pack
from tests.browser import axe
from tests.browser.conftest import Opener
from tests.cast import Cast, gather
from tests.compliance.sealed import nadia, sealed
from workspaces.tenancy import entered

pytestmark = pytest.mark.browser


@pytest.fixture
def records(transactional_db: None, settings: Settings, tmp_path: Path) -> tuple[Cast, list[str], str]:
    """A workspace with one of everything; the pages below it, and the letter's path."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EVIDENCE_ANCHORS = str(tmp_path / "anchors.jsonl")
    cast = gather()
    with entered(cast.workspace.pk):
        person = nadia()
        sealed(cast, person)
        draw_waiting(1)
        letter = send_letter(
            person, kind=Letter.Kind.BRIEF, brand="Sagara", workspace=cast.workspace, by=cast.omar, note="Halo!"
        )
        hold(reason="Case 12/2026", subject="publication:1", by=cast.omar)
        row = Connection.objects.get()
        pack = ask_pack(title="Evidence: Nadia", by=cast.omar, endorser=person.pk)
    make_pack(pack.pk, cast.workspace.pk)
    with entered(cast.workspace.pk):
        assert Pack.objects.get().state == Pack.State.READY
    pages = [
        f"endorsers/{person.pk}/", f"endorsers/{person.pk}/history/", f"connections/{row.pk}/",
        "compliance/sealed/?verify=1", "compliance/sealed/1/", f"compliance/packs/{pack.pk}/", "compliance/keeping/",
        "connections/new/", "connections/imports/", "compliance/packs/",
    ]  # fmt: skip
    return cast, [f"/w/{cast.workspace.slug}/{page}" for page in pages], urlsplit(link_to(letter)).path


@pytest.mark.parametrize(
    "way",
    [
        pytest.param({"theme": "light"}, id="wide-light-english"),
        pytest.param({"theme": "dark", "language": "id", "width": 390, "touch": True}, id="narrow-dark-indonesian"),
    ],
)
def test_nobody_is_kept_out_of_the_records(
    open_page: Opener, records: tuple[Cast, list[str], str], way: dict[str, object]
) -> None:
    cast, pages, letter = records
    page = open_page("/", user=cast.alice.user, **way)
    wrong = []
    for path in [*pages, letter]:
        page.goto(path)
        wrong += [f"{path} {line}" for line in axe.violations(page)]
        wrong += [f"{path} sticks out: {line}" for line in axe.overflow(page)]
    assert not wrong, "\n".join(wrong)
    page.get_by_label("Nama lengkapmu").fill("Nadia Putri")
    page.get_by_label("mengungkapkan seperti tertulis").check()
    page.get_by_role("button", name="Konfirmasi").click()
    page.get_by_text("Dikonfirmasi oleh Nadia Putri").first.wait_for()
