"""Google's error bodies: {"error": {"code", "message", "errors": [{"domain", "reason"}], "status"}}."""

from __future__ import annotations

from sandbox.nouns import Fault, Json
from sandbox.wire import Answer, Call, Problem

STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
LOGIN = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
QUOTA = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)


def answer(code: int, reason: str, message: str, domain: str = "youtube.api", **where: str) -> Answer:
    """`where` may say `location` and `locationType`."""
    detail: Json = {"message": message, "domain": domain, "reason": reason, **where}
    body: Json = {"error": {"code": code, "message": message, "errors": [detail]}}
    if code in STATUS:
        body["error"]["status"] = STATUS[code]
    headers = {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'} if code == 401 else {}
    return Answer(code, body, {"Vary": "Origin", **headers})


def invalid(reason: str, message: str, location: str = "") -> Problem:
    """400."""
    where = {"location": location, "locationType": "parameter"} if location else {}
    return Problem(
        answer(400, reason, message, "global" if reason.startswith(("bad", "parse")) else "youtube.api", **where)
    )


def missing(reason: str, message: str) -> Problem:
    """404."""
    return Problem(answer(404, reason, message))


def forbidden(reason: str = "forbidden", message: str = "The request is not properly authorized.") -> Problem:
    """403."""
    return Problem(answer(403, reason, message))


def unauthenticated() -> Answer:
    return answer(401, "authError", LOGIN, "global", location="Authorization", locationType="header")


def quota_exceeded() -> Answer:
    return answer(403, "quotaExceeded", QUOTA, "youtube.quota")


def grant_refused(error: str, says: str, status: int = 400) -> Answer:
    """What the token endpoint says."""
    return Answer(status, {"error": error, "error_description": says})


def for_fault(name: str, call: Call, fault: Fault | None) -> Answer:
    """YouTube's own words for what goes wrong."""
    if call.does == "token" and name in ("token_revoked", "refresh_replayed"):
        return grant_refused("invalid_grant", "Token has been expired or revoked.")
    if name == "rate_limited":
        made = answer(429, "rateLimitExceeded", "Resource has been exhausted (e.g. check quota).", "global")
        made.headers["Retry-After"] = str(int(fault.params["retry_after"] if fault else 30))
        return made
    fixed = {
        "rate_limited_silent": answer(403, "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits"),
        "error_before": answer(500, "backendError", "Internal error encountered.", "global"),
        "unauthorized": unauthenticated(),
        "token_expired": unauthenticated(),
        "token_revoked": unauthenticated(),
        "scope_missing": answer(
            403, "insufficientPermissions", "Request had insufficient authentication scopes.", "global"
        ),
        "policy": answer(403, "forbidden", "The request might not be properly authorized."),
        # The documents know no refusal of the same video twice: processing rejects it later, as a duplicate.
        "duplicate": answer(400, "processingFailure", "The API server failed to successfully process the request."),
        "quota": quota_exceeded(),
        "sunset": answer(410, "deleted", "This version of the API is no longer available.", "global"),
        "listing_503": answer(503, "backendError", "The service is currently unavailable.", "global"),
        "method": answer(405, "httpMethodNotAllowed", "HTTP method not allowed.", "global"),
    }
    return fixed.get(name) or answer(404, "notFound", "The requested entity was not found.", "global")
