"""A person connects an account by the network's own consent; nobody else can use their way back."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from networks.actions import sender
from networks.models import Account, Consent
from networks.protocol import Content
from networks.registry import get
from tests.cast import Cast
from tests.networks.every import allow
from tests.sandbox_process import SandboxProcess
from workspaces.models import AuditEntry, User
from workspaces.tenancy import entered

NETWORKS = ("x", "youtube")  # one account a grant; Facebook's several pages are tried on their own


@pytest.fixture(autouse=True)
def at_the_sandbox(sandbox: SandboxProcess, settings: Settings) -> None:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    settings.PUBLIC_URL = sandbox.ask("state")["app_url"]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def consented(client: Client, cast: Cast, network: str, query: str = "", decision: str = "allow") -> str:
    """The callback's address after a consent that `client` asked for."""
    start = client.get(reverse("networks:connect", args=[cast.workspace.slug, network]) + query)
    assert start.status_code == 302, start.content
    return reverse("networks:callback", args=[network]) + "?" + urlencode(allow(start.headers["Location"], decision))


def accounts(cast: Cast) -> list[Account]:
    with entered(cast.workspace.pk):
        return list(Account.objects.order_by("pk"))


@pytest.mark.parametrize("network", NETWORKS)
def test_a_consent_connects_an_account_that_can_publish(cast: Cast, network: str) -> None:
    client = signed_in(cast.bob.user)
    page = client.get(consented(client, cast, network), follow=True)
    assert "is connected." in page.content.decode()
    [account] = accounts(cast)
    assert (account.network, account.health) == (network, Account.Health.CONNECTED)
    opened = sender(account)
    assert opened.uid == account.uid and opened.credentials.access_token
    assert opened.credentials.access_token.encode() not in bytes(account.sealed)
    assert get(network).recent(opened, since=timezone.now() - timedelta(hours=1)).complete
    with entered(cast.workspace.pk):
        line = AuditEntry.objects.latest("number")
    assert (line.verb, line.facts["network"], line.by_name) == ("connected", network, "Bob")
    assert opened.credentials.access_token not in str(line.facts)


