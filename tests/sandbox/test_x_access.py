"""The pretend X gives and takes access as the documentation says."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import tweepy

from networks.wire import Reach
from tests.sandbox.x_desk import Desk, why
from tests.sandbox_process import SandboxProcess

CALLBACK = "http://127.0.0.1:9/connect/x/callback/"
CLIENT = ("sandbox-x-client", "sandbox-x-secret")
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
ASKED = {
    "response_type": "code",
    "client_id": CLIENT[0],
    "redirect_uri": CALLBACK,
    "scope": "tweet.read users.read",
    "state": "s",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}


def code_for(sandbox: SandboxProcess, **changed: str) -> str:
    person = sandbox.ask("state")["networks"]["x"]["brands"][0]["id"]
    form = {**ASKED, **changed, "person": person, "decision": "allow"}
    url = f"{sandbox.url}/x.com/i/oauth2/authorize"
    back = requests.post(url, data=form, allow_redirects=False, timeout=5)
    return parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]


def exchange(sandbox: SandboxProcess, code: str, auth: tuple[str, str] = CLIENT, **changed: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return requests.post(f"{sandbox.url}/api.x.com/2/oauth2/token", data={**form, **changed}, auth=auth, timeout=5)


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "nobody"},
        {"redirect_uri": CALLBACK + "?x=1"},
        {"redirect_uri": CALLBACK.rstrip("/")},
        {"scope": "tweet.read everything"},
        {"state": ""},
        {"state": "s" * 501},
        {"code_challenge": ""},
        {"code_challenge_method": "S512"},
        {"response_type": "token"},
    ],
)
def test_a_wrong_question_gets_no_consent_page(sandbox: SandboxProcess, changed: dict[str, str]) -> None:
    page = requests.get(f"{sandbox.url}/x.com/i/oauth2/authorize", params={**ASKED, **changed}, timeout=5)
    assert page.status_code == 400 and "Something went wrong" in page.text


def test_without_offline_access_there_is_no_refresh_token(sandbox: SandboxProcess) -> None:
    short = exchange(sandbox, code_for(sandbox)).json()
    assert "refresh_token" not in short and short["expires_in"] == 7200
    lasting = exchange(sandbox, code_for(sandbox, scope="tweet.read offline.access")).json()
    assert lasting["refresh_token"] and lasting["scope"] == "tweet.read offline.access"


def test_a_client_must_prove_itself(sandbox: SandboxProcess) -> None:
    reply = exchange(sandbox, code_for(sandbox), auth=(CLIENT[0], "wrong"))
    assert (reply.status_code, reply.json()["error"]) == (401, "unauthorized_client")
    assert exchange(sandbox, code_for(sandbox), code_verifier="").status_code == 400


def test_tweepy_walks_the_whole_way(sandbox: SandboxProcess) -> None:
    handler = tweepy.OAuth2UserHandler(
        client_id=CLIENT[0], client_secret=CLIENT[1], redirect_uri=CALLBACK, scope=["tweet.read", "users.read"]
    )
    session = Reach(sandbox.url).session()
    handler.mount("https://", session.get_adapter("https://"))
    asked = parse_qs(urlsplit(handler.get_authorization_url()).query)
    code = code_for(sandbox, **{name: values[0] for name, values in asked.items()})
    back = f"{CALLBACK.replace('http:', 'https:')}?state={asked['state'][0]}&code={code}"
    token = handler.fetch_token(back)
    client = tweepy.Client(token["access_token"])
    client.session = session
    assert client.get_me(user_auth=False).data.username == "teraskopi"


def test_a_token_ends_and_says_no_more_than_that(sandbox: SandboxProcess) -> None:
    desk = Desk(sandbox)
    sandbox.control("settings", advance=7201)
    reply = desk.call("GET", "/2/users/me")
    assert (reply.status_code, reply.json()["title"]) == (401, "Unauthorized")


def test_taken_back_access_ends_at_once_refresh_included(sandbox: SandboxProcess) -> None:
    desk = Desk(sandbox)
    token = desk.account["token"]
    url = f"{sandbox.url}/api.x.com/2/oauth2/revoke"
    requests.post(url, data={"token": token["id"], "token_type_hint": "access_token"}, auth=CLIENT, timeout=5)
    assert desk.call("GET", "/2/users/me").status_code == 401
    form = {"grant_type": "refresh_token", "refresh_token": token["refresh"]}
    reply = requests.post(f"{sandbox.url}/api.x.com/2/oauth2/token", data=form, auth=CLIENT, timeout=5)
    assert (reply.status_code, reply.json()["error_description"]) == (400, "Value passed for the token was invalid.")


def test_each_call_needs_its_scopes(sandbox: SandboxProcess) -> None:
    reader = Desk(sandbox, scopes=["tweet.read", "users.read"])
    assert reader.call("GET", "/2/users/me").status_code == 200
    for method, path in (("POST", "/2/tweets"), ("POST", "/2/media/upload"), ("GET", "/2/dm_events")):
        assert reader.call(method, path, json={}).status_code == 403, path


def test_the_apps_own_token_cannot_post(sandbox: SandboxProcess) -> None:
    form = {"grant_type": "client_credentials"}
    made = requests.post(f"{sandbox.url}/api.x.com/oauth2/token", data=form, auth=CLIENT, timeout=5).json()
    desk = Desk(sandbox)
    desk.session.headers["Authorization"] = f"Bearer {made['access_token']}"
    reply = desk.post(text="a")
    assert reply.status_code == 403 and "Application-Only is forbidden" in why(reply)
    assert reply.json()["type"].endswith("/unsupported-authentication")
