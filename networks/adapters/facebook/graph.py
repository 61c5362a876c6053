"""The way to Facebook's Graph API: the SDK sends, and we read what really came back."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO
from urllib.parse import parse_qsl, urlsplit

import facebook
import requests
from requests.auth import AuthBase

from networks.adapters.facebook.errors import Json, rates, trouble
from networks.adapters.facebook.limits import GRAPH_VERSION
from networks.async_wire import AsyncWire, Reply
from networks.protocol import AppKey, NetworkError
from networks.wire import before_final_call, final_call

HOST = facebook.FACEBOOK_GRAPH_URL
VIDEO_HOST = "https://graph-video.facebook.com/"
Files = Mapping[str, tuple[str, BinaryIO | bytes, str]]


class Bearer(AuthBase):
    """Carries a token in the header, where no address and no log repeats it."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Graph:
    """The Graph API opened by one token. Lives for one piece of work in one thread; `session` is that thread's."""

    def __init__(self, app: AppKey, session: requests.Session, token: str) -> None:
        self.app = app
        self.token = token
        self.session = session
        self.rates: dict[str, str] = {}
        self.sdk = facebook.GraphAPI(session=session)
        # The SDK's own check knows no version after 3.1; the attribute is what it builds addresses from.
        self.sdk.version = app.extra.get("graph_version", GRAPH_VERSION)

    @property
    def version(self) -> str:
        return str(self.sdk.version)

    def get(self, path: str, **fields: str | int) -> Json:
        """Read a node or an edge. Raises TryLater, Reconnect, Refused."""
        return self._read("GET", path, fields)

    def delete(self, path: str) -> Json:
        """Take a node away. Raises like `get`."""
        return self._read("DELETE", path, {})

    def post(self, path: str, fields: Mapping[str, object], *, files: Files | None = None) -> Json:
        """A write that makes nothing live; nested values become JSON. Raises TryLater, Reconnect, Refused."""
        with before_final_call():
            return self._ask("POST", path, post_args=self._form(fields), files=files, final=False)

    def put_live(self, path: str, fields: Mapping[str, object]) -> Json:
        """The one write that makes something live; nested values become JSON.

        Raises TryLater, Reconnect, Refused (certainly not live) or Unsure.
        """
        with final_call():
            return self._ask("POST", path, post_args=self._form(fields), files=None, final=True)

    async def put_live_async(self, wire: AsyncWire, path: str, fields: Mapping[str, object]) -> Json:
        """As `put_live`, from an event loop, which the SDK does not know. Raises the same."""
        with final_call():
            form = {name: str(value) for name, value in self._form(fields).items()}
            reply = await wire.ask("POST", f"{HOST}{self.version}/{path}", headers={}, data=form)
            return self._understood(reply, final=True)

    def video(
        self, path: str, fields: Mapping[str, object], *, files: Files | None = None, final: bool = False
    ) -> Json:
        """A step of a video upload, on its own host: the SDK knows one host only, so its session is used directly."""
        with final_call() if final else before_final_call():
            self.session.auth = None
            reply = self.session.post(
                f"{VIDEO_HOST}{self.version}/{path}", data=self._form(fields), files=files, allow_redirects=False
            )
            return self._understood(reply, final=final)

    def pages(self, path: str, fields: Mapping[str, str | int], *, most: int) -> Iterator[tuple[list[Json], bool]]:
        """The pages of a listing as (entries, whether more follow), at most `most` of them. Raises like `get`."""
        cursor: dict[str, str] = {}
        for _ in range(most):
            answer = self.get(path, **{**fields, **cursor})
            entries = answer["data"]
            if not isinstance(entries, list):
                raise ValueError("no entries")
            more = answer.get("paging", {}).get("next", "")
            yield entries, bool(more)
            if not more:
                return
            following = dict(parse_qsl(urlsplit(more).query))
            cursor = {name: following[name] for name in ("after", "until") if name in following}
            if not cursor:
                return

    def about_token(self, token: str) -> Json:
        """What Facebook knows of a token. Asked in a batch, because debug_token alone wants it in the address.

        Opened by the app's own token. Raises TryLater, Refused, Reconnect.
        """
        ask = [{"method": "GET", "relative_url": f"{self.version}/debug_token?input_token={token}"}]
        with before_final_call():
            form = {"batch": json.dumps(ask), "include_headers": "false", "access_token": self.app_token}
            answers = self._ask("POST", "", post_args=form, files=None, final=False, is_list=True)["list"]
            answer: Json = answers[0] if answers and answers[0] else {"code": 0, "body": "{}"}
            body = json.loads(answer["body"])
        found = body.get("data") if isinstance(body, dict) else None
        if answer["code"] != 200 or not isinstance(found, dict):
            raise self._clean(trouble(answer["code"], {}, body, final=False))
        return found

    @property
    def app_token(self) -> str:
        return f"{self.app.client_id}|{self.app.client_secret}"

    def _read(self, method: str, path: str, fields: Mapping[str, str | int]) -> Json:
        args = dict(fields)
        if self.token:
            args["appsecret_proof"] = self._proof()
        with before_final_call():
            return self._ask(method, path, args=args, final=False, auth=Bearer(self.token) if self.token else None)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        final: bool,
        args: Json | None = None,
        post_args: Json | None = None,
        files: Files | None = None,
        auth: AuthBase | None = None,
        is_list: bool = False,
    ) -> Json:
        """One request through the SDK. It reads answers badly, so whatever it makes of one is put aside."""
        heard: list[requests.Response] = []
        self.session.auth = auth
        self.session.hooks["response"] = [lambda reply, **_: heard.append(reply)]
        try:
            self.sdk.request(f"{self.version}/{path}", args=args, post_args=post_args, files=files, method=method)
        except (facebook.GraphAPIError, KeyError, ValueError):
            if not heard:
                raise
        finally:
            self.session.hooks["response"] = []
            self.session.auth = None
        return self._understood(heard[-1], final=final, is_list=is_list)

    def _understood(self, reply: requests.Response | Reply, *, final: bool, is_list: bool = False) -> Json:
        self.rates = rates(reply.headers)
        try:
            body = reply.json()
        except ValueError:
            body = None
        if reply.ok and reply.status_code < 300:
            if is_list and isinstance(body, list):
                return {"list": body}
            if not is_list and isinstance(body, dict) and not body.get("error"):
                return body
        raise self._clean(trouble(reply.status_code, reply.headers, body, final=final))

    def _clean(self, error: NetworkError) -> NetworkError:
        """Facebook repeats a malformed token in its message: it must not reach a log."""
        if self.token:
            error.detail = error.detail.replace(self.token, "…")
        return error

    def _form(self, fields: Mapping[str, object]) -> Json:
        # The SDK would send a list as its first key.
        form: Json = {name: json.dumps(v) if isinstance(v, dict | list) else v for name, v in fields.items()}
        if self.token:
            form |= {"access_token": self.token, "appsecret_proof": self._proof()}
        return form

    def _proof(self) -> str:
        return hmac.new(self.app.client_secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()