def test_a_state_is_good_once(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    back = consented(client, cast, "x")
    assert client.get(back).status_code == 302
    again = client.get(back)
    assert again.status_code == 400 and "was not started here" in again.content.decode()
    assert len(accounts(cast)) == 1


@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_a_state_is_used_up_although_nothing_was_connected_yet(cast: Cast, decision: str) -> None:
    client = signed_in(cast.bob.user)
    back = consented(client, cast, "facebook", decision=decision)
    client.get(back)
    again = client.get(back.replace("error=", "was=") + "&code=another")
    assert again.status_code == 400 and "was not started here" in again.content.decode()


def test_a_state_that_nobody_gave_is_refused(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    for state in ("", "made-up", "x" * 3000):
        answer = client.get(reverse("networks:callback", args=["x"]), {"state": state, "code": "c"})
        assert answer.status_code == 400
    assert accounts(cast) == []


def test_a_state_opens_nothing_for_another_person_session_or_network(cast: Cast) -> None:
    bob = signed_in(cast.bob.user)
    back = consented(bob, cast, "x")
    strangers = (signed_in(cast.charlie), signed_in(cast.alice.user), signed_in(cast.bob.user), Client())
    for stranger in strangers:
        assert stranger.get(back).status_code == 400
    assert bob.get(back.replace("/x/", "/youtube/")).status_code == 400
    assert accounts(cast) == []
    assert bob.get(back).status_code == 302  # and it is not spent by their trying


def test_a_state_ends_after_ten_minutes(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    back = consented(client, cast, "x")
    with entered(cast.workspace.pk):
        [consent] = Consent.objects.all()
        assert timedelta(minutes=9) < consent.expires_at - timezone.now() <= timedelta(minutes=10)
        Consent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(back).status_code == 400
    assert accounts(cast) == []


def test_the_verifier_never_leaves_the_server(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    start = client.get(reverse("networks:connect", args=[cast.workspace.slug, "x"]))
    with entered(cast.workspace.pk):
        [consent] = Consent.objects.all()
    assert consent.state_digest not in start.headers["Location"]
    assert "code_challenge_method=S256" in start.headers["Location"]
    assert "verifier" not in start.headers["Location"] + str(dict(client.session))


def test_a_declined_consent_connects_nothing_and_says_so(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    answer = client.get(consented(client, cast, "youtube", decision="deny"))
    assert answer.status_code == 400 and "You did not give access" in answer.content.decode()
    assert accounts(cast) == []


def test_a_network_that_is_away_connects_nothing_and_says_so(cast: Cast, sandbox: SandboxProcess) -> None:
    client = signed_in(cast.bob.user)
    back = consented(client, cast, "youtube")
    sandbox.fault("youtube", "bad_gateway", on=["token"], times=1)
    answer = client.get(back)
    assert answer.status_code == 502 and "did not answer" in answer.content.decode()
    assert accounts(cast) == []


def test_connecting_the_same_account_again_renews_it(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    client.get(consented(client, cast, "x"))
    [before] = accounts(cast)
    token = sender(before).credentials.access_token
    client.get(consented(client, cast, "x"))
    [after] = accounts(cast)
    assert after.pk == before.pk and sender(after).credentials.access_token != token


def test_reconnecting_takes_only_the_account_that_was_asked_for(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    client.get(consented(client, cast, "x"))
    [account] = accounts(cast)
    assert client.get(consented(client, cast, "x", f"?account={account.pk}")).status_code == 302
    with entered(cast.workspace.pk):
        Account.objects.filter(pk=account.pk).update(uid="somebody-else")
    answer = client.get(consented(client, cast, "x", f"?account={account.pk}"))
    assert answer.status_code == 400 and "You gave access to another account" in answer.content.decode()
    assert len(accounts(cast)) == 1


def test_several_pages_are_chosen_from(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    answer = client.get(consented(client, cast, "facebook"))
    assert answer.status_code == 302 and "/connect/choose/" in answer.headers["Location"]
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200 and "Teras Kopi Lab" in page.content.decode()
    with entered(cast.workspace.pk):
        [consent] = Consent.objects.all()
    assert client.post(answer.headers["Location"], {"uid": []}).status_code == 422
    uids = [remote.uid for remote, _ in page.context["offered"]]
    assert client.post(answer.headers["Location"], {"uid": [uids[0], "not-offered"]}).status_code == 302
    assert [account.uid for account in accounts(cast)] == [uids[0]]
    with entered(cast.workspace.pk):
        assert not Consent.objects.filter(pk=consent.pk).exists()


def test_a_choice_belongs_to_who_gave_the_consent(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    choose = client.get(consented(client, cast, "facebook")).headers["Location"]
    assert signed_in(cast.alice.user).get(choose).status_code == 404
    assert signed_in(cast.charlie).get(choose).status_code == 404


def test_who_may_not_connect_is_stopped_at_the_door(cast: Cast) -> None:
    address = reverse("networks:connect", args=[cast.workspace.slug, "x"])
    assert signed_in(cast.dewi.user).get(address).status_code == 403
    assert signed_in(cast.charlie).get(address).status_code == 404


def test_another_site_cannot_start_a_connection(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    address = reverse("networks:connect", args=[cast.workspace.slug, "x"])
    assert client.get(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert client.get(reverse("networks:connect", args=[cast.workspace.slug, "nowhere"])).status_code == 404


def test_an_unconfigured_network_says_so(cast: Cast, settings: Settings) -> None:
    settings.SANDBOX_URL = ""
    client = signed_in(cast.bob.user)
    answer = client.get(reverse("networks:connect", args=[cast.workspace.slug, "x"]))
    assert answer.status_code == 400 and "is not set up on this server" in answer.content.decode()


def test_accounts_are_paused_resumed_and_disconnected(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    client.get(consented(client, cast, "x"))
    [account] = accounts(cast)
    for verb, paused, health in (
        ("pause", True, "connected"),
        ("resume", False, "connected"),
        ("disconnect", False, "disconnected"),
    ):
        answer = client.post(reverse(f"networks:{verb}", args=[cast.workspace.slug, account.pk]))
        assert answer.status_code == 302
        [account] = accounts(cast)
        assert (account.paused, account.health) == (paused, health)
    assert bytes(account.sealed) == b""
    assert (
        signed_in(cast.dewi.user).post(reverse("networks:pause", args=[cast.workspace.slug, account.pk])).status_code
        == 403
    )


def test_the_channels_page_and_the_api_tell_the_health_and_never_a_credential(cast: Cast) -> None:
    client = signed_in(cast.bob.user)
    client.get(consented(client, cast, "x"))
    [account] = accounts(cast)
    token = sender(account).credentials.access_token
    page = client.get(reverse("networks:accounts", args=[cast.workspace.slug])).content.decode()
    assert account.name in page and "Disconnect" in page and token not in page
    api = client.get(reverse("networks:api-accounts", args=[cast.workspace.slug]))
    [told] = api.json()
    assert (told["network_name"], told["health"], told["uid"]) == ("X", "connected", account.uid)
    assert token not in api.content.decode() and "sealed" not in told
    networks = client.get(reverse("networks:api-networks", args=[cast.workspace.slug])).json()
    assert {network["slug"] for network in networks} >= {"x", "youtube"}
    assert signed_in(cast.charlie).get(reverse("networks:api-accounts", args=[cast.workspace.slug])).status_code == 404


def test_a_post_goes_out_by_a_connected_account(cast: Cast, sandbox: SandboxProcess) -> None:
    client = signed_in(cast.bob.user)
    client.get(consented(client, cast, "x"))
    [account] = accounts(cast)
    receipt = get("x").publish(sender(account), Content("Dari Gardu, dengan izin."), open_media=open)
    assert receipt.remote_id in {post["id"] for post in sandbox.posts("x", account.uid)}
