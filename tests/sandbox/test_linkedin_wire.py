"""The pretend LinkedIn is as strict as the REST interface: raw requests, no SDK."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.sandbox.clips import film, picture
from tests.sandbox_process import SandboxProcess

VERSIONED = {"LinkedIn-Version": "202611", "X-Restli-Protocol-Version": "2.0.0"}


class Raw:
    """Speaks to LinkedIn as a page's administrator does."""

    def __init__(self, sandbox: SandboxProcess, account: dict[str, Any]) -> None:
        self.sandbox = sandbox.url
        self.page = account["id"]
        self.token = account["token"]["id"]

    def ask(self, verb: str, path: str, *, body: Any = None, without: str = "", **headers: str) -> requests.Response:
        sent = {"Authorization": f"Bearer {self.token}", **VERSIONED, **headers}
        sent.pop(without, None)
        return requests.request(verb, f"{self.sandbox}/api.linkedin.com{path}", json=body, headers=sent, timeout=5)

    def post(self, commentary: str = "Halo", **more: Any) -> dict[str, Any]:
        return {
            "author": self.page,
            "commentary": commentary,
            "visibility": "PUBLIC",
            "distribution": {"feedDistribution": "MAIN_FEED"},
            "lifecycleState": "PUBLISHED",
            **more,
        }

    def put(self, address: str, data: bytes, **headers: str) -> requests.Response:
        return requests.put(f"{self.sandbox}/{address.removeprefix('https://')}", data=data, headers=headers, timeout=5)


@pytest.fixture
def raw(sandbox: SandboxProcess) -> Raw:
    return Raw(sandbox, sandbox.account("linkedin"))


def codes(reply: requests.Response) -> tuple[int, str]:
    body = reply.json()
    assert body["status"] == reply.status_code and body["message"]
    inputs = body.get("errorDetails", {}).get("inputErrors", [{}])
    return reply.status_code, inputs[0].get("code") or body["code"]


def test_a_post_answers_201_with_its_urn_and_nothing_else(raw: Raw, sandbox: SandboxProcess) -> None:
    reply = raw.ask("POST", "/rest/posts", body=raw.post())
    assert (reply.status_code, reply.content) == (201, b"")
    [post] = sandbox.posts("linkedin", raw.page)
    assert reply.headers["x-restli-id"] == post["id"]
    assert raw.ask("GET", f"/rest/posts/{quote(post['id'], safe='')}").json()["commentary"] == "Halo"


@pytest.mark.parametrize(
    ("without", "headers", "expected"),
    [
        ("LinkedIn-Version", {}, (400, "VERSION_MISSING")),
        ("", {"LinkedIn-Version": "202401"}, (426, "NONEXISTENT_VERSION")),
        ("X-Restli-Protocol-Version", {}, (400, "ILLEGAL_ARGUMENT")),
        ("Authorization", {}, (401, "INVALID_ACCESS_TOKEN")),
        ("", {"Authorization": "Bearer nobody"}, (401, "INVALID_ACCESS_TOKEN")),
    ],
)
def test_headers_are_required(raw: Raw, without: str, headers: dict[str, str], expected: tuple[int, str]) -> None:
    assert codes(raw.ask("POST", "/rest/posts", body=raw.post(), without=without, **headers)) == expected


@pytest.mark.parametrize(
    ("spoiled", "expected"),
    [
        ({"commentary": "x" * 3001}, (422, "FIELD_LENGTH_TOO_LONG")),
        ({"commentary": ""}, (422, "MISSING_FIELD")),
        ({"colour": "red"}, (422, "UNRECOGNIZED_FIELD")),
        ({"visibility": "EVERYBODY"}, (422, "INVALID_VALUE")),
        ({"lifecycleState": "DRAFT"}, (422, "INVALID_VALUE")),
        ({"author": "urn:li:organization:1"}, (403, "ACCESS_DENIED")),
        ({"content": {"article": {"source": "https://x.id/"}}}, (422, "MISSING_FIELD")),
        ({"content": {"media": {"id": "urn:li:image:1"}}}, (422, "INVALID_VALUE")),
        ({"content": {"multiImage": {"images": [{"id": "urn:li:image:1"}]}}}, (422, "INVALID_VALUE")),
        ({"content": {"media": {}, "article": {}}}, (422, "INVALID_VALUE")),
    ],
)
def test_what_linkedin_refuses(raw: Raw, spoiled: dict[str, Any], expected: tuple[int, str]) -> None:
    assert codes(raw.ask("POST", "/rest/posts", body=raw.post(**spoiled))) == expected


