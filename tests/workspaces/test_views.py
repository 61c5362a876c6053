"""People, roles, keys and settings, as a browser or a program meets them."""

import re

import pytest
from django.core import mail
from django.test import Client

from tests.cast import Cast
from workspaces import live
from workspaces.actions import make_api_key, revoke_api_key
from workspaces.models import AuditEntry, Member, User
from workspaces.queries import member_of_key
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(cast: Cast, client: Client) -> Client:
    client.force_login(cast.alice.user)
    return client


def test_an_invitation_is_mailed_and_lets_one_person_in_once(cast: Cast, alice: Client) -> None:
    response = alice.post(f"/w/{cast.workspace.slug}/members/", {"email": "Nia@example.test", "role": "agent"})
    assert response.status_code == 200
    link = re.search(r"/join/\S+/", mail.outbox[0].body).group(0)
    nia, other = (User.objects.create_user(f"{n}@example.test", "x") for n in ("nia", "other"))
    stranger, invited = Client(), Client()
    stranger.force_login(other)
    invited.force_login(nia)
    assert stranger.post(link).status_code == 403
    assert invited.post(link).status_code == 302
    assert invited.post(link).status_code == 403
    with entered(cast.workspace.pk):
        assert Member.objects.get(user=nia).role == "agent"
        assert AuditEntry.objects.filter(verb="joined").count() == 1


def test_an_admin_cannot_make_an_owner_and_the_last_owner_stays(cast: Cast, alice: Client) -> None:
    with entered(cast.workspace.pk):
        Member.objects.filter(pk=cast.bob.pk).update(role="admin")
    bob = Client()
    bob.force_login(cast.bob.user)
    bob.post(f"/w/{cast.workspace.slug}/members/{cast.dewi.pk}/role/", {"role": "owner"})
    bob.post(f"/w/{cast.workspace.slug}/members/{cast.alice.pk}/remove/")
    alice.post(f"/w/{cast.workspace.slug}/members/{cast.alice.pk}/role/", {"role": "admin"})
    with entered(cast.workspace.pk):
        assert dict(Member.objects.values_list("pk", "role")) == {
            cast.alice.pk: "owner",
            cast.bob.pk: "admin",
            cast.dewi.pk: "agent",
            cast.omar.pk: "officer",
        }


def test_a_marketer_may_not_manage_the_workspace(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob.user)
    for page in ("settings/", "settings/keys/", "settings/audit/"):
        assert client.get(f"/w/{cast.workspace.slug}/{page}").status_code == 403


def test_settings_are_saved_and_audited(cast: Cast, alice: Client) -> None:
    form = {"name": "Kedai", "zone": "Asia/Makassar", "places": ["ID"], "max_lateness_minutes": "60"}
    form["late_rule"] = "skip"
    assert alice.post(f"/w/{cast.workspace.slug}/settings/", form).status_code == 302
    cast.workspace.refresh_from_db()
    assert (cast.workspace.name, cast.workspace.zone, cast.workspace.places) == ("Kedai", "Asia/Makassar", ["ID"])
    with entered(cast.workspace.pk):
        assert AuditEntry.objects.get(verb="changed settings").facts["before"]["zone"] == "Asia/Jakarta"
    assert b"Every link holds" in alice.get(f"/w/{cast.workspace.slug}/settings/audit/?verify=1").content


def test_an_api_key_acts_as_its_member_until_it_is_revoked(cast: Cast, client: Client) -> None:
    with entered(cast.workspace.pk):
        key, text = make_api_key(name="script", by=cast.alice)
    headers = {"Authorization": f"Bearer {text}"}
    members = f"/w/{cast.workspace.slug}/members/"
    assert client.get(members, headers=headers).status_code == 200
    assert client.get(f"/w/{cast.elsewhere.slug}/members/", headers=headers).status_code == 404
    with entered(cast.workspace.pk):
        revoke_api_key(key, by=cast.alice)
    assert client.get(members, headers=headers).status_code == 401
    assert member_of_key("gardu_made_up") == (None, None)


def test_news_needs_a_signed_token_and_tells_only_what_changed(cast: Cast, client: Client) -> None:
    token = live.token(cast.workspace.pk)
    start = client.get("/live/", {"t": token, "v": 0}).json()["v"]
    live._touch_now(cast.workspace.pk, "inbox")
    live._touch_now(cast.elsewhere.pk, "calendar")
    assert client.get("/live/", {"t": token, "v": start}).json() == {"v": start + 1, "topics": ["inbox"]}
    assert client.get("/live/", {"t": token, "v": start + 1}).json()["topics"] == []
    assert client.get("/live/", {"t": token, "v": start + 1000}).json()["topics"] == ["*"]
    assert client.get("/live/", {"t": token + "x", "v": start}).status_code == 403


def test_founding_a_workspace_makes_its_founder_the_owner(client: Client) -> None:
    user = User.objects.create_user("new@example.test", "x")
    client.force_login(user)
    assert client.get("/").url == "/new/"
    client.post("/new/", {"name": "Toko Baru", "zone": "Asia/Jakarta", "places": ["ID"]})
    assert client.get("/w/toko-baru/members/").status_code == 200
