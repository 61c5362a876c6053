"""Crash points inside the HTTP library, put there at run time and only in processes of the chaos run."""

from __future__ import annotations

from typing import Any

from urllib3.connection import HTTPConnection

from workspaces.crash import crash_point, last_point

STEPS = ("wire.before_final_call", "wire.connected", "wire.sent", "wire.headers")


def put_in() -> None:
    """From now on a final call may die after connecting, after its bytes, and after the answer's headers."""
    request, getresponse = HTTPConnection.request, HTTPConnection.getresponse

    def asked(self: HTTPConnection, *given: Any, **named: Any) -> None:  # Any: urllib3's own
        if last_point() == STEPS[0]:
            if self.sock is None:
                self.connect()
            crash_point(STEPS[1])
        request(self, *given, **named)
        if last_point() == STEPS[1]:
            crash_point(STEPS[2])

    def answered(self: HTTPConnection) -> Any:  # Any: urllib3's response
        response = getresponse(self)
        if last_point() == STEPS[2]:
            crash_point(STEPS[3])
        return response

    HTTPConnection.request = asked  # type: ignore[method-assign]  # that is what a tap is
    HTTPConnection.getresponse = answered  # type: ignore[method-assign]  # as above
