"""Facebook's error bodies: one object with a code, sometimes a subcode, and a trace id."""

from __future__ import annotations

import json
import math
import secrets

from sandbox.nouns import Fault, Json
from sandbox.wire import Answer, Call, Problem

UNAVAILABLE = "<html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>"
NO_TOKEN = "An access token is required to request this resource."  # noqa: S105 - Facebook's words
BAD_TOKEN = "Invalid OAuth access token - Cannot parse access token"  # noqa: S105 - Facebook's words
EXPIRED = "Error validating access token: Session has expired on Tuesday, 24-Nov-26 00:00:00 PST."
REVOKED = "Error validating access token: The user has not authorized application {app}."
BAD_PROOF = "Invalid appsecret_proof provided in the API argument"
TOO_MANY = "There have been too many calls to this Page account. Wait a bit and try again."
NOT_PERMITTED = (
    "(#200) If posting to a group, requires app being installed in the group, and \\\n"
    "          either publish_to_groups permission with user token, or both pages_read_engagement \\\n"
    "          and pages_manage_posts permission with page token; If posting to a page, \\\n"
    "          requires both pages_read_engagement and pages_manage_posts as an admin with \\\n"
    "          sufficient administrative permission"
)


def answer(
    status: int,
    code: int,
    message: str,
    *,
    subcode: int = 0,
    type: str = "OAuthException",
    title: str = "",
    says: str = "",
    is_transient: bool = False,
) -> Answer:
    """One error as Facebook words it; `title` and `says` are what it would show a person."""
    error: Json = {"message": message, "type": type, "code": code}
    if subcode:
        error["error_subcode"] = subcode
    if is_transient:
        error["is_transient"] = True
    if title:
        error |= {"error_user_title": title, "error_user_msg": says}
    error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)[:22]
    return Answer(status, {"error": error})


def problem(status: int, code: int, message: str, *, subcode: int = 0, type: str = "OAuthException") -> Problem:
    return Problem(answer(status, code, message, subcode=subcode, type=type))


def wrong(message: str, subcode: int = 0) -> Problem:
    """(#100): a parameter is missing, unknown or not as it must be."""
    return problem(400, 100, f"(#100) {message}", subcode=subcode)


def missing(call: Call, id: str) -> Problem:
    """The node is not there, or not for this token: Facebook does not tell which."""
    verb = {"GET": "get", "POST": "post", "DELETE": "delete"}.get(call.method, "get")
    return problem(
        400,
        100,
        f"Unsupported {verb} request. Object with ID '{id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        subcode=33,
        type="GraphMethodException",
    )


def forbidden(message: str = NOT_PERMITTED, code: int = 200) -> Problem:
    return problem(403, code, message)


def throttled(call: Call, seconds: float | None) -> Answer:
    """Too many calls for one Page; the usage header tells the minutes until there may be more."""
    made = answer(400, 80001 if seconds is not None else 32, f"(#{80001 if seconds is not None else 32}) {TOO_MANY}")
    made.headers |= usage(call, 100, math.ceil(seconds / 60) if seconds is not None else None)
    return made


def usage(call: Call, percent: int, minutes: int | None = 0) -> dict[str, str]:
    """The two usage headers; `minutes` None leaves out when calls are possible again."""
    counts: Json = {"call_count": percent, "total_cputime": 1, "total_time": 1}
    page: Json = {"type": "pages", **counts}
    if minutes is not None:
        page["estimated_time_to_regain_access"] = minutes
    return {
        "X-App-Usage": json.dumps(counts),
        "X-Business-Use-Case-Usage": json.dumps({call.account or "0": [page]}),
    }


def duplicate() -> Answer:
    return answer(
        400,
        506,
        "(#506) Duplicate status message",
        subcode=1455006,
        title="Duplicate Status Update",
        says="This status update is identical to the last one you posted. Try posting something different.",
    )


def expired() -> Answer:
    return answer(400, 190, EXPIRED, subcode=463)


def revoked(app: str) -> Answer:
    return answer(400, 190, REVOKED.format(app=app), subcode=458)


def for_fault(name: str, call: Call, fault: Fault | None) -> Answer:
    """Facebook's own words for what goes wrong."""
    if name in ("rate_limited", "rate_limited_silent"):
        wait = float(fault.params.get("retry_after", 60)) if fault and name == "rate_limited" else None
        return throttled(call, wait)
    if name == "quota":
        made = answer(403, 4, "(#4) Application request limit reached", is_transient=True)
        made.headers |= usage(call, 104)
        return made
    if name == "duplicate":
        return duplicate()
    fixed = {
        "error_before": answer(
            500, 2, "An unexpected error has occurred. Please retry your request later.", is_transient=True
        ),
        "unauthorized": answer(401, 190, BAD_TOKEN),
        "token_expired": expired(),
        "token_revoked": revoked(f"sandbox-{call.network}-client"),
        "refresh_replayed": answer(400, 100, "This authorization code has been used.", subcode=36009),
        "scope_missing": answer(403, 200, NOT_PERMITTED),
        "policy": answer(
            403,
            368,
            "The action attempted has been deemed abusive or is otherwise disallowed",
            subcode=1404102,
            title="Your Content Couldn't Be Shared",
            says="It goes against our Community Standards.",
        ),
        "sunset": answer(400, 2635, "(#2635) You are calling a deprecated version of the API. Please update."),
        "listing_503": Answer(503, UNAVAILABLE),
        "method": answer(400, 100, f"Unsupported {call.method.lower()} request.", type="GraphMethodException"),
        "not_found": answer(400, 2500, f"Unknown path components: {call.path}"),
    }
    return fixed.get(name) or fixed["not_found"]
