"""Crash points inside the HTTP libraries, put there at run time and only in processes of the chaos run."""

from __future__ import annotations

from typing import Any

from aiohttp.client_reqrep import ClientRequest, ClientResponse
from urllib3.connection import HTTPConnection

from workspaces.crash import crash_point, last_point

STEPS = ("wire.before_final_call", "wire.connected", "wire.sent", "wire.headers")


def put_in() -> None:
    """From now on a final call may die after connecting, after its bytes, and after the answer's headers."""
    _into_urllib3()
    _into_aiohttp()


def pass_by(step: int) -> None:
    """Die at this step of a final call, if armed; other calls have no such steps."""
    if last_point() == STEPS[step - 1]:
        crash_point(STEPS[step])


def _into_urllib3() -> None:
    request, getresponse = HTTPConnection.request, HTTPConnection.getresponse

    def asked(self: HTTPConnection, *given: Any, **named: Any) -> None:  # Any: urllib3's own
        if last_point() == STEPS[0] and self.sock is None:
            self.connect()
        pass_by(1)
        request(self, *given, **named)
        pass_by(2)

    def answered(self: HTTPConnection) -> Any:  # Any: urllib3's response
        response = getresponse(self)
        pass_by(3)
        return response

    HTTPConnection.request = asked  # type: ignore[method-assign]  # that is what a tap is
    HTTPConnection.getresponse = answered  # type: ignore[method-assign]  # as above


def _into_aiohttp() -> None:
    send, start = ClientRequest.send, ClientResponse.start

    async def asked(self: ClientRequest, conn: Any) -> ClientResponse:  # Any: aiohttp's connection
        pass_by(1)
        return await send(self, conn)

    async def answered(self: ClientResponse, connection: Any) -> ClientResponse:  # Any: as above
        pass_by(2)
        response = await start(self, connection)
        pass_by(3)
        return response

    ClientRequest.send = asked  # type: ignore[method-assign]  # as above
    ClientResponse.start = answered  # type: ignore[method-assign]  # as above
