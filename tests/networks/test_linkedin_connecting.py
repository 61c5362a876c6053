"""How LinkedIn pages are connected and renewed, and what becomes of a text, against a real sandbox process."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from networks.adapters.linkedin import Adapter
from networks.adapters.linkedin.little import little, plain
from networks.protocol import NotOurs, Reconnect, Sender, TryLater
from networks.wire import Reach
from tests.networks.linkedin_cast import APP, CALLBACK, made_sender, say
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def linkedin(sandbox: SandboxProcess) -> Adapter:
    return Adapter(APP, Reach(sandbox.url, connect=1.0, read=3.0))


@pytest.fixture
def page(sandbox: SandboxProcess) -> Sender:
    return made_sender(sandbox.account("linkedin"))


# -- connecting ------------------------------------------------------------------------------------


def consent(
    linkedin: Adapter, sandbox: SandboxProcess, who: str = "sariwulandari", decision: str = "allow"
) -> dict[str, list[str]]:
    """Walk the consent page as a member; what comes back to the callback."""
    url = linkedin.authorize_url(state="st/1", redirect_uri=CALLBACK, verifier="")
    assert url.startswith(sandbox.url + "/www.linkedin.com/oauth/v2/authorization?")
    shown = requests.get(url, timeout=5)
    assert "Sari Wulandari" in shown.text
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    person = next(p["id"] for p in sandbox.ask("state")["networks"]["linkedin"]["people"] if p["handle"] == who)
    form = {**asked, "person": person, "decision": decision}
    back = requests.post(shown.url.split("?")[0], data=form, allow_redirects=False, timeout=5)
    assert back.status_code == 302 and back.headers["Location"].startswith(CALLBACK)
    return parse_qs(urlsplit(back.headers["Location"]).query)


def test_a_consent_opens_the_pages_of_their_administrator(linkedin: Adapter, sandbox: SandboxProcess) -> None:
    back = consent(linkedin, sandbox)
    assert back["state"] == ["st/1"]
    accounts = {one.handle: one for one in linkedin.exchange(code=back["code"][0], redirect_uri=CALLBACK, verifier="")}
    page = accounts["teraskopi"]
    assert {"teraskopi", "teraskopilab"} <= accounts.keys()
    assert (page.name, page.kind) == ("Teras Kopi", "page") and page.uid.startswith("urn:li:organization:")
    given = page.credentials
    assert given.refresh_token and given.expires_at and given.refresh_expires_at
    assert timedelta(days=59) < given.expires_at - datetime.now(UTC) <= timedelta(days=60)
    assert set(linkedin.scopes) == set(given.scopes)
    assert say(linkedin, Sender(page.uid, given, page.handle), f"Halo {datetime.now(UTC)}")


def test_a_member_without_pages_has_nothing_to_connect(linkedin: Adapter, sandbox: SandboxProcess) -> None:
    back = consent(linkedin, sandbox, "rinamaharani")
    with pytest.raises(NotOurs):
        linkedin.exchange(code=back["code"][0], redirect_uri=CALLBACK, verifier="")


def test_a_declined_consent_brings_no_code(linkedin: Adapter, sandbox: SandboxProcess) -> None:
    assert consent(linkedin, sandbox, decision="deny")["error"] == ["user_cancelled_login"]


@pytest.mark.parametrize("spoil", ["redirect", "twice", "late"])
def test_a_code_is_good_once_in_time_and_at_its_address(linkedin: Adapter, sandbox: SandboxProcess, spoil: str) -> None:
    asked = {"code": consent(linkedin, sandbox)["code"][0], "redirect_uri": CALLBACK, "verifier": ""}
    if spoil == "redirect":
        asked["redirect_uri"] = CALLBACK + "x"
    if spoil == "twice":
        linkedin.exchange(**asked)
    if spoil == "late":
        sandbox.control("settings", advance=1801)
    with pytest.raises(NotOurs):
        linkedin.exchange(**asked)


def test_refreshing_renews_the_access_and_does_not_prolong_the_grant(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    first = linkedin.refresh(page.credentials)
    assert first.access_token != page.credentials.access_token
    assert first.refresh_token == page.credentials.refresh_token
    assert say(linkedin, replace(page, credentials=first), "after the refresh")
    sandbox.control("revoke", network="linkedin", account=page.uid)
    with pytest.raises(Reconnect):
        linkedin.refresh(first)


def test_an_app_without_refresh_tokens_keeps_what_still_lives(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    only = replace(page.credentials, refresh_token="")
    assert linkedin.refresh(only) == only
    sandbox.control("revoke", network="linkedin", account=page.uid)
    with pytest.raises(Reconnect):
        linkedin.refresh(only)


@pytest.mark.parametrize("fault", ["error_before", "bad_gateway", "rate_limited", "reset_before", "refresh_lost"])
def test_a_disturbed_refresh_never_disconnects(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender, fault: str
) -> None:
    sandbox.fault("linkedin", fault, page.uid, on=["token"], times=1)
    with pytest.raises(TryLater):
        linkedin.refresh(page.credentials)


# -- little text -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Kopi (panas) #teraskopi", r"Kopi \(panas\) #teraskopi"),
        ("a_b*c~d<e>{f}|g\\h[i]@j", r"a\_b\*c\~d\<e\>\{f\}\|g\\h\[i\]\@j"),
        ("@[Teras Kopi](urn:li:organization:12) halo", "@[Teras Kopi](urn:li:organization:12) halo"),
        ("@[Kopi (Jakarta)](urn:li:organization:12)", r"@[Kopi \(Jakarta\)](urn:li:organization:12)"),
        ("@[x](javascript:1)", r"\@\[x\]\(javascript:1\)"),
        ("#kopi, #1 # a#b https://x.id/#frag", r"#kopi, #1 \# a\#b https://x.id/\#frag"),
        ("#hemat_besar", r"#hemat\_besar"),
        (r"{hashtag|\#|kopi}", r"{hashtag|\#|kopi}"),
    ],
)
def test_what_must_be_escaped_is_and_what_is_meant_stays(typed: str, sent: str) -> None:
    assert little(typed) == sent


def test_a_reader_gets_every_character(linkedin: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    text = "Promo (hanya hari ini) *50%* <3 #kopi #hemat_besar {x} [y] ~z |w| a\\b @nama https://x.id/a_b(c)#d ☕"
    say(linkedin, page, text)
    [post] = sandbox.posts("linkedin", page.uid)
    assert post["reader"]["text"] == text and post["reader"]["note"] == ""
    assert plain(post["text"]) == text
