"""The way to LinkedIn's REST interface: the SDK sends, with our session, headers and patience; we read the answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import requests
from linkedin_v2 import linkedin

from networks.adapters.linkedin.errors import Json, trouble
from networks.adapters.linkedin.limits import API_VERSION
from networks.async_wire import AsyncWire, Reply
from networks.protocol import AppKey, NetworkError, Reconnect, Sender, TryLater
from networks.wire import PerThread, Reach, before_final_call, final_call

API = "https://api.linkedin.com"
_session = PerThread(Reach().session)  # its addresses arrive rerouted already


class _Straight:
    """Stands where the SDK looks for `requests`: it would follow redirects, and has no switch against that."""

    @staticmethod
    def request(method: str, url: str, **how: Any) -> requests.Response:  # Any: arguments of requests.request
        return _session().request(method, url, **how)


linkedin.requests = _Straight


def key(urn: str) -> str:
    """A URN as a part of an address."""
    return quote(urn, safe="")


@dataclass(frozen=True, slots=True)
class Said:
    """A success as LinkedIn told it: its JSON (empty when there was none) and the id of what was made."""

    body: Json
    id: str


class Rest:
    """LinkedIn opened by one token, for one piece of work."""

    def __init__(self, app: AppKey, reach: Reach, sender: Sender) -> None:
        self.app = app
        self.reach = reach
        self.sender = sender
        self.token = sender.credentials.access_token
        self.sdk = linkedin.LinkedInApplication(token="header")  # noqa: S106 - no secret: it is taken out again
        # The SDK would write the token into every address; ours travels in the header.
        self.sdk.authentication.token = self.sdk.authentication.token._replace(access_token=None)

    def get(self, path: str, query: str = "", *, finder: bool = False) -> Json:
        """Read. `query` is already encoded, as Rest.li wants it. Raises TryLater, Reconnect, Refused."""
        with before_final_call():
            address = f"{path}?{query}" if query else path
            return self._ask("GET", address, final=False, method="FINDER" if finder else "").body

    def post(self, path: str, body: Json) -> Json:
        """A write that makes nothing live. Raises like `get`."""
        with before_final_call():
            return self._ask("POST", path, final=False, body=body).body

    def put(self, path: str, body: Json) -> Json:
        """A setting. Raises like `get`."""
        with before_final_call():
            return self._ask("PUT", path, final=False, body=body).body

    def delete(self, path: str) -> None:
        """Take away. Raises like `get`."""
        with before_final_call():
            self._ask("DELETE", path, final=False)

    def put_live(self, path: str, body: Json) -> Said:
        """The one write that makes something live. Raises TryLater, Reconnect, Refused or Unsure."""
        with final_call():
            return self._ask("POST", path, final=True, body=body)

    def patch_live(self, path: str, body: Json) -> None:
        """Change what is live. Raises like `put_live`."""
        with final_call():
            self._ask("POST", path, final=True, body=body, method="PARTIAL_UPDATE")

    async def put_live_async(self, wire: AsyncWire, path: str, body: Json) -> Said:
        """As `put_live`, from an event loop, which the SDK does not know. Raises the same."""
        with final_call():
            headers = {**self._headers(), "Content-Type": "application/json"}
            reply = await wire.ask("POST", f"{API}{path}", headers=headers, data=json.dumps(body).encode())
            return self._understood(reply, final=True)

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "LinkedIn-Version": self.app.extra.get("api_version", API_VERSION),
            "X-Restli-Protocol-Version": "2.0.0",
        }

    def _ask(self, verb: str, path: str, *, final: bool, body: Json | None = None, method: str = "") -> Said:
        headers = self._headers()
        if method:
            headers["X-RestLi-Method"] = method
        reply = self.sdk.make_request(
            verb,
            self.reach.url(f"{API}{path}"),
            data=json.dumps(body) if body is not None else None,
            headers=headers,
            timeout=(self.reach.connect, self.reach.read),
        )
        return self._understood(reply, final=final)

    def _understood(self, reply: requests.Response | Reply, *, final: bool) -> Said:
        try:
            body = reply.json() if reply.content else {}
        except ValueError:
            body = None
        if 200 <= reply.status_code < 300 and isinstance(body, dict):
            return Said(body, reply.headers.get("x-restli-id", ""))
        raise self._kinder(trouble(reply.status_code, reply.headers, body, final=final))

    def _kinder(self, error: NetworkError) -> NetworkError:
        """An end we foresaw asks for a refresh, not for a person."""
        given = self.sender.credentials
        is_over = given.expires_at is not None and given.expires_at <= datetime.now(UTC)
        if isinstance(error, Reconnect) and is_over and given.refresh_token:
            return TryLater("The access to LinkedIn has to be renewed first.", detail=error.detail, code=error.code)
        return error
