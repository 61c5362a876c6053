"""X's error bodies: problem+json with a type, title, detail and status."""

from __future__ import annotations

import time
from typing import Any

from sandbox.nouns import Fault, Json
from sandbox.wire import Answer, Call, Problem

PROBLEM = "application/problem+json"
TYPES = "https://api.twitter.com/2/problems/"
OVER_CAPACITY = "<html><body><h1>503 Service Temporarily Unavailable</h1>Over capacity</body></html>"


def answer(status: int, title: str, detail: str, type: str = "about:blank", **more: object) -> Answer:
    body: Json = {"title": title, "detail": detail, "type": type, "status": status, **more}
    return Answer(status, body, kind=PROBLEM)


def unauthorized() -> Problem:
    return Problem(answer(401, "Unauthorized", "Unauthorized"))


def forbidden(detail: str = "Forbidden") -> Problem:
    return Problem(answer(403, "Forbidden", detail))


def unsupported() -> Problem:
    return Problem(
        answer(
            403,
            "Unsupported Authentication",
            "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  Supported "
            "authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context].",
            TYPES + "unsupported-authentication",
        )
    )


def invalid(message: str, **parameters: Any) -> Problem:
    """400; `parameters` maps the offending names to what was sent."""
    named = {name: value if isinstance(value, list) else [str(value)] for name, value in parameters.items()}
    return invalid_all([{"message": message, "parameters": named}])


def invalid_all(errors: list[Json]) -> Problem:
    body: Json = {
        "errors": errors,
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": TYPES + "invalid-request",
        "status": 400,
    }
    return Problem(Answer(400, body, kind=PROBLEM))


def missing(kind: str, id: str, parameter: str = "id") -> Problem:
    return Problem(Answer(404, {"errors": [not_found(kind, id, parameter)], **_nothing(kind, id)}, kind=PROBLEM))


def _nothing(kind: str, id: str) -> Json:
    return {"title": "Not Found Error", "detail": f"Could not find {kind} with id: [{id}].", "status": 404}


def not_found(kind: str, id: str, parameter: str) -> Json:
    """The partial error that stands beside data."""
    return {
        "value": id,
        "detail": f"Could not find {kind} with {parameter}: [{id}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": id,
        "type": TYPES + "resource-not-found",
    }


def rate_limited(limit: int, reset: float, retry_after: float | None = None) -> Answer:
    made = answer(429, "Too Many Requests", "Too Many Requests")
    made.headers = {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": str(int(reset)),
    }
    if retry_after is not None:
        made.headers["Retry-After"] = str(int(retry_after))
    return made


def for_fault(name: str, call: Call, fault: Fault | None) -> Answer:
    """X's own words for what goes wrong."""
    if name == "rate_limited":
        wait = float(fault.params["retry_after"]) if fault else 30.0
        # Real time, not the sandbox's: the caller has no other clock.
        return rate_limited(100, time.time() + wait, wait)
    if name == "refresh_replayed" or (name == "token_revoked" and call.does == "token"):
        return Answer(
            400,
            {"error": "invalid_request", "error_description": "Value passed for the token was invalid."},
        )
    fixed = {
        "rate_limited_silent": answer(429, "Too Many Requests", "Too Many Requests"),
        "error_before": answer(500, "Internal Server Error", "Internal Server Error"),
        "unauthorized": answer(401, "Unauthorized", "Unauthorized"),
        "token_expired": answer(401, "Unauthorized", "Unauthorized"),
        "token_revoked": answer(401, "Unauthorized", "Unauthorized"),
        "scope_missing": answer(403, "Forbidden", "Forbidden"),
        "policy": answer(403, "Forbidden", "You are not permitted to perform this action."),
        "duplicate": answer(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."),
        "quota": answer(
            429,
            "UsageCapExceeded",
            "Usage cap exceeded: Monthly product cap",
            TYPES + "usage-capped",
            period="Monthly",
            scope="Product",
            account_id=call.account,
            product_name="standard-basic",
        ),
        "sunset": answer(410, "Gone", "This endpoint has been retired.", "about:blank"),
        "listing_503": Answer(503, OVER_CAPACITY),
        "method": answer(405, "Method Not Allowed", "Method Not Allowed"),
    }
    return fixed.get(name) or answer(404, "Not Found", "Not Found")