def test_a_missing_field_is_named(raw: Raw) -> None:
    body = raw.post()
    del body["distribution"]
    reply = raw.ask("POST", "/rest/posts", body=body)
    assert codes(reply) == (422, "MISSING_FIELD") and "/distribution" in reply.json()["message"]


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("Promo (hanya hari ini) #kopi", "Promo"),
        (r"Promo \(hanya hari ini\) #kopi", "Promo (hanya hari ini) #kopi"),
        ("Halo @[Teras Kopi](urn:li:organization:1) dan *semua*", "Halo Teras Kopi dan"),
        (r"{hashtag|\#|kopi} enak", "#kopi enak"),
        ("50% <3 kami", "50%"),
        ("#hemat_besar", "#hemat"),
        (r"satu\dua", "satu"),
    ],
)
def test_a_reader_loses_what_follows_an_unescaped_character(
    raw: Raw, sandbox: SandboxProcess, sent: str, seen: str
) -> None:
    raw.ask("POST", "/rest/posts", body=raw.post(sent))
    [post] = sandbox.posts("linkedin", raw.page)
    assert (post["text"], post["reader"]["text"]) == (sent, seen)


def test_a_long_post_folds_for_its_reader(raw: Raw, sandbox: SandboxProcess) -> None:
    raw.ask("POST", "/rest/posts", body=raw.post("Kopi " * 40))
    assert sandbox.posts("linkedin", raw.page)[0]["reader"]["fold"] == 140


def test_the_same_words_within_a_day_are_a_duplicate_that_names_the_first(raw: Raw, sandbox: SandboxProcess) -> None:
    first = raw.ask("POST", "/rest/posts", body=raw.post()).headers["x-restli-id"]
    again = raw.ask("POST", "/rest/posts", body=raw.post())
    assert codes(again) == (422, "DUPLICATE_POST") and again.json()["message"].endswith(first)
    assert again.json()["errorDetailType"] == "com.linkedin.common.error.BadRequest"
    sandbox.control("settings", advance=25 * 3600)
    assert raw.ask("POST", "/rest/posts", body=raw.post()).status_code == 201


def test_a_picture_is_put_with_the_token_and_waits_for_processing(raw: Raw) -> None:
    asked = {"initializeUploadRequest": {"owner": raw.page}}
    value = raw.ask("POST", "/rest/images?action=initializeUpload", body=asked).json()["value"]
    where = f"/rest/images/{quote(value['image'], safe='')}"
    assert raw.ask("GET", where).json()["status"] == "WAITING_UPLOAD"
    early = raw.ask("POST", "/rest/posts", body=raw.post(content={"media": {"id": value["image"]}}))
    assert codes(early) == (400, "MEDIA_ASSET_WAITING_UPLOAD")
    assert raw.put(value["uploadUrl"], picture()).status_code == 401
    assert raw.put(value["uploadUrl"] + "x", picture()).status_code == 403
    assert raw.put(value["uploadUrl"], picture(), Authorization=f"Bearer {raw.token}").status_code == 201
    assert raw.ask("GET", where).json()["status"] in ("PROCESSING", "AVAILABLE")


def test_a_films_parts_carry_no_token_and_must_add_up(raw: Raw) -> None:
    data = film(4)
    asked = {"initializeUploadRequest": {"owner": raw.page, "fileSizeBytes": len(data)}}
    value = raw.ask("POST", "/rest/videos?action=initializeUpload", body=asked).json()["value"]
    [part] = value["uploadInstructions"]
    assert (part["firstByte"], part["lastByte"]) == (0, len(data) - 1)
    assert raw.put(part["uploadUrl"], data, Authorization=f"Bearer {raw.token}").status_code == 400
    etag = raw.put(part["uploadUrl"], data).headers["ETag"].strip('"')
    done = {"video": value["video"], "uploadToken": "", "uploadedPartIds": ["guess"]}
    finish = "/rest/videos?action=finalizeUpload"
    assert codes(raw.ask("POST", finish, body={"finalizeUploadRequest": done})) == (400, "INVALID_VALUE")
    done["uploadedPartIds"] = [etag]
    assert raw.ask("POST", finish, body={"finalizeUploadRequest": done}).status_code == 200


