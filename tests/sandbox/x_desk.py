"""Plain calls to the pretend X, as any client would make them."""

from __future__ import annotations

from typing import Any

import requests

from tests.sandbox_process import SandboxProcess


class Desk:
    """One account's plain HTTP client: `call("POST", "/2/tweets", json=...)`."""

    def __init__(self, sandbox: SandboxProcess, account: dict[str, Any] | None = None, **asked: Any) -> None:
        self.sandbox = sandbox
        self.account = account or sandbox.account("x", **asked)
        self.id: str = self.account["id"]
        self.handle: str = self.account["handle"]
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {self.account['token']['id']}"

    def call(self, method: str, path: str, host: str = "api.x.com", **more: Any) -> requests.Response:
        return self.session.request(method, f"{self.sandbox.url}/{host}{path}", timeout=10, **more)

    def post(self, **body: Any) -> requests.Response:
        return self.call("POST", "/2/tweets", json=body)

    def posted(self, **body: Any) -> str:
        reply = self.post(**body)
        assert reply.status_code == 201, reply.text
        return str(reply.json()["data"]["id"])


def why(reply: requests.Response) -> str:
    """The words of an error."""
    body = reply.json()
    return "; ".join(error["message"] for error in body.get("errors", []) if "message" in error) or body["detail"]
