"""The pretend YouTube is as strict as its discovery document, and answers in Google's own shapes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.sandbox.clips import film
from tests.sandbox_process import SandboxProcess

STEP = 256 * 1024
API = "youtube.googleapis.com"
UPLOAD = f"{API}/upload/youtube/v3/videos"
V3 = f"{API}/youtube/v3"
SCOPE = "https://www.googleapis.com/auth/youtube."


class Desk:
    """A channel's token and the calls a program makes with it."""

    def __init__(self, sandbox: SandboxProcess, **asked: Any) -> None:
        self.sandbox = sandbox
        self.brand = sandbox.account("youtube", **asked)
        self.uid = self.brand["id"]
        self.auth = {"Authorization": f"Bearer {self.brand['token']['id']}"}

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> requests.Response:
        return requests.request(
            method,
            f"{self.sandbox.url}/{path}",
            headers={**self.auth, **(headers or {})},
            allow_redirects=False,
            timeout=5,
            **more,
        )

    def begin(self, body: dict[str, Any], part: str = "snippet,status", **headers: str) -> requests.Response:
        asked = {"uploadType": "resumable", "part": part}
        return self.call(
            "POST", UPLOAD, params=asked, json=body, headers={"X-Upload-Content-Type": "video/mp4", **headers}
        )

    def put(self, session: str, data: bytes, says: str) -> requests.Response:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(session).query).items()}
        return self.call("PUT", UPLOAD, params=asked, data=data, headers={"Content-Range": says})

    def upload(self, title: str = "Kopi", privacy: str = "public", data: bytes = b"") -> str:
        data = data or film(1.0)
        body = {"snippet": {"title": title}, "status": {"privacyStatus": privacy}}
        session = self.begin(body).headers["Location"]
        done = self.put(session, data, f"bytes 0-{len(data) - 1}/{len(data)}")
        assert done.status_code == 200, done.text
        id: str = done.json()["id"]
        return id


@pytest.fixture
def desk(sandbox: SandboxProcess) -> Desk:
    sandbox.control("settings", processing_seconds=0, rate_scale=100)
    return Desk(sandbox)


def reason(answer: requests.Response) -> tuple[int, str]:
    body = answer.json()["error"]
    assert body["code"] == answer.status_code and body["message"]
    return answer.status_code, body["errors"][0]["reason"]


@pytest.mark.parametrize(
    ("body", "part", "why"),
    [
        ({"snippet": {"title": "t", "colour": "red"}}, "snippet", "badRequest"),
        ({"snippet": {"title": 7}}, "snippet", "badRequest"),
        ({"status": {"privacyStatus": "secret"}, "snippet": {"title": "t"}}, "snippet,status", "badRequest"),
        ({"snippet": {"title": "t"}, "status": {}}, "snippet", "unexpectedPart"),
        ({"snippet": {"title": "t"}}, "snippet,whatever", "unknownPart"),
        ({"snippet": {"title": ""}}, "snippet", "invalidTitle"),
        ({"snippet": {"title": "t" * 101}}, "snippet", "invalidTitle"),
        ({"snippet": {"title": "a > b"}}, "snippet", "invalidTitle"),
        ({"snippet": {"title": "t", "description": "é" * 2501}}, "snippet", "invalidDescription"),
        ({"snippet": {"title": "t", "tags": ["x" * 300, "y" * 300]}}, "snippet", "invalidTags"),
        ({"snippet": {"title": "t", "categoryId": "999"}}, "snippet", "invalidCategoryId"),
        (
            {"snippet": {"title": "t"}, "status": {"privacyStatus": "public", "publishAt": "2027-01-01T00:00:00Z"}},
            "snippet,status",
            "invalidPublishAt",
        ),
    ],
)
def test_metadata_is_checked_word_for_word(desk: Desk, body: dict[str, Any], part: str, why: str) -> None:
    assert reason(desk.begin(body, part)) == (400, why)


def test_a_query_it_does_not_know_is_refused(desk: Desk) -> None:
    assert (
        reason(desk.call("GET", f"{V3}/channels", params={"part": "snippet", "mine": "true", "mood": "good"}))[0] == 400
    )
    assert reason(desk.call("GET", f"{V3}/channels", params={"mine": "true"})) == (400, "missingRequiredParameter")
    assert reason(desk.call("GET", f"{V3}/channels", params={"part": "snippet", "mine": "yes"})) == (
        400,
        "invalidParameter",
    )
    assert desk.call("PATCH", f"{V3}/channels").status_code == 405
    assert desk.call("GET", f"{V3}/nothing").status_code == 404


