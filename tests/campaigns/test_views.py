"""The writing desk's pages: what a marketer sees, what is refused, and what a page costs."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.actions import media, placing
from campaigns.models import MediaAsset, Post, Variant
from campaigns.rules import due_at, wall_time
from publishing.models import Publication
from tests.campaigns import desk, pictures
from tests.cast import Cast
from tests.house import baseline
from workspaces.models import Workspace
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signed_in(client: Client, cast: Cast, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]  # fixtures
    settings.MEDIA_ROOT = tmp_path
    client.force_login(cast.bob.user)


def at(cast: Cast, tail: str) -> str:
    return f"/w/{cast.workspace.slug}/{tail}"


def typed(*accounts: int, **more: object) -> dict[str, object]:
    return {
        "text": desk.PLAIN,
        "language": "id",
        "accounts": list(accounts),
        "local_at": desk.soon().isoformat(),
        **more,
    }


class TestComposer:
    def test_autosave_gives_a_new_post_its_address(self, client: Client, cast: Cast) -> None:
        with entered(cast.workspace.pk):
            account = desk.channel("x")
        answer = client.post(at(cast, "posts/autosave/"), typed(account.pk)).json()
        with entered(cast.workspace.pk):
            post = Post.objects.get()
        assert answer["url"] == at(cast, f"posts/{post.pk}/edit/")
        again = client.post(answer["autosave"], typed(account.pk, text="Lain"))
        assert again.json()["autosave"].endswith("?version=2")
        with entered(cast.workspace.pk):
            assert [post.text for post in Post.objects.all()] == ["Lain"]

    def test_a_tab_that_is_behind_is_told(self, client: Client, cast: Cast) -> None:
        first = client.post(at(cast, "posts/autosave/"), typed(text="Satu")).json()
        client.post(first["autosave"], typed(text="Dua"))
        behind = client.post(first["autosave"], typed(text="Tiga"))
        assert behind.status_code == 409
        assert "Another tab" in behind.json()["error"]
        with entered(cast.workspace.pk):
            assert Post.objects.get().text == "Dua"

    def test_the_button_schedules_on_every_chosen_channel(self, client: Client, cast: Cast) -> None:
        with entered(cast.workspace.pk):
            accounts = [desk.channel("x").pk, desk.channel("facebook").pk]
        page = client.post(at(cast, "posts/new/"), typed(*accounts, verb="schedule"), follow=True)
        assert "2 posts go out" in page.content.decode()
        with entered(cast.workspace.pk):
            assert Publication.objects.filter(state="scheduled").count() == 2

    def test_own_texts_options_and_first_comment_are_kept(self, client: Client, cast: Cast) -> None:
        with entered(cast.workspace.pk):
            account = desk.channel("x")
        own = {f"text_{account.pk}": "Khusus", f"option_{account.pk}_paid_partnership": "on", "first_comment": "Alamat"}
        client.post(at(cast, "posts/autosave/"), typed(account.pk, **own))
        with entered(cast.workspace.pk):
            variant = Variant.objects.get()
        assert (variant.own_text, variant.first_comment) == ("Khusus", "Alamat")
        assert variant.options["paid_partnership"] is True

    def test_what_does_not_fit_comes_back_with_its_reason(self, client: Client, cast: Cast) -> None:
        with entered(cast.workspace.pk):
            account = desk.channel("x")
        page = client.post(at(cast, "posts/new/"), typed(account.pk, text="kopi " * 90, verb="schedule"))
        assert page.status_code == 422
        assert "data-must-fix" in page.content.decode()
        with entered(cast.workspace.pk):
            assert Post.objects.get().text.startswith("kopi"), "what was written is kept"

    def test_a_link_that_leads_nowhere_is_said(self, client: Client, cast: Cast) -> None:
        with entered(cast.workspace.pk):
            account = desk.channel("x")
        page = client.post(at(cast, "posts/new/"), typed(account.pk, link="teraskopi", verb="schedule"))
        assert page.status_code == 422
        assert "The link is no web address." in page.content.decode()

    def test_approval_is_asked_for_and_given_by_somebody_else(self, client: Client, cast: Cast) -> None:
        Workspace.objects.filter(pk=cast.workspace.pk).update(requires_approval=True)
        with entered(cast.workspace.pk):
            account = desk.channel("x")
        assert "Request approval" in client.get(at(cast, "posts/new/")).content.decode()
        client.post(at(cast, "posts/new/"), typed(account.pk, verb="submit"))
        with entered(cast.workspace.pk):
            post = Post.objects.get()
        client.force_login(cast.alice.user)
        assert f"posts/{post.pk}/" in client.get(at(cast, "approvals/")).content.decode()
        page = client.get(at(cast, f"posts/{post.pk}/")).content.decode()
        fingerprint = page.split('name="fingerprint" value="')[1][:64]
        client.post(at(cast, f"posts/{post.pk}/approve/"), {"fingerprint": fingerprint})
        with entered(cast.workspace.pk):
            assert Publication.objects.get().state == "scheduled"

    def test_an_idea_waits_in_the_tray(self, client: Client, cast: Cast) -> None:
        client.post(at(cast, "posts/new/?idea=1"), typed(idea="on", verb="draft"))
        with entered(cast.workspace.pk):
            post = Post.objects.get()
        assert (post.stage, post.due_at) == (Post.Stage.IDEA, None)

    def test_an_agent_may_not_write(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.dewi.user)
        assert client.get(at(cast, "posts/new/")).status_code == 403

    def test_alt_text_with_markup_stays_text(self, client: Client, cast: Cast) -> None:
        evil = '"><script>alert(1)</script>'
        with entered(cast.workspace.pk):
            account = desk.channel("x")
            asset = media.keep(
                io.BytesIO(pictures.jpeg()), filename="a.jpg", by=cast.bob, workspace_id=cast.workspace.pk, alt=evil
            )
            post = desk.written(cast.bob, account, text=evil, media=(asset.pk,))
        for tail in (f"posts/{post.pk}/edit/", f"posts/{post.pk}/", "calendar/", "media/"):
            assert "<script>alert" not in client.get(at(cast, tail)).content.decode(), tail


class TestCalendar:
    def test_a_move_is_answered_with_the_new_time(self, client: Client, cast: Cast) -> None:
        with entered(cast.workspace.pk):
            post = placing.schedule(desk.written(cast.bob, desk.channel("x")), at=desk.soon(), by=cast.bob)
        later = desk.soon(3000)
        where = at(cast, f"posts/{post.pk}/move/")
        answer = client.post(where, json.dumps({"local_at": later.isoformat()}), content_type="application/json")
        assert answer.status_code == 200 and later.strftime("%H:%M") in answer.json()["when"]
        past = json.dumps({"local_at": desk.soon(-90).isoformat()})
        refused = client.post(where, past, content_type="application/json")
        assert (refused.status_code, refused.json()["error"]) == (409, "That time is past.")

    def test_a_draft_can_go_back_to_the_tray(self, client: Client, cast: Cast) -> None:
        with entered(cast.workspace.pk):
            post = desk.written(cast.bob)
        where = at(cast, f"posts/{post.pk}/move/")
        client.post(where, json.dumps({"local_at": desk.soon().isoformat()}), content_type="application/json")
        client.post(where, json.dumps({"local_at": ""}), content_type="application/json")
        with entered(cast.workspace.pk):
            assert Post.objects.get().due_at is None

    def test_filters_live_in_the_address(self, client: Client, cast: Cast) -> None:
        with entered(cast.workspace.pk):
            one, two = desk.channel("x"), desk.channel("facebook")
            placing.schedule(desk.written(cast.bob, one, text="Hanya di sini"), at=desk.soon(2), by=cast.bob)
            placing.schedule(desk.written(cast.bob, two, text="Hanya di sana"), at=desk.soon(2), by=cast.bob)
        page = client.get(at(cast, f"calendar/?view=list&account={one.pk}")).content.decode()
        assert "Hanya di sini" in page and "Hanya di sana" not in page
        held = client.get(at(cast, "calendar/?view=list&status=held")).content.decode()
        assert "Hanya di sini" not in held

    @pytest.mark.parametrize("view", ["week", "month", "list"])
    def test_an_empty_calendar_says_what_to_do(self, client: Client, cast: Cast, view: str) -> None:
        page = client.get(at(cast, f"calendar/?view={view}"))
        assert page.status_code == 200
        assert "New post" in page.content.decode()

    def test_one_post_and_a_thousand_cost_the_same_queries(self, client: Client, cast: Cast) -> None:
        where = at(cast, "calendar/?view=month")
        with entered(cast.workspace.pk):
            fill(cast, 1)
        client.get(where)
        with CaptureQueriesContext(connection) as few, baseline.queries("calendar month"):
            client.get(where)
        with entered(cast.workspace.pk):
            fill(cast, 999)
        with CaptureQueriesContext(connection) as many:
            page = client.get(where)
        assert "997 more" in page.content.decode() or "998 more" in page.content.decode()
        assert len(many) == len(few) <= 22, [query["sql"][:90] for query in many]


def fill(cast: Cast, count: int) -> None:
    """Posts of today on two channels, straight into the books."""
    accounts = [desk.channel("x", f"a{count}"), desk.channel("facebook", f"b{count}")]
    local = wall_time(timezone.now(), desk.ZONE).replace(hour=12, minute=0, second=0, microsecond=0)
    posts = Post.objects.bulk_create(
        Post(
            workspace=cast.workspace,
            author=cast.bob,
            text=f"Nomor {n}",
            local_at=local + timedelta(seconds=n),
            zone=desk.ZONE,
            due_at=due_at(local + timedelta(seconds=n), desk.ZONE),
        )
        for n in range(count)
    )
    Variant.objects.bulk_create(
        Variant(workspace=cast.workspace, post=post, account=account) for post in posts for account in accounts
    )


class TestMedia:
    def test_an_upload_comes_back_as_a_tile(self, client: Client, cast: Cast) -> None:
        answer = client.post(at(cast, "media/upload/"), {"file": SimpleUploadedFile("a.jpg", pictures.jpeg())})
        with entered(cast.workspace.pk):
            asset = MediaAsset.objects.get()
        assert f'name="media" value="{asset.pk}"' in answer.content.decode()
        whole = client.get(at(cast, f"media/{asset.pk}/file/"))
        assert b"".join(whole.streaming_content)[:3] == b"\xff\xd8\xff"
        assert (whole["Content-Type"], whole["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert "sandbox" in whole["Content-Security-Policy"]

    def test_a_refusal_says_why(self, client: Client, cast: Cast) -> None:
        answer = client.post(at(cast, "media/upload/"), {"file": SimpleUploadedFile("x.svg", b"<svg/>")})
        assert answer.status_code == 422
        assert "no picture or video" in answer.json()["error"]

    def test_the_same_picture_twice_is_kept_once(self, client: Client, cast: Cast) -> None:
        for name in ("a.jpg", "b.jpg"):
            client.post(at(cast, "media/upload/"), {"file": SimpleUploadedFile(name, pictures.jpeg())})
        with entered(cast.workspace.pk):
            assert MediaAsset.objects.count() == 1

    def test_too_large_is_never_kept(self, client: Client, cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
        settings.MEDIA_IMAGE_BYTES = settings.MEDIA_VIDEO_BYTES = 1000
        answer = client.post(at(cast, "media/upload/"), {"file": SimpleUploadedFile("a.jpg", pictures.jpeg())})
        assert answer.status_code == 413

    def test_media_of_another_workspace_are_not_there(self, client: Client, cast: Cast) -> None:
        with entered(cast.elsewhere.pk):
            asset = media.keep(io.BytesIO(pictures.jpeg()), filename="a.jpg", by=None, workspace_id=cast.elsewhere.pk)
        assert client.get(at(cast, f"media/{asset.pk}/file/")).status_code == 404


def test_pages_keep_to_their_baselines(client: Client, cast: Cast) -> None:
    with entered(cast.workspace.pk):
        post = desk.written(cast.bob, desk.channel("x"), desk.channel("facebook"))
        placing.schedule(post, at=desk.soon(), by=cast.bob)
    for name, tail in {
        "calendar week": "calendar/",
        "composer": f"posts/{post.pk}/edit/",
        "composer checks": f"posts/{post.pk}/side/",
        "post": f"posts/{post.pk}/",
        "media library": "media/",
        "campaigns": "campaigns/",
    }.items():
        client.get(at(cast, tail))
        with baseline.queries(name):
            assert client.get(at(cast, tail)).status_code == 200
