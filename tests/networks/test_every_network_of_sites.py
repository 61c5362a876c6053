"""Every network of people's own sites lets them in the same way: they name the site, the site says who came."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django import Settings

from networks import registry
from networks.protocol import ConnectsSites, Finds, NetworkError, NotOurs, Sender, TryLater
from tests.networks.every import Stage, adapter, allow, redirect_uri
from tests.networks.garbler import a_garbler
from tests.networks.test_every_network_garbled import REFUSALS, SUCCESSES, answers, outcome
from tests.sandbox_process import SandboxProcess

EVERY = pytest.mark.parametrize("slug", registry.slugs())


@pytest.fixture
def stage(slug: str, sandbox: SandboxProcess, settings: Settings) -> Stage:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    made = Stage(adapter(slug, sandbox.url), sandbox)
    if not isinstance(made.network, ConnectsSites):
        pytest.skip(f"{slug} is one site for all")
    return made


def came_back(stage: Stage, decision: str = "allow") -> dict[str, str]:
    """What a person's browser brings from the site's own consent page."""
    door = stage.network.knock(stage.sender.uid)
    address = stage.network.consent_url(door, state="a-state", redirect_uri=redirect_uri(stage.sandbox, stage.slug))
    assert address.startswith(stage.sandbox.url)
    return allow(address, decision)


@EVERY
def test_the_site_s_own_page_opens_the_account(stage: Stage) -> None:
    back = came_back(stage)
    assert back["state"] == "a-state"
    door = stage.network.knock(f"https://{stage.sender.uid}/")
    account = stage.network.admit(door, back)
    assert (account.uid, door.uid) == (stage.sender.uid, stage.sender.uid) and account.name
    assert account.credentials.expires_at is None and account.credentials.access_token not in repr(account.credentials)
    sender = Sender(account.uid, account.credentials, account.handle)
    assert isinstance(stage.network, Finds) and stage.network.recent(sender, since=stage.began).complete
    assert stage.publish(stage.content(), sender).remote_id


@EVERY
def test_who_declines_comes_back_with_nothing(stage: Stage) -> None:
    back = came_back(stage, "deny")
    assert "password" not in back
    with pytest.raises(NotOurs):
        stage.network.admit(stage.network.knock(stage.sender.uid), back)


@EVERY
def test_a_typed_password_opens_the_account_and_a_wrong_one_does_not(stage: Stage) -> None:
    door = stage.network.knock(stage.sender.uid)
    user, _, password = stage.sender.credentials.access_token.partition(":")
    assert stage.network.enter(door, user=f" {user} ", password=f"{password}\n").uid == stage.sender.uid
    for wrong in ({"user": user, "password": f"{password}x"}, {"user": "", "password": password}):
        with pytest.raises(NotOurs):
            stage.network.enter(door, **wrong)


@EVERY
def test_a_password_of_one_site_never_goes_to_another(stage: Stage) -> None:
    """The site that the browser names when it comes back is not believed: the door was sealed when it left."""
    back = came_back(stage)
    other = stage.account()
    account = stage.network.admit(stage.network.knock(stage.sender.uid), {**back, "site_url": f"https://{other.uid}"})
    assert account.uid == stage.sender.uid
    calls = stage.sandbox.ask("ledger", network=stage.slug, kind="call", limit=20)
    assert not [call for call in calls if call["host"] == other.uid and "Authorization" in call["headers"]]


@EVERY
@pytest.mark.parametrize(
    "address",
    ["", "kopi", "nobody.example", "ftp://a.example", "https://user:pw@blog.example", "https://[::1", "http://", "a b"],
)
def test_an_address_that_is_no_site_is_said_so(stage: Stage, address: str) -> None:
    with pytest.raises(NotOurs):
        stage.network.knock(address)


@pytest.mark.parametrize("slug", registry.slugs())
@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "https://localhost/", "169.254.169.254", "[::1]", "10.0.0.8", "https://2130706433/", "0.0.0.0:443"],
)
def test_an_address_inside_our_own_house_is_never_called(slug: str, address: str) -> None:
    network = adapter(slug, "")
    if not isinstance(network, ConnectsSites):
        pytest.skip(f"{slug} is one site for all")
    with pytest.raises((NotOurs, TryLater)) as refusal:
        network.knock(address)
    assert "address" in str(refusal.value) or getattr(refusal.value, "code", "") == "unreachable"


@EVERY
@pytest.mark.parametrize("fault", ["bad_gateway", "reset_before", "rate_limited", "error_before"])
def test_a_disturbed_knock_may_be_tried_again(stage: Stage, fault: str) -> None:
    stage.sandbox.fault(stage.slug, fault, on=["identity"], times=1)
    with pytest.raises(TryLater):
        stage.network.knock(stage.sender.uid)


@EVERY
def test_whatever_a_site_answers_is_understood(stage: Stage) -> None:
    door = stage.network.knock(stage.sender.uid)
    with a_garbler(stage.sandbox.url) as garbler:
        network = adapter(stage.slug, garbler.url)
        assert isinstance(network, ConnectsSites)
        for status, body in (*answers(*SUCCESSES), *answers(*REFUSALS), *answers(500)):
            garbler.garble(0, status, body)
            assert isinstance(outcome(lambda: network.knock(stage.sender.uid)), NotOurs | NetworkError)
            entering = outcome(lambda: network.enter(door, user="sari", password="abcd"))
            assert isinstance(entering, NotOurs | NetworkError)


@EVERY
def test_a_site_that_offers_no_passwords_is_said_so(stage: Stage) -> None:
    door = replace(stage.network.knock(stage.sender.uid), consent="")
    with pytest.raises(NotOurs):
        stage.network.consent_url(door, state="s", redirect_uri=redirect_uri(stage.sandbox, stage.slug))
