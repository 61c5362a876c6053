"""How a person lets us act for their Pages, and how we find out that they no longer do."""

from __future__ import annotations

from datetime import UTC, datetime

from networks.adapters.facebook.errors import Json
from networks.adapters.facebook.graph import Graph
from networks.adapters.facebook.limits import NEEDED, SCOPES, TASKS
from networks.protocol import Credentials, NotOurs, Reconnect, Refused, RemoteAccount, TryLater

MOST_PAGES = 20
PAGE_FIELDS = "id,name,username,access_token,tasks,picture{url}"


def authorize_url(graph: Graph, *, state: str, redirect_uri: str) -> str:
    """Facebook's own dialog, at its real address."""
    address: str = graph.sdk.get_auth_url(
        graph.app.client_id, redirect_uri, list(SCOPES), state=state, response_type="code"
    )
    return address


def user_token(graph: Graph, *, code: str, redirect_uri: str) -> str:
    """The long-lived token behind a code (about 60 days). `graph` is opened by nothing. Raises NotOurs, TryLater."""
    app = {"client_id": graph.app.client_id, "client_secret": graph.app.client_secret}
    try:
        short = graph.post("oauth/access_token", {**app, "redirect_uri": redirect_uri, "code": code})
        asked = {**app, "grant_type": "fb_exchange_token", "fb_exchange_token": _token(short)}
        long = graph.post("oauth/access_token", asked)
    except (Refused, Reconnect) as error:
        raise NotOurs("Facebook did not accept this sign-in. Start again from the connect page.") from error
    return _token(long)


def _token(answer: Json) -> str:
    if not answer.get("access_token"):
        raise TryLater("Facebook answered without a token.", code="no_token")
    return str(answer["access_token"])


def pages(graph: Graph) -> list[RemoteAccount]:
    """The Pages this person may publish to, each with its own token. `graph` is opened by the person's."""
    try:
        granted = _granted(graph)
        if not granted >= NEEDED:
            raise NotOurs("Facebook did not give the permission to post. Start again and allow everything asked for.")
        entries = [
            one for part, _ in graph.pages("me/accounts", {"fields": PAGE_FIELDS}, most=MOST_PAGES) for one in part
        ]
    except (Refused, Reconnect) as error:
        raise NotOurs("Facebook did not show the Pages of this account.") from error
    found = [_account(one, granted) for one in entries if _may_post(one)]
    if not found:
        raise NotOurs("This person runs no Facebook Page to publish to.")
    return found


def _granted(graph: Graph) -> frozenset[str]:
    answer = graph.get("me/permissions")
    return frozenset(one["permission"] for one in answer.get("data", []) if one.get("status") == "granted")


def _may_post(page: Json) -> bool:
    return bool(page.get("access_token")) and bool(TASKS & set(page.get("tasks", [])))


def _account(page: Json, granted: frozenset[str]) -> RemoteAccount:
    return RemoteAccount(
        uid=str(page["id"]),
        name=page["name"],
        handle=page.get("username", ""),
        credentials=Credentials(access_token=page["access_token"], scopes=tuple(sorted(granted))),
        avatar_url=page.get("picture", {}).get("data", {}).get("url", ""),
        kind="page",
    )


def still_valid(graph: Graph, credentials: Credentials) -> Credentials:
    """The same credentials, looked up: a Page token is never renewed, it only dies.

    Raises Reconnect when it is gone, TryLater on anything that may pass.
    """
    try:
        known = graph.about_token(credentials.access_token)
    except (Refused, Reconnect) as error:
        raise TryLater("Facebook did not answer what has become of our access.", code=error.code) from error
    if not known.get("is_valid"):
        says = str((known.get("error") or {}).get("message", ""))
        raise Reconnect("Facebook has closed our access to this Page. Connect it again.", detail=says, code="190")
    return Credentials(
        access_token=credentials.access_token,
        expires_at=_time(known.get("expires_at")),
        scopes=tuple(known.get("scopes", credentials.scopes)),
        extra={**credentials.extra, **_data_access(known)},
    )


def _data_access(known: Json) -> dict[str, str]:
    until = _time(known.get("data_access_expires_at"))
    return {"data_access_until": until.isoformat()} if until else {}


def _time(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds > 0 else None
