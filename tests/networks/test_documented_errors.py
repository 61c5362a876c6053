"""Every error that a network documents becomes a sentence that says what to do; next to none stays unknown."""

from __future__ import annotations

import json
from typing import Any

import httplib2
import pytest
import requests
from googleapiclient.errors import HttpError

from networks.adapters.facebook import errors as facebook
from networks.adapters.linkedin import errors as linkedin
from networks.adapters.wordpress import errors as wordpress
from networks.adapters.x import calls as x
from networks.adapters.youtube import calls as youtube
from networks.protocol import Credentials, NetworkError, Reconnect, Refused, Sender, TryLater, Unsure
from networks.site_wire import SiteReply
from tests.house.test_translations import translated

SENDER = Sender(uid="1", credentials=Credentials(access_token="t", refresh_token="", scopes=()), handle="teraskopi")
# What an adapter says when it does not know what an error means.
UNKNOWN = ("had trouble", "has a disturbance", "did not answer clearly", "failed while it was publishing")

FACEBOOK: dict[tuple[int, int], type[NetworkError]] = {
    **{(code, 0): TryLater for code in (4, 17, 32, 341, 613, 80001, 2635)},
    **{(code, 0): Reconnect for code in (10, 102, 190, 200, 230, 299)},
    **{(190, sub): Reconnect for sub in (458, 459, 460, 463, 464, 467)},
    **{(code, 0): Refused for code in (100, 368, 1609005)},
    (506, 0): Unsure,
    (1, 1390008): TryLater,
    **{(1, sub): Refused for sub in (1346003, 1404102, 1609008, 1366046, 2069019)},
    **{(1, sub): Reconnect for sub in (1404006, 1404078, 4854002)},
    (1, 1366051): Unsure,
}
LINKEDIN: list[tuple[int, str, str, type[NetworkError]]] = [
    (401, "EXPIRED_ACCESS_TOKEN", "", Reconnect),
    (401, "REVOKED_ACCESS_TOKEN", "", Reconnect),
    (401, "INVALID_ACCESS_TOKEN", "", Reconnect),
    (403, "ACCESS_DENIED", "Not enough permissions", Reconnect),
    (429, "TOO_MANY_REQUESTS", "Resource level throttle DAY limit", TryLater),
    (426, "NONEXISTENT_VERSION", "", TryLater),
    (400, "MEDIA_ASSET_WAITING_UPLOAD", "", TryLater),
    (400, "MEDIA_ASSET_PROCESSING_FAILED", "", Refused),
    (422, "DUPLICATE_POST", "Content is a duplicate of urn:li:share:7141138937766391808", Unsure),
    (422, "FIELD_LENGTH_TOO_LONG", "", Refused),
    (422, "MISSING_FIELD", "", Refused),
    (400, "ILLEGAL_ARGUMENT", "", Refused),
    (404, "NOT_FOUND", "", Refused),
]
X: list[tuple[int, str, str, type[NetworkError]]] = [
    (403, "about:blank", "You are not allowed to create a Tweet with duplicate content.", Unsure),
    (401, "about:blank", "Unauthorized", Reconnect),
    (403, "https://api.x.com/2/problems/unsupported-authentication", "Not permitted", Reconnect),
    (400, "https://api.x.com/2/problems/invalid-request", "Your media IDs are invalid.", TryLater),
    (400, "https://api.x.com/2/problems/invalid-request", "One or more parameters was invalid.", Refused),
    (429, "https://api.x.com/2/problems/rate-limit-exceeded", "Too Many Requests", TryLater),
    (429, "https://api.x.com/2/problems/usage-capped", "Usage cap exceeded", TryLater),
    (403, "https://api.x.com/2/problems/client-forbidden", "Client forbidden", TryLater),
    (403, "about:blank", "You are not permitted to perform this action.", Refused),
    (403, "about:blank", "A Tweet may contain a maximum of one cashtag.", Refused),
    (403, "https://api.x.com/2/problems/user-suspended", "User suspended", Reconnect),
    (403, "about:blank", "This user is not allowed to post a video longer than 2 minutes", Refused),
    (403, "about:blank", "The Tweet contains an invalid URL", Refused),
]
YOUTUBE: list[tuple[int, str, type[NetworkError]]] = [
    (403, "quotaExceeded", TryLater),
    (403, "rateLimitExceeded", TryLater),
    (400, "uploadLimitExceeded", TryLater),
    *((400, f"invalid{name}", Refused) for name in ("Title", "Description", "Tags", "CategoryId", "PublishAt")),
    (400, "mediaBodyRequired", Refused),
    (401, "authError", Reconnect),
    (401, "youtubeSignupRequired", Reconnect),
    (403, "insufficientPermissions", Reconnect),
    (403, "commentsDisabled", Refused),
    (404, "videoNotFound", Refused),
]
WORDPRESS: list[tuple[int, str, type[NetworkError]]] = [
    (401, "rest_not_logged_in", Reconnect),
    (401, "incorrect_password", Reconnect),
    (401, "rest_cannot_create", Reconnect),
    (403, "rest_cannot_edit", Reconnect),
    (403, "rest_cannot_publish", Refused),
    (400, "rest_invalid_param", Refused),
    (400, "empty_content", Refused),
    (404, "rest_post_invalid_id", Refused),
    (404, "rest_comment_invalid_id", Refused),
    (403, "rest_comment_closed", Refused),
    (403, "rest_comment_trash_post", Refused),
    (409, "comment_duplicate", Unsure),
    (400, "comment_flood", TryLater),
    (500, "rest_upload_sideload_error", Refused),
    (400, "rest_upload_file_too_big", Refused),
    (404, "rest_no_route", TryLater),
    (401, "rest_login_required", TryLater),
    (403, "", Refused),
    (429, "", TryLater),
]


