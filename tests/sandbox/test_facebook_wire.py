"""The pretend Facebook is as strict as the Graph API: raw requests, no SDK."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
import requests

from tests.sandbox.clips import film, picture
from tests.sandbox_process import SandboxProcess, running_sandbox

CLIENT, SECRET = "sandbox-facebook-client", "sandbox-facebook-secret"


class Raw:
    """Speaks to the Graph API as a Page does."""

    def __init__(self, sandbox: SandboxProcess, account: dict[str, Any], version: str = "v25.0") -> None:
        self.token = account["token"]["id"]
        self.page = account["id"]
        self.root = f"{sandbox.url}/graph.facebook.com/{version}"
        self.proof = hmac.new(SECRET.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        self.opened = {"access_token": self.token, "appsecret_proof": self.proof}

    def post(self, path: str, *, files: Any = None, **fields: str) -> requests.Response:
        return requests.post(f"{self.root}/{path}", data={**self.opened, **fields}, files=files, timeout=5)

    def get(self, path: str, **fields: str) -> requests.Response:
        asked = {"appsecret_proof": self.proof, **fields}
        return requests.get(
            f"{self.root}/{path}", params=asked, headers={"Authorization": f"Bearer {self.token}"}, timeout=5
        )


def error(reply: requests.Response) -> tuple[int, int, int]:
    """(status, code, subcode) of an error body."""
    body = reply.json()["error"]
    assert {"message", "type", "code", "fbtrace_id"} <= body.keys()
    return reply.status_code, body["code"], body.get("error_subcode", 0)


@pytest.fixture
def raw(sandbox: SandboxProcess) -> Raw:
    return Raw(sandbox, sandbox.account("facebook"))


def test_a_post_answers_with_its_id_and_the_budget(raw: Raw, sandbox: SandboxProcess) -> None:
    reply = raw.post(f"{raw.page}/feed", message="Halo")
    assert reply.status_code == 200 and reply.json()["id"].startswith(f"{raw.page}_")
    assert reply.headers["facebook-api-version"] == "v25.0"
    [use] = json.loads(reply.headers["X-Business-Use-Case-Usage"])[raw.page]
    assert use["type"] == "pages" and use["estimated_time_to_regain_access"] == 0
    assert "call_count" in json.loads(reply.headers["X-App-Usage"])
    [call] = sandbox.ask("ledger", network="facebook", stored=reply.json()["id"])
    assert "message=Halo" in call["body"]
    assert "access_token" not in sandbox.posts("facebook", raw.page)[0]["raw"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (400, 100, 0)),
        ({"message": "x" * 63_207}, (400, 100, 0)),
        ({"message": "x", "colour": "red"}, (400, 100, 0)),
        ({"message": "x", "link": "teraskopi"}, (400, 1500, 0)),
        ({"message": "x", "attached_media": "media_fbid"}, (400, 100, 0)),
        ({"message": "x", "attached_media": '[{"media_fbid":"1"}]'}, (400, 100, 0)),
        ({"message": "x", "published": "perhaps"}, (400, 100, 0)),
        ({"message": "x", "appsecret_proof": "0" * 64}, (400, 100, 0)),
        ({"message": "x", "access_token": "nobody"}, (400, 190, 0)),
    ],
)
def test_what_facebook_refuses(raw: Raw, fields: dict[str, str], expected: tuple[int, int, int]) -> None:
    assert error(raw.post(f"{raw.page}/feed", **fields)) == expected


def test_the_same_words_within_a_day_are_a_duplicate(raw: Raw, sandbox: SandboxProcess) -> None:
    assert raw.post(f"{raw.page}/feed", message="Sama saja").ok
    assert error(raw.post(f"{raw.page}/feed", message="Sama  saja ")) == (400, 506, 1455006)
    sandbox.control("settings", advance=25 * 3600)
    assert raw.post(f"{raw.page}/feed", message="Sama saja").ok


def test_versions_paths_and_methods(raw: Raw, sandbox: SandboxProcess) -> None:
    brand = sandbox.account("facebook")
    assert error(Raw(sandbox, brand, "v99.0").post(f"{brand['id']}/feed", message="x")) == (400, 2500, 0)
    assert error(raw.get("no/such/path")) == (400, 2500, 0)
    assert error(raw.get(f"{raw.page}/photos")) == (400, 100, 0)
    assert error(raw.get("123")) == (400, 100, 33)


def test_a_page_acts_for_itself_only_and_within_its_permissions(raw: Raw, sandbox: SandboxProcess) -> None:
    other = sandbox.account("facebook")
    assert error(raw.post(f"{other['id']}/feed", message="x")) == (403, 200, 0)
    theirs = Raw(sandbox, other).post(f"{other['id']}/feed", message="theirs").json()["id"]
    assert error(raw.post(theirs, message="changed")) == (403, 200, 0)
    narrow = Raw(sandbox, sandbox.account("facebook", scopes=["pages_show_list"]))
    assert error(narrow.post(f"{narrow.page}/feed", message="x")) == (403, 200, 0)


def test_a_picture_must_be_one_and_is_used_once(raw: Raw) -> None:
    edge = f"{raw.page}/photos"
    assert error(raw.post(edge, published="false", files={"source": ("a.png", b"no")})) == (400, 324, 2069019)
    assert error(raw.post(edge, published="false")) == (400, 100, 0)
    heavy = picture() + b"\0" * (4 * 1024 * 1024)
    assert error(raw.post(edge, published="false", files={"source": ("a.png", heavy)})) == (400, 100, 1366046)
    id = raw.post(edge, published="false", alt_text_custom="Cangkir", files={"source": ("a.png", picture())}).json()[
        "id"
    ]
    attached = json.dumps([{"media_fbid": id}])
    assert raw.post(f"{raw.page}/feed", message="Satu", attached_media=attached).ok
    assert error(raw.post(f"{raw.page}/feed", message="Dua", attached_media=attached)) == (400, 100, 1366051)


def test_a_film_is_checked_piece_by_piece(raw: Raw, sandbox: SandboxProcess) -> None:
    edge, data = f"{raw.page}/videos", film(1)
    assert error(raw.post(edge, upload_phase="middle")) == (400, 100, 0)
    assert error(raw.post(edge, upload_phase="start", file_size="0")) == (400, 352, 1363023)
    begun = raw.post(edge, upload_phase="start", file_size=str(len(data))).json()
    step = {"upload_session_id": begun["upload_session_id"]}
    early = raw.post(edge, upload_phase="finish", **step)
    assert error(early) == (400, 6000, 1363041)
    piece = {"video_file_chunk": ("f.mp4", data)}
    wrong = raw.post(edge, upload_phase="transfer", start_offset="7", files=piece, **step)
    assert error(wrong) == (400, 6001, 1363037)
    sent = raw.post(edge, upload_phase="transfer", start_offset="0", files=piece, **step).json()
    assert sent["start_offset"] == sent["end_offset"] == str(len(data))
    assert sandbox.posts("facebook", raw.page) == []
    assert raw.post(edge, upload_phase="finish", title="Seduh", **step).json() == {"success": True}
    known = raw.get(begun["video_id"], fields="post_id,permalink_url,title").json()
    assert known["title"] == "Seduh" and known["post_id"] == sandbox.posts("facebook", raw.page)[0]["id"]


def test_fields_are_read_strictly(raw: Raw) -> None:
    id = raw.post(f"{raw.page}/feed", message="Halo", link="https://teraskopi.id/").json()["id"]
    asked = "id,message,from{name},attachments{media_type},comments.limit(0).summary(true)"
    known = raw.get(id, fields=asked).json()
    assert known["attachments"]["data"][0]["media_type"] == "link"
    assert known["comments"]["summary"]["total_count"] == 0
    assert raw.get(id).json().keys() == {"created_time", "message", "id"}
    assert error(raw.get(id, fields="id,colour")) == (400, 100, 0)
    assert error(raw.get(id, fields="id,{from")) == (400, 2500, 0)
    assert error(raw.get(id, fields="insights.metric(post_impressions)")) == (400, 100, 0)


def test_a_listing_is_paged_by_cursor(raw: Raw) -> None:
    ids = [raw.post(f"{raw.page}/feed", message=f"post {place}").json()["id"] for place in range(3)]
    first = raw.get(f"{raw.page}/feed", limit="2").json()
    assert [one["id"] for one in first["data"]] == [ids[2], ids[1]] and "next" in first["paging"]
    rest = raw.get(f"{raw.page}/feed", limit="2", after=first["paging"]["cursors"]["after"]).json()
    assert [one["id"] for one in rest["data"]] == [ids[0]] and "next" not in rest["paging"]


def test_a_used_up_budget_names_the_minutes(raw: Raw, sandbox: SandboxProcess) -> None:
    sandbox.control("settings", rate_scale=0)
    reply = raw.post(f"{raw.page}/feed", message="x")
    assert error(reply) == (400, 80001, 0)
    [use] = json.loads(reply.headers["X-Business-Use-Case-Usage"])[raw.page]
    assert use["estimated_time_to_regain_access"] > 1000


def test_answers_to_answers_hang_on_the_same_comment(raw: Raw, sandbox: SandboxProcess) -> None:
    post = raw.post(f"{raw.page}/feed", message="Menu").json()["id"]
    first = sandbox.control("say", network="facebook", author="rinamaharani", parent=post, text="Satu")
    second = raw.post(f"{first['id']}/comments", message="Dua").json()["id"]
    third = raw.post(f"{second}/comments", message="Tiga").json()["id"]
    by_id = {one["id"]: one for one in sandbox.ask("posts", network="facebook", root=post)}
    assert (by_id[second]["parent"], by_id[third]["parent"]) == (first["id"], first["id"])
    assert len(raw.get(f"{post}/comments", filter="stream").json()["data"]) == 3
    assert len(raw.get(f"{post}/comments").json()["data"]) == 1
    assert error(raw.post(f"{post}/comments")) == (400, 100, 0)


def test_a_long_post_folds_for_its_reader(raw: Raw, sandbox: SandboxProcess) -> None:
    raw.post(f"{raw.page}/feed", message="Kopi " * 40)
    assert sandbox.posts("facebook", raw.page)[0]["reader"]["fold"] == 110


def test_the_dialog_gives_only_to_the_apps_own_address(sandbox: SandboxProcess) -> None:
    dialog = f"{sandbox.url}/www.facebook.com/v25.0/dialog/oauth"
    good = {
        "client_id": CLIENT,
        "redirect_uri": "http://127.0.0.1:9/connect/facebook/callback/",
        "state": "s",
        "scope": "pages_show_list",
        "response_type": "code",
    }
    assert requests.get(dialog, params=good, timeout=5).status_code == 200
    for spoiled in (
        {"client_id": "x"},
        {"redirect_uri": "http://evil.example/"},
        {"scope": "everything"},
        {"state": ""},
    ):
        reply = requests.get(dialog, params={**good, **spoiled}, timeout=5, allow_redirects=False)
        assert reply.status_code == 400 and "Location" not in reply.headers
    token = f"{sandbox.url}/graph.facebook.com/v25.0/oauth/access_token"
    wrong = requests.post(token, data={"client_id": CLIENT, "client_secret": "guess", "code": "x"}, timeout=5)
    assert error(wrong) == (400, 1, 0)


def test_what_was_posted_survives_a_restart(tmp_path: Any) -> None:
    with running_sandbox(data=tmp_path) as before:
        raw = Raw(before, before.account("facebook", handle="ulang"))
        id = raw.post(f"{raw.page}/feed", message="Tetap ada").json()["id"]
    with running_sandbox(data=tmp_path) as after:
        assert [post["id"] for post in after.posts("facebook", "ulang")] == [id]