def test_a_file_that_is_no_video_is_refused_or_thrown_out(desk: Desk) -> None:
    refused = desk.begin({"snippet": {"title": "t"}}, "snippet", **{"X-Upload-Content-Type": "image/png"})
    assert reason(refused) == (400, "badContent")
    id = desk.upload(data=b"only words")
    [item] = desk.call("GET", f"{V3}/videos", params={"part": "status", "id": id}).json()["items"]
    assert (item["status"]["uploadStatus"], item["status"]["failureReason"]) == ("failed", "invalidFile")
    [post] = desk.sandbox.posts("youtube", desk.uid)
    assert post["reader"]["text"] == "" and "failed" in post["reader"]["note"]


def test_an_upload_is_resumed_by_asking_how_much_arrived(desk: Desk) -> None:
    data = film(1.0) + b"\0" * (2 * STEP)
    total = len(data)
    session = desk.begin({"snippet": {"title": "t"}}, "snippet").headers["Location"]
    assert session.startswith(f"https://{UPLOAD}?uploadType=resumable&upload_id=")
    asked = desk.put(session, b"", f"bytes */{total}")
    assert asked.status_code == 308 and "Range" not in asked.headers
    assert desk.put(session, data[:1000], f"bytes 0-999/{total}").status_code == 400  # no multiple of 256 KiB
    first = desk.put(session, data[:STEP], f"bytes 0-{STEP - 1}/{total}")
    assert (first.status_code, first.headers["Range"]) == (308, f"bytes=0-{STEP - 1}")
    skipping = desk.put(session, data[2 * STEP :], f"bytes {2 * STEP}-{total - 1}/{total}")
    assert (skipping.status_code, skipping.headers["Range"]) == (308, f"bytes=0-{STEP - 1}")
    assert desk.sandbox.posts("youtube", desk.uid) == []
    done = desk.put(session, data[STEP:], f"bytes {STEP}-{total - 1}/{total}")
    again = desk.put(session, b"", f"bytes */{total}")
    assert done.status_code == again.status_code == 200 and done.json()["id"] == again.json()["id"]
    assert len(desk.sandbox.posts("youtube", desk.uid)) == 1


def test_a_session_that_nobody_opened_is_not_there(desk: Desk) -> None:
    gone = desk.put(f"https://{UPLOAD}?uploadType=resumable&upload_id=nope", b"x", "bytes 0-0/1")
    assert gone.status_code == 404


def test_a_token_is_needed_and_its_scopes_count(desk: Desk) -> None:
    asked = {"part": "snippet", "mine": "true"}
    stranger = requests.get(f"{desk.sandbox.url}/{V3}/channels", params=asked, timeout=5)
    assert reason(stranger) == (401, "authError") and "WWW-Authenticate" in stranger.headers
    reader = Desk(desk.sandbox, scopes=[f"{SCOPE}readonly"])
    assert reader.call("GET", f"{V3}/channels", params=asked).json()["items"][0]["id"] == reader.uid
    assert reason(reader.begin({"snippet": {"title": "t"}}, "snippet")) == (403, "insufficientPermissions")
    late = Desk(desk.sandbox, expires_in=1)
    desk.sandbox.control("settings", advance=2)
    assert reason(late.call("GET", f"{V3}/channels", params=asked)) == (401, "authError")


def test_private_videos_are_for_their_owner_only(desk: Desk) -> None:
    hidden, open_to_all = desk.upload(privacy="private"), desk.upload()
    other = Desk(desk.sandbox)
    asked = {"part": "snippet", "playlistId": f"UU{desk.uid[2:]}", "maxResults": "50"}

    def listed(who: Desk) -> list[str]:
        items = who.call("GET", f"{V3}/playlistItems", params=asked).json()["items"]
        return [item["snippet"]["resourceId"]["videoId"] for item in items]

    assert listed(desk) == [open_to_all, hidden]
    assert listed(other) == [open_to_all]
    assert reason(other.call("DELETE", f"{V3}/videos", params={"id": open_to_all})) == (403, "forbidden")
    assert desk.call("DELETE", f"{V3}/videos", params={"id": open_to_all}).status_code == 204
    assert reason(desk.call("DELETE", f"{V3}/videos", params={"id": open_to_all})) == (404, "videoNotFound")
    thread = {"snippet": {"videoId": hidden, "topLevelComment": {"snippet": {"textOriginal": "Hm"}}}}
    commented = desk.call("POST", f"{V3}/commentThreads", params={"part": "snippet"}, json=thread)
    assert reason(commented) == (403, "commentsDisabled")


