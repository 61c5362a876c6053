"""The pretend X is as strict with posts as the OpenAPI document and the real X."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from sandbox.wires.x import words
from tests.sandbox.clips import film, picture
from tests.sandbox.x_desk import Desk, why
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def desk(sandbox: SandboxProcess) -> Desk:
    return Desk(sandbox)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("a" * 280, 280),
        ("コ" * 140, 280),
        ("☕", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("👩🏽‍🚀 🇮🇩 1️⃣", 8),
        ("https://example.com/" + "x" * 300, 23),
        ("lihat example.com/menu ya", 32),
        ("e\u0301", 1),
        ("halo.dunia @teraskopi", 21),
        ("x@example.com", 13),
        ("“kutip” – …", 12),
    ],
)
def test_words_weigh_as_twitter_text_says(text: str, weight: int) -> None:
    assert words.weigh(text) == weight


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"txt": "a"}, "$.txt: is not defined in the schema"),
        ({"text": 5}, "int found, string expected"),
        ({"text": "a", "reply": {}}, "$.reply.in_reply_to_tweet_id: is missing"),
        ({"text": "a", "reply": {"in_reply_to_tweet_id": 12}}, "int found, string expected"),
        ({"text": "a", "reply_settings": "everyone"}, "does not have a value in the enumeration"),
        ({"text": "a", "media": {"media_ids": []}}, "must be between 1 and 4"),
        ({"text": "a", "media": {"media_ids": ["x"]}}, "does not match the regex"),
        ({"text": "a", "paid_partnership": "yes"}, "str found, boolean expected"),
        ({"text": "a", "poll": {"options": ["a", "b"], "duration_minutes": 4}}, "must be between 5 and 10080"),
        ({"text": "a", "poll": {"options": ["a"], "duration_minutes": 5}}, "must be between 2 and 4"),
        ({"text": "a" * 281}, "too long"),
        ({"text": " "}, "must not be empty"),
        ({}, "must not be empty"),
        ({"text": "a", "media": {"media_ids": ["1"]}}, "Your media IDs are invalid."),
        ({"text": "a", "media": {"media_ids": ["1"]}, "quote_tweet_id": "2"}, "only one of"),
    ],
)
def test_a_wrong_body_is_refused(desk: Desk, body: dict[str, Any], says: str) -> None:
    reply = desk.post(**body)
    assert reply.status_code == 400 and says in why(reply), reply.text
    assert reply.headers["Content-Type"].startswith("application/problem+json")
    assert desk.sandbox.posts("x", desk.id) == []


def test_a_body_that_is_no_json_is_refused(desk: Desk) -> None:
    headers = {"Content-Type": "application/json"}
    assert desk.call("POST", "/2/tweets", data=b'{"text": "a"', headers=headers).status_code == 400
    assert desk.call("POST", "/2/tweets", data={"text": "a"}).status_code == 400


def test_the_text_comes_back_as_x_gives_it(desk: Desk) -> None:
    id = desk.posted(text="Kopi & teh <3 example.com/menu")
    fields = {"tweet.fields": "entities,created_at,public_metrics,author_id"}
    post = desk.call("GET", f"/2/tweets/{id}", params=fields).json()["data"]
    [url] = post["entities"]["urls"]
    assert post["text"] == f"Kopi &amp; teh &lt;3 {url['url']}" and url["url"].startswith("https://t.co/")
    assert url["expanded_url"] == "http://example.com/menu"
    assert post["text"][url["start"] : url["end"]] == url["url"]
    assert "retweet_count" in post["public_metrics"]


def test_both_dialects_are_spoken(desk: Desk) -> None:
    id = desk.posted(text="a")
    old = desk.call("GET", f"/2/tweets/{id}", params={"tweet.fields": "public_metrics"}).json()["data"]
    new = desk.call("GET", f"/2/tweets/{id}", params={"post.fields": "public_metrics"}).json()["data"]
    assert "edit_history_tweet_ids" in old and "retweet_count" in old["public_metrics"]
    assert "edit_history_post_ids" in new and "repost_count" in new["public_metrics"]


def test_unknown_fields_and_parameters_are_refused(desk: Desk) -> None:
    id = desk.posted(text="a")
    assert desk.call("GET", f"/2/tweets/{id}", params={"tweet.fields": "magic"}).status_code == 400
    assert desk.call("GET", f"/2/tweets/{id}", params={"magic": "1"}).status_code == 400
    assert desk.call("GET", f"/2/users/{desk.id}/tweets", params={"max_results": "4"}).status_code == 400


def test_the_same_words_twice_are_refused_unless_deleted(desk: Desk) -> None:
    id = desk.posted(text="Selamat pagi  ☕")
    again = desk.post(text="selamat PAGI ☕")
    assert (again.status_code, why(again)) == (
        403,
        "You are not allowed to create a Tweet with duplicate content.",
    )
    assert desk.call("DELETE", f"/2/tweets/{id}").json() == {"data": {"deleted": True}}
    desk.posted(text="Selamat pagi ☕")


def test_only_one_cashtag(desk: Desk) -> None:
    assert desk.post(text="$KOPI dan $TEH").status_code == 403
    desk.posted(text="$KOPI harganya $5")


def test_who_may_be_answered(desk: Desk, sandbox: SandboxProcess) -> None:
    other = Desk(sandbox)
    silent, calling = other.posted(text="tanpa nama"), other.posted(text=f"halo @{desk.handle}")
    assert desk.post(text="hai", reply={"in_reply_to_tweet_id": silent}).status_code == 403
    desk.posted(text="hai juga", reply={"in_reply_to_tweet_id": calling})
    gone = desk.post(text="hai", reply={"in_reply_to_tweet_id": "1"})
    assert gone.status_code == 403 and "deleted or not visible" in why(gone)


def test_nobody_deletes_or_hides_anothers_words(desk: Desk, sandbox: SandboxProcess) -> None:
    other = Desk(sandbox)
    id = desk.posted(text="milik saya")
    assert other.call("DELETE", f"/2/tweets/{id}").status_code == 403
    reply = sandbox.control("say", network="x", author="rinamaharani", parent=id, text="hm")["id"]
    assert other.call("PUT", f"/2/tweets/{reply}/hidden", json={"hidden": True}).status_code == 403
    hidden = desk.call("PUT", f"/2/tweets/{reply}/hidden", json={"hidden": True})
    assert hidden.json() == {"data": {"hidden": True}}


def test_a_listing_comes_in_pages_newest_first(desk: Desk) -> None:
    ids = [desk.posted(text=f"n {place}") for place in range(12)]
    seen: list[str] = []
    params: dict[str, str] = {"max_results": "5"}
    while True:
        body = desk.call("GET", f"/2/users/{desk.id}/tweets", host="api.twitter.com", params=params).json()
        seen += [post["id"] for post in body["data"]]
        if "next_token" not in body["meta"]:
            break
        params["pagination_token"] = body["meta"]["next_token"]
    assert seen == ids[::-1]
    since = desk.call("GET", f"/2/users/{desk.id}/tweets", params={"since_id": ids[8]}).json()["data"]
    assert [post["id"] for post in since] == ids[:8:-1]


def test_a_lookup_answers_data_and_errors_side_by_side(desk: Desk) -> None:
    id = desk.posted(text="ada")
    body = desk.call("GET", "/2/tweets", params={"ids": f"{id},19"}).json()
    assert [post["id"] for post in body["data"]] == [id]
    assert [error["resource_id"] for error in body["errors"]] == ["19"]


def test_the_hundred_and_first_post_in_a_quarter_of_an_hour_waits(desk: Desk) -> None:
    replies = [desk.post(text=f"n {place}") for place in range(101)]
    assert [reply.status_code for reply in replies] == [201] * 100 + [429]
    assert replies[0].headers["x-rate-limit-remaining"] == "99"
    assert replies[100].headers["x-rate-limit-remaining"] == "0"
    desk.sandbox.control("settings", advance=901)
    desk.posted(text="weiter")


# -- media -----------------------------------------------------------------------------------------


def upload(desk: Desk, data: bytes, category: str = "tweet_image") -> Any:
    body = {"media": base64.b64encode(data).decode(), "media_category": category}
    return desk.call("POST", "/2/media/upload", json=body)


def chunked(desk: Desk, data: bytes, total: int | None = None) -> Any:
    about = {"media_type": "video/mp4", "total_bytes": total or len(data), "media_category": "tweet_video"}
    id = desk.call("POST", "/2/media/upload/initialize", json=about).json()["data"]["id"]
    files = {"media": ("blob", data, "application/octet-stream")}
    appended = desk.call("POST", f"/2/media/upload/{id}/append", data={"segment_index": "0"}, files=files)
    assert appended.status_code == 200, appended.text
    return desk.call("POST", f"/2/media/upload/{id}/finalize")


def test_pictures_by_json_and_by_form(desk: Desk) -> None:
    first = upload(desk, picture()).json()["data"]["id"]
    files = {"media": ("a.jpg", picture("JPEG"), "image/jpeg")}
    second = desk.call("POST", "/2/media/upload", data={"media_category": "tweet_image"}, files=files).json()
    desk.posted(text="dua", media={"media_ids": [first, second["data"]["id"]]})


def test_what_is_no_picture_is_refused(desk: Desk) -> None:
    assert upload(desk, b"not a picture").status_code == 400
    assert upload(desk, b"\x89PNG\r\n\x1a\n" + b"0" * (5 * 1024 * 1024)).status_code == 400
    assert upload(desk, picture(), "poster").status_code == 400


def test_media_belong_to_their_account_and_age(desk: Desk, sandbox: SandboxProcess) -> None:
    other = Desk(sandbox)
    id = upload(desk, picture()).json()["data"]["id"]
    assert other.post(text="curi", media={"media_ids": [id]}).status_code == 400
    sandbox.control("settings", advance=86_401)
    late = Desk(sandbox, {**desk.account, "token": sandbox.control("tokens", network="x", account=desk.id)})
    assert late.post(text="basi", media={"media_ids": [id]}).status_code == 400


def test_a_video_must_be_processed_before_it_is_posted(desk: Desk, sandbox: SandboxProcess) -> None:
    media = chunked(desk, film(1)).json()["data"]
    assert media["processing_info"]["state"] == "in_progress"
    assert desk.post(text="dini", media={"media_ids": [media["id"]]}).status_code == 400
    sandbox.control("settings", advance=2)
    status = desk.call("GET", "/2/media/upload", params={"command": "STATUS", "media_id": media["id"]}).json()
    assert status["data"]["processing_info"]["state"] == "succeeded"
    picture_id = upload(desk, picture()).json()["data"]["id"]
    mixed = desk.post(text="campur", media={"media_ids": [media["id"], picture_id]})
    assert mixed.status_code == 400
    desk.posted(text="film", media={"media_ids": [media["id"]]})


@pytest.mark.parametrize("length", [0.2, 141])
def test_a_video_of_a_wrong_length_fails(desk: Desk, length: float) -> None:
    made = chunked(desk, film(length, fps=10 if length < 1 else 1)).json()["data"]
    assert made["processing_info"]["state"] == "failed"


def test_pieces_must_add_up(desk: Desk) -> None:
    assert chunked(desk, film(1), total=99).status_code == 400


def test_alt_text_has_a_limit(desk: Desk) -> None:
    id = upload(desk, picture()).json()["data"]["id"]
    for length, status in ((1000, 200), (1001, 400)):
        body = {"id": id, "metadata": {"alt_text": {"text": "a" * length}}}
        assert desk.call("POST", "/2/media/metadata", json=body).status_code == status