def test_a_page_acts_for_itself_only_and_within_its_permissions(raw: Raw, sandbox: SandboxProcess) -> None:
    narrow = Raw(sandbox, sandbox.account("linkedin", scopes=["openid", "profile"]))
    assert codes(narrow.ask("POST", "/rest/posts", body=narrow.post())) == (403, "ACCESS_DENIED")
    other = sandbox.account("linkedin")
    listing = raw.ask("GET", f"/rest/posts?q=author&author={quote(other['id'], safe='')}")
    assert codes(listing) == (403, "ACCESS_DENIED")


def test_a_listing_is_paged_by_start_and_count(raw: Raw) -> None:
    ids = [raw.ask("POST", "/rest/posts", body=raw.post(f"post {place}")).headers["x-restli-id"] for place in range(3)]
    listing = f"/rest/posts?q=author&author={quote(raw.page, safe='')}&sortBy=CREATED"
    first = raw.ask("GET", f"{listing}&count=2").json()
    assert [one["id"] for one in first["elements"]] == [ids[2], ids[1]] and first["paging"]["links"][0]["rel"] == "next"
    rest = raw.ask("GET", f"{listing}&count=2&start=2").json()
    assert [one["id"] for one in rest["elements"]] == [ids[0]] and rest["paging"]["links"] == []
    assert codes(raw.ask("GET", f"{listing}&count=101")) == (400, "INVALID_VALUE")


def test_comments_are_plain_and_two_levels_deep(raw: Raw, sandbox: SandboxProcess) -> None:
    post = raw.ask("POST", "/rest/posts", body=raw.post()).headers["x-restli-id"]
    edge = f"/rest/socialActions/{quote(post, safe='')}/comments"
    said = {"actor": raw.page, "object": post, "message": {"text": "Harga (baru) *50%*"}}
    first = raw.ask("POST", edge, body=said)
    assert first.status_code == 201 and first.headers["x-restli-id"] == first.json()["id"]
    urn = first.json()["commentUrn"]
    under = f"/rest/socialActions/{quote(urn, safe='')}/comments"
    assert codes(raw.ask("POST", under, body=said)) == (400, "INVALID_VALUE")
    assert raw.ask("POST", under, body={**said, "parentComment": urn}).status_code == 201
    too_long = {**said, "message": {"text": "x" * 1251}}
    assert codes(raw.ask("POST", edge, body=too_long)) == (422, "FIELD_LENGTH_TOO_LONG")
    assert len(raw.ask("GET", edge).json()["elements"]) == 1
    [comment, answer] = sandbox.ask("posts", network="linkedin", root=post)
    assert comment["reader"]["text"] == "Harga (baru) *50%*" and answer["parent"] == urn


def test_a_used_up_day_says_so(raw: Raw, sandbox: SandboxProcess) -> None:
    sandbox.control("settings", rate_scale=0)
    reply = raw.ask("POST", "/rest/posts", body=raw.post())
    assert codes(reply) == (429, "TOO_MANY_REQUESTS") and "DAY limit" in reply.json()["message"]


def test_the_sign_in_checks_the_app_and_the_grant(sandbox: SandboxProcess) -> None:
    token = f"{sandbox.url}/www.linkedin.com/oauth/v2/accessToken"
    app = {"client_id": "sandbox-linkedin-client", "client_secret": "sandbox-linkedin-secret"}
    wrong = requests.post(token, data={**app, "client_secret": "guess", "grant_type": "refresh_token"}, timeout=5)
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    dead = requests.post(token, data={**app, "grant_type": "refresh_token", "refresh_token": "x"}, timeout=5)
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_request")
    page = f"{sandbox.url}/www.linkedin.com/oauth/v2/authorization"
    asked = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": "http://127.0.0.1:9/connect/linkedin/callback/",
        "state": "s",
        "scope": "openid",
    }
    assert requests.get(page, params=asked, timeout=5).status_code == 200
    for spoiled in ({"redirect_uri": "http://evil.example/"}, {"scope": "everything"}, {"state": ""}):
        assert requests.get(page, params={**asked, **spoiled}, timeout=5).status_code == 400
