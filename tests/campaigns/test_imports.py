"""A content plan is read line by line, looked at first, taken whole or not at all, and undone in one go."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from campaigns.imports import plan as reading
from campaigns.imports.table import NotATable, read
from campaigns.models import MediaAsset, Plan, Post
from campaigns.pipeline import folder
from campaigns.tasks import run_plan
from compliance.models import Connection, Endorser
from publishing.models import Publication
from tests.campaigns import desk, pictures
from tests.cast import Cast
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
SAMPLE = Path("campaigns/sample/teras_kopi_plan.csv")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def rows_of(cast: Cast, text: str, now: datetime = NOW) -> list[reading.PlanRow]:
    with entered(cast.workspace.pk):
        return reading.rows(read(text.encode()), reading.known(cast.workspace, now=now))


@pytest.fixture
def channels(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        for network in ("x", "facebook", "linkedin", "youtube"):
            desk.channel(network, f"{network}kopi")


@pytest.mark.usefixtures("channels")
def test_heads_and_separators_of_both_languages_work(cast: Cast) -> None:
    english = rows_of(cast, "date,time,channels,text\n2026-11-26,19:30,x,Halo\n")
    indonesian = rows_of(cast, "\ufeffTanggal;Jam;Saluran;Teks\n26/11/2026;19.30;X;Halo\n")
    assert [(r.local_at, r.accounts, r.text, r.errors) for r in english] == [
        (r.local_at, r.accounts, r.text, r.errors) for r in indonesian
    ]
    assert (english[0].local_at, english[0].zone) == ("2026-11-26T19:30", "Asia/Jakarta")


@pytest.mark.usefixtures("channels")
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("26 Nov,19:30,,x,Halo", "The date “26 Nov” is none"),
        ("2026-11-26,25:00,,x,Halo", "The time “25:00” is none"),
        ("2026-11-26,19:30,Asia/Nowhere,x,Halo", "no time zone"),
        ("2026-11-26,19:30,,myspace,Halo", "No channel is called “myspace”"),
        ("2026-11-26,19:30,,,Halo", "No channel is named"),
        ("2026-11-26,19:30,,x,", "neither text nor media"),
        ("2020-11-26,19:30,,x,Halo", "is past"),
    ],
)
def test_every_mistake_is_named_with_its_line(cast: Cast, line: str, reason: str) -> None:
    row = rows_of(cast, f"date,time,zone,channels,text\n2026-11-26,08:00,,x,Baik\n{line}\n")[1]
    assert row.line == 3
    assert reason in " ".join(row.errors)


@pytest.mark.usefixtures("channels")
def test_a_name_that_means_two_channels_asks_which(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        desk.channel("x", "kedua")
    first, second = rows_of(cast, "date,time,channels,text\n2026-11-26,08:00,x,a\n2026-11-26,08:00,@kedua,a\n")
    assert "say which" in first.errors[0]
    assert not second.errors


@pytest.mark.usefixtures("channels")
def test_a_column_may_hold_one_networks_own_text(cast: Cast) -> None:
    (row,) = rows_of(cast, 'date,time,channels,text,text:linkedin\n2026-11-26,08:00,"x, linkedin",pendek,panjang\n')
    assert list(row.own.values()) == ["panjang"]


@pytest.mark.parametrize(
    ("data", "word"),
    [(b"", "empty"), (b"date,time\n1,2", "columns"), (b"text\n", "empty"), (b"text\n\xff\xfe\x00bad\xff", "encoding")],
)
def test_a_file_that_is_no_plan_is_refused(data: bytes, word: str) -> None:
    with pytest.raises(NotATable, match=word):
        read(data)


@pytest.mark.usefixtures("channels")
def test_the_sample_plan_has_no_mistake(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        Endorser.objects.create(name="Nadia Putri")
    table = read(SAMPLE.read_bytes())
    with entered(cast.workspace.pk):
        rows = reading.rows(table, reading.known(cast.workspace, now=NOW))
    assert len(rows) >= 120
    assert (date.fromisoformat(rows[-1].local_at[:10]) - date.fromisoformat(rows[0].local_at[:10])).days >= 28
    assert {row.language for row in rows} == {"en", "id"}
    assert [row for row in rows if row.errors] == []
    assert all((SAMPLE.parent / ref).exists() for row in rows for ref in row.media)


def upload(client: Client, cast: Cast, text: str, *media: SimpleUploadedFile) -> Plan:
    page = f"/w/{cast.workspace.slug}/plans/"
    answer = client.post(page, {"plan": SimpleUploadedFile("plan.csv", text.encode()), "media": list(media)})
    assert answer.status_code == 302, answer.content[:500]
    with entered(cast.workspace.pk):
        return Plan.objects.get()


def tomorrow() -> str:
    return (timezone.now() + timedelta(days=1)).date().isoformat()


class TestInTheBrowser:
    @pytest.fixture(autouse=True)
    def signed_in(self, client: Client, cast: Cast, channels: None, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
        settings.MEDIA_ROOT = tmp_path
        client.force_login(cast.bob.user)

    def test_nothing_is_imported_when_the_person_says_no(self, client: Client, cast: Cast) -> None:
        plan = upload(client, cast, f"date,time,channels,text\n{tomorrow()},08:00,x,Halo\n{tomorrow()},09:00,zzz,Hai\n")
        page = client.get(f"/w/{cast.workspace.slug}/plans/{plan.pk}/").content.decode()
        assert "1 row can be imported" in page and "No channel is called “zzz”" in page
        with entered(cast.workspace.pk):
            assert not Post.objects.exists()
        client.post(f"/w/{cast.workspace.slug}/plans/{plan.pk}/reject/")
        client.post(f"/w/{cast.workspace.slug}/plans/{plan.pk}/confirm/")
        run_plan(plan.pk, cast.workspace.pk)
        with entered(cast.workspace.pk):
            assert not Post.objects.exists()

    def test_a_confirmed_plan_is_scheduled_and_can_be_taken_back(self, client: Client, cast: Cast) -> None:
        picture = SimpleUploadedFile("botol.jpg", pictures.jpeg(), "image/jpeg")
        lines = f'{tomorrow()},08:00,"x, facebook",Halo dari plan,media/botol.jpg,Botol,Harbolnas\n'
        lines += f"{tomorrow()},09:00,x,Kedua,,,\n"
        plan = upload(client, cast, f"date,time,channels,text,media,alt,campaign\n{lines}", picture)
        for _ in range(2):  # somebody who sees nothing move may start it again
            client.post(f"/w/{cast.workspace.slug}/plans/{plan.pk}/confirm/")
        assert "0 of 2 rows" in client.get(f"/w/{cast.workspace.slug}/plans/{plan.pk}/").content.decode()
        run_plan(plan.pk, cast.workspace.pk)
        run_plan(plan.pk, cast.workspace.pk)
        with entered(cast.workspace.pk):
            posts = Post.objects.all().told().order_by("due_at")
            assert [(str(p.state), len(p.variants.all())) for p in posts] == [("scheduled", 2), ("scheduled", 1)]
            assert posts[0].campaign.name == "Harbolnas"
            assert [m["alt"] for m in posts[0].variants.all()[0].publication.content["media"]] == ["Botol"]
        assert not default_storage.exists(folder(plan)), "what was uploaded along is in the library now"
        client.post(f"/w/{cast.workspace.slug}/plans/{plan.pk}/undo/")
        with entered(cast.workspace.pk):
            assert not Post.objects.exists()
            assert set(Publication.objects.values_list("state", flat=True)) == {"cancelled"}

    def test_a_blocked_row_is_kept_as_a_draft_with_its_reason(self, client: Client, cast: Cast) -> None:
        with entered(cast.workspace.pk):
            nadia = Endorser.objects.create(name="Nadia Putri", place="ID")
            Connection.objects.create(
                endorser=nadia, brand="Teras Kopi", kind="free_product", starts_on=date(2026, 1, 1)
            )
        text = "Cold brew Teras Kopi ini favorit aku tiap sore."
        plan = upload(
            client, cast, f"date,time,channels,text,endorser,language\n{tomorrow()},08:00,x,{text},Nadia Putri,id\n"
        )
        client.post(f"/w/{cast.workspace.slug}/plans/{plan.pk}/confirm/")
        run_plan(plan.pk, cast.workspace.pk)
        with entered(cast.workspace.pk):
            assert str(Post.objects.all().told().get().state) == "draft"
            assert not Publication.objects.exists()
            plan.refresh_from_db()
        assert "Teras Kopi" in plan.report[0]["reasons"][0]
        assert plan.report[0]["line"] == 2


@pytest.mark.usefixtures("channels")
class TestOnTheCommandLine:
    def write(self, folder: Path, line: str) -> Path:
        path = folder / "plan.csv"
        path.write_text(f"date,time,channels,text,media\n{line}\n")
        return path

    def test_a_dry_run_changes_nothing(self, cast: Cast, tmp_path: Path) -> None:
        path = self.write(tmp_path, f"{tomorrow()},08:00,x,Halo,")
        call_command("import_plan", str(path), workspace=cast.workspace.slug, dry_run=True, stdout=io.StringIO())
        with entered(cast.workspace.pk):
            assert not Plan.objects.exists()

    def test_media_lie_beside_the_plan(self, cast: Cast, tmp_path: Path) -> None:
        (tmp_path / "a.png").write_bytes(pictures.png())
        path = self.write(tmp_path, f"{tomorrow()},08:00,x,Halo,a.png")
        call_command("import_plan", str(path), workspace=cast.workspace.slug, stdout=io.StringIO())
        with entered(cast.workspace.pk):
            assert MediaAsset.objects.get().filename == "a.png"
            assert Publication.objects.get().content["media"][0]["mime"] == "image/png"

    def test_no_path_leads_out_of_the_plans_folder(self, cast: Cast, tmp_path: Path) -> None:
        (tmp_path / "inner").mkdir()
        (tmp_path / "secret.png").write_bytes(pictures.png())
        path = self.write(tmp_path / "inner", f"{tomorrow()},08:00,x,Halo,../secret.png")
        out = io.StringIO()
        with pytest.raises(SystemExit):
            call_command("import_plan", str(path), workspace=cast.workspace.slug, stdout=io.StringIO(), stderr=out)
        assert "neither beside the plan nor in the library" in out.getvalue()
        with entered(cast.workspace.pk):
            assert not MediaAsset.objects.exists()

    def test_an_unknown_workspace_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="no workspace"):
            call_command("import_plan", str(self.write(tmp_path, "")), workspace="nowhere")
