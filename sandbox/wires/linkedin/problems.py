"""LinkedIn's error bodies: a status, a code, a message, and sometimes what is wrong with each input."""

from __future__ import annotations

from sandbox.nouns import Fault, Json
from sandbox.wire import Answer, Call, Problem

BAD_REQUEST = "com.linkedin.common.error.BadRequest"
THROTTLED = "Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached."
UNAVAILABLE = "<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>"
GHOST = "urn:li:share:7141138937766391808"


def answer(status: int, code: str, message: str, number: int = 0) -> Answer:
    body: Json = {"status": status, "code": code, "message": message}
    if number:
        body["serviceErrorCode"] = number
    return Answer(status, body)


def problem(status: int, code: str, message: str, number: int = 0) -> Problem:
    return Problem(answer(status, code, message, number))


def wrong(message: str, name: str, code: str = "INVALID_VALUE", status: int = 400) -> Problem:
    """An input that is not as it must be."""
    return Problem(_inputs(status, message, [{"description": message, "input": {"inputPath": name}, "code": code}]))


def _inputs(status: int, message: str, inputs: list[Json]) -> Answer:
    body: Json = {
        "status": status,
        "errorDetailType": BAD_REQUEST,
        "message": message,
        "errorDetails": {"inputErrors": inputs},
    }
    return Answer(status, body)


def duplicate(urn: str) -> Answer:
    message = f"com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of {urn}"
    return _inputs(422, message, [{"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}])


def missing(what: str) -> Problem:
    return problem(404, "NOT_FOUND", f"Could not find entity {what}")


def forbidden(resource: str) -> Problem:
    return problem(403, "ACCESS_DENIED", f"Not enough permissions to access: {resource}", 100)


def throttled(seconds: float | None) -> Answer:
    made = answer(429, "TOO_MANY_REQUESTS", THROTTLED if seconds is None else "Too many requests.", 101)
    if seconds is not None:
        made.headers["Retry-After"] = str(int(seconds))
    return made


def for_fault(name: str, call: Call, fault: Fault | None) -> Answer:
    """LinkedIn's own words for what goes wrong."""
    if name == "rate_limited":
        return throttled(float(fault.params.get("retry_after", 30)) if fault else 30.0)
    if call.does == "token" and name in ("token_revoked", "refresh_replayed"):
        says = "The provided authorization grant or refresh token is invalid, expired or revoked."
        return Answer(400, {"error": "invalid_request", "error_description": says})
    fixed = {
        "rate_limited_silent": answer(429, "TOO_MANY_REQUESTS", "Too many requests.", 101),
        "quota": throttled(None),
        "error_before": answer(500, "INTERNAL_SERVER_ERROR", "Internal Server Error"),
        "unauthorized": answer(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600),
        "token_expired": answer(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", 65602),
        "token_revoked": answer(
            401, "REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user", 65601
        ),
        "scope_missing": answer(403, "ACCESS_DENIED", "Not enough permissions to access: partnerApiPosts.CREATE", 100),
        "policy": answer(403, "POLICY_VIOLATION", "This content goes against the professional community policies"),
        "duplicate": duplicate(GHOST),
        "sunset": nonexistent(call.headers.get("LinkedIn-Version", "")),
        "listing_503": Answer(503, UNAVAILABLE),
        "method": answer(405, "METHOD_NOT_ALLOWED", f"Method {call.method} is not allowed."),
    }
    return fixed.get(name) or answer(404, "RESOURCE_NOT_FOUND", f"No virtual resource found for {call.path}")


def nonexistent(version: str) -> Answer:
    return answer(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