def _wordpress(status: int, code: str) -> NetworkError:
    body = json.dumps({"code": code, "message": "…", "data": {"status": status}}) if code else "<h1>Forbidden</h1>"
    return wordpress.trouble(SiteReply("https://a.example/", status, {}, body.encode()), final=True)


def _facebook(code: int, subcode: int) -> NetworkError:
    body = {"error": {"code": code, "error_subcode": subcode, "message": "…"}}
    return facebook.trouble(400, {}, body, final=True)


def _linkedin(status: int, code: str, message: str) -> NetworkError:
    body = {"status": status, "message": message, "errorDetails": {"inputErrors": [{"code": code}]}}
    return linkedin.trouble(status, {}, body, final=True)


def _x(status: int, kind: str, detail: str) -> NetworkError:
    reply: Any = requests.Response()  # Any: filled as a test may
    reply.status_code, reply._content = status, json.dumps({"type": kind, "detail": detail}).encode()
    return x.meaning(SENDER, reply, live=True)


def _youtube(status: int, why: str) -> NetworkError:
    body = json.dumps({"error": {"code": status, "message": "…", "errors": [{"reason": why, "message": "…"}]}})
    return youtube.meaning(SENDER, HttpError(httplib2.Response({"status": str(status)}), body.encode()), live=True)


CASES = [
    *((f"facebook {code}/{sub}", _facebook(code, sub), kind) for (code, sub), kind in FACEBOOK.items()),
    *((f"linkedin {s} {code}", _linkedin(s, code, words), kind) for s, code, words, kind in LINKEDIN),
    *((f"x {status} {words}", _x(status, about, words), kind) for status, about, words, kind in X),
    *((f"wordpress {status} {code}", _wordpress(status, code), kind) for status, code, kind in WORDPRESS),
    *((f"youtube {status} {why}", _youtube(status, why), kind) for status, why, kind in YOUTUBE),
]


@pytest.mark.parametrize(("error", "kind"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_documented_error_says_what_to_do_next(error: NetworkError, kind: type[NetworkError]) -> None:
    assert type(error) is kind
    known = translated()
    said = error.reason
    assert said in known or f"{said.split(':', 1)[0]}:" in known, f"nobody reads this in Indonesian: {said}"


def test_fewer_than_one_in_fifty_stays_unknown() -> None:
    unknown = [name for name, error, _kind in CASES if any(words in error.reason for words in UNKNOWN)]
    assert len(CASES) > 55 and len(unknown) / len(CASES) < 0.02, unknown