def test_comments_hang_in_threads_and_only_the_channel_may_hide_them(desk: Desk) -> None:
    video = desk.upload()
    said = desk.sandbox.control("say", network="youtube", author="rinamaharani", parent=video, text="Enak")["id"]
    empty = {"snippet": {"parentId": said, "textOriginal": " "}}
    assert reason(desk.call("POST", f"{V3}/comments", params={"part": "snippet"}, json=empty)) == (
        400,
        "commentTextRequired",
    )
    answer = {"snippet": {"parentId": said, "textOriginal": "Terima kasih"}}
    made = desk.call("POST", f"{V3}/comments", params={"part": "snippet"}, json=answer).json()
    assert made["id"].startswith(f"{said}.") and made["snippet"]["parentId"] == said
    nested = {"snippet": {"parentId": made["id"], "textOriginal": "?"}}
    assert desk.call("POST", f"{V3}/comments", params={"part": "snippet"}, json=nested).status_code == 404
    verdict = {"id": said, "moderationStatus": "rejected"}
    stranger = Desk(desk.sandbox).call("POST", f"{V3}/comments/setModerationStatus", params=verdict)
    assert reason(stranger) == (403, "forbidden")
    assert desk.call("POST", f"{V3}/comments/setModerationStatus", params=verdict).status_code == 204
    asked = {"part": "snippet", "videoId": video}
    assert desk.call("GET", f"{V3}/commentThreads", params=asked).json()["items"] == []


def test_a_grant_without_offline_access_has_no_refresh_token(desk: Desk) -> None:
    url = f"{desk.sandbox.url}/accounts.google.com/o/oauth2/v2/auth"
    back = f"{desk.sandbox.ask('state')['app_url']}/connect/youtube/callback/"
    asked = {
        "client_id": "sandbox-youtube-client",
        "redirect_uri": back,
        "response_type": "code",
        "scope": f"{SCOPE}readonly",
        "state": "s",
    }
    assert requests.get(url, params={**asked, "redirect_uri": back + "x"}, timeout=5).status_code == 400
    assert requests.get(url, params={**asked, "colour": "red"}, timeout=5).status_code == 400
    for more, expected in (({}, False), ({"access_type": "offline", "prompt": "consent"}, True)):
        form = {**asked, **more, "person": desk.uid, "decision": "allow"}
        sent = requests.post(url, data=form, allow_redirects=False, timeout=5)
        code = parse_qs(urlsplit(sent.headers["Location"]).query)["code"][0]
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": "sandbox-youtube-client",
            "client_secret": "sandbox-youtube-secret",
        }
        token = f"{desk.sandbox.url}/oauth2.googleapis.com/token"
        assert requests.post(token, data={**fields, "client_secret": "no"}, timeout=5).status_code == 401
        given = requests.post(token, data=fields, timeout=5).json()
        assert ("refresh_token" in given) is expected and given["token_type"] == "Bearer"


def test_the_quota_of_the_day_belongs_to_the_whole_project(desk: Desk) -> None:
    desk.sandbox.control("settings", rate_scale=0.01)  # a hundred units, one upload
    others = [Desk(desk.sandbox), Desk(desk.sandbox)]
    answers = [one.begin({"snippet": {"title": "t"}}, "snippet") for one in others]
    assert reason(answers[-1]) == (403, "quotaExceeded")
    desk.sandbox.control("settings", rate_scale=100)


def test_the_watch_page_leads_to_the_channels_feed(desk: Desk) -> None:
    video = desk.upload("Menyeduh pelan")
    page = requests.get(f"{desk.sandbox.url}/www.youtube.com/watch", params={"v": video}, timeout=5)
    assert page.status_code == 200 and "Menyeduh pelan" in page.text
    assert requests.get(f"{desk.sandbox.url}/www.youtube.com/watch", params={"v": "x"}, timeout=5).status_code == 404
