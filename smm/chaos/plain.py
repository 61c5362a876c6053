"""Carriers for the four small pretend networks (sandbox.plain): each settles a lost answer in its own way.

They are plugged in as an installed package would be: through the entry points of a folder on the path.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from networks.protocol import (
    AppKey,
    Content,
    Counting,
    Limits,
    Listed,
    Listing,
    Misfit,
    NetworkError,
    OpenMedia,
    Receipt,
    Reconcile,
    Reconnect,
    Refused,
    Sender,
    Target,
    TargetKind,
    TryLater,
    Unsure,
)
from networks.registry import ENTRY_POINTS
from networks.wire import PerThread, Reach, before_final_call, final_call, retry_after, understood

CLASSES = ("Keyed", "Phases", "Dedupes", "Nothing")
LIMITS = Limits(text=500, counting=Counting.CHARACTERS, fold_characters=200, comment=500)
Json = dict[str, Any]  # Any: JSON


def plug_in(folder: Path) -> None:
    """Make `folder` such that a process with it on its path finds these four among its networks."""
    about = folder / "gardu_plain-1.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: gardu-plain\nVersion: 1\n")
    lines = [f"{globals()[name].slug} = {__name__}:{name}" for name in CLASSES]
    (about / "entry_points.txt").write_text("\n".join([f"[{ENTRY_POINTS}]", *lines, ""]))


class Plain:
    """What the four have in common."""

    slug = ""
    limits = LIMITS
    reconcile = Reconcile.NONE
    listing_lag = timedelta(seconds=30)
    scopes: tuple[str, ...] = ("post",)
    answers = frozenset({TargetKind.THREAD, TargetKind.COMMENT, TargetKind.COMMENT_REPLY})

    def __init__(self, app: AppKey, reach: Reach) -> None:
        self.name = self.slug.title()
        self.base = f"https://{self.slug}.example"
        self._session: PerThread[requests.Session] = PerThread(reach.session)

    def count(self, text: str) -> int:
        return len(text)

    def misfits(self, content: Content) -> list[Misfit]:
        length = len(content.text)
        return [Misfit("text", "This is too long.", LIMITS.text, length)] if length > LIMITS.text else []

    def publish(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        return self._put(sender, {"text": content.text}, key)

    def reply(
        self, sender: Sender, content: Content, *, target: Target, open_media: OpenMedia, key: str = ""
    ) -> Receipt:
        return self._put(sender, {"text": content.text, "parent": target.message_id or target.post_id}, key)

    def _put(self, sender: Sender, said: Json, key: str) -> Receipt:
        return self._live(sender, "/posts", said, key)

    def _live(self, sender: Sender, path: str, said: Json, key: str = "") -> Receipt:
        """The one call that makes it live."""
        with final_call():
            answer = self._call(sender, "POST", path, said, key)
            if answer.status_code >= 400:
                raise meaning(answer, live=True)
            try:
                id = str(answer.json()["id"])
            except (ValueError, LookupError, TypeError) as error:
                raise Unsure("It was taken without a name.", code="no_id") from error
        return Receipt(id, f"{self.base}/p/{id}")

    def _call(self, sender: Sender, method: str, path: str, said: Json | None = None, key: str = "") -> Any:
        headers = {"Authorization": f"Bearer {sender.credentials.access_token}"}
        headers |= {"Idempotency-Key": key} if key else {}
        return self._session().request(
            method, self.base + path, json=said, headers=headers, allow_redirects=False
        )  # Any: a response


class ReadBack(Plain):
    """The two whose posts can be read back."""

    @understood
    def recent(self, sender: Sender, *, since: datetime, target: Target | None = None) -> Listing:
        with before_final_call():
            answer = self._call(sender, "GET", f"/posts?since={since.timestamp()}")
            if answer.status_code != 200:
                raise meaning(answer, live=False)
            body = answer.json()
        found = [self._listed(one) for one in body["posts"]]
        above = (target.message_id or target.post_id) if target else ""
        return Listing(tuple(one for one in found if one.parent_id == above), bool(body["whole"]))

    def _listed(self, one: Json) -> Listed:
        id = str(one["id"])
        return Listed(id, f"{self.base}/p/{id}", one["text"], datetime.fromisoformat(one["at"]), one["parent"])

    def same(self, content: Content, listed: Listed) -> bool:
        return content.text == listed.text


class Keyed(Plain):
    slug = "plainkeyed"
    reconcile = Reconcile.KEYED


class Phases(ReadBack):
    slug = "plainphases"
    reconcile = Reconcile.TWO_PHASE

    def _put(self, sender: Sender, said: Json, key: str) -> Receipt:
        with before_final_call():
            answer = self._call(sender, "POST", "/posts", said)
            if answer.status_code >= 400:
                raise meaning(answer, live=False)
            draft = answer.json().get("draft")
        if not draft:
            raise TryLater("The draft was taken without a name.", code="no_id")
        return self._live(sender, f"/drafts/{draft}/publish", said)


class Dedupes(ReadBack):
    slug = "plaindedupes"
    reconcile = Reconcile.DEDUPES


class Nothing(Plain):
    slug = "plainnone"


def meaning(answer: requests.Response, *, live: bool) -> NetworkError:
    """What an error status asks for."""
    status = answer.status_code
    about: Json = {"detail": f"HTTP {status}", "code": str(status)}
    if status == 429:
        return TryLater("It asks for a pause.", after=retry_after(answer.headers), **about)
    if status == 401:
        return Reconnect("It no longer accepts the access.", **about)
    if status == 409 and live:
        return Unsure("It says that it has this already.", detail=about["detail"], code="duplicate")
    if 400 <= status < 500:
        return Refused("It does not take this.", **about)
    return Unsure("It failed.", **about) if live else TryLater("It failed.", **about)
