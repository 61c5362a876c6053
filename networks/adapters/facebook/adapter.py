"""Facebook Pages, as the house sees them: what fits, who lets us in, what goes out, what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from networks.adapters.facebook import consent, desk, posting, reading, watching, webhooks
from networks.adapters.facebook.errors import is_gone
from networks.adapters.facebook.graph import Graph
from networks.adapters.facebook.limits import LIMITS, LISTING_LAG, SCOPES, misfits, words
from networks.async_wire import AsyncWire
from networks.protocol import (
    AppKey,
    Content,
    Credentials,
    Delivery,
    Event,
    Listed,
    Listing,
    Looked,
    Measurement,
    Misfit,
    NotOurs,
    OpenMedia,
    Person,
    Receipt,
    Reconcile,
    Refused,
    RemoteAccount,
    Sender,
    Spotted,
    Target,
)
from networks.text import utf16_units
from networks.wire import PerThread, Reach, understood

Shown = TypeVar("Shown", Receipt, Listed, Event)


class Adapter:
    """One instance serves all Pages and threads. `app.extra["graph_version"]` chooses the Graph API's version."""

    slug = "facebook"
    name = "Facebook"
    limits = LIMITS
    reconcile = Reconcile.LISTABLE
    listing_lag = LISTING_LAG
    scopes = SCOPES
    uses_pkce = False
    pushes = True
    answers = posting.ANSWERS
    acts = desk.ACTS
    reply_windows = desk.REPLY_WINDOWS
    # 200 calls an hour for each user of the app, shared with its own Pages' work.
    looks_a_minute = 2

    def __init__(self, app: AppKey, reach: Reach) -> None:
        self.app = app
        self.reach = reach
        self._session = PerThread(reach.session)
        self._async = AsyncWire(reach)

    def _graph(self, token: str) -> Graph:
        return Graph(self.app, self._session(), token)

    def _page(self, sender: Sender) -> Graph:
        return self._graph(sender.credentials.access_token)

    def _here(self, thing: Shown) -> Shown:
        """The same with its address where Facebook is reached from here."""
        return replace(thing, url=self.reach.url(thing.url)) if thing.url else thing

    # --- what fits ------------------------------------------------------------------------------------------------

    def count(self, text: str) -> int:
        """UTF-16 code units, as a browser counts."""
        return utf16_units(text)

    def misfits(self, content: Content) -> list[Misfit]:
        return misfits(content)

    # --- who lets us in -------------------------------------------------------------------------------------------

    def authorize_url(self, *, state: str, redirect_uri: str, verifier: str) -> str:
        return self.reach.url(consent.authorize_url(self._graph(""), state=state, redirect_uri=redirect_uri))

    @understood
    def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> list[RemoteAccount]:
        if not code:
            raise NotOurs("Facebook sent no sign-in code. Start again from the connect page.")
        token = consent.user_token(self._graph(""), code=code, redirect_uri=redirect_uri)
        return consent.pages(self._graph(token))

    @understood
    def refresh(self, credentials: Credentials) -> Credentials:
        return consent.still_valid(self._graph(""), credentials)

    # --- what goes out --------------------------------------------------------------------------------------------

    def publish(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        if wrong := self.misfits(content):
            raise Refused(wrong[0].reason, code=f"misfit:{wrong[0].field}")
        return self._here(posting.publish(self._page(sender), sender, content, open_media))

    def sends_async(self, content: Content) -> bool:
        """Words and links; pictures and videos go up by the SDK."""
        return not content.media

    async def publish_async(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        if wrong := self.misfits(content):
            raise Refused(wrong[0].reason, code=f"misfit:{wrong[0].field}")
        return self._here(await posting.publish_async(self._page(sender), self._async, sender, content))

    def reply(
        self, sender: Sender, content: Content, *, target: Target, open_media: OpenMedia, key: str = ""
    ) -> Receipt:
        return self._here(posting.reply(self._page(sender), sender, content, target, open_media))

    @understood
    def delete(self, sender: Sender, remote_id: str) -> None:
        try:
            self._page(sender).delete(remote_id)
        except Refused as error:
            if not is_gone(error):
                raise

    @understood
    def edit(self, sender: Sender, remote_id: str, content: Content) -> None:
        if wrong := self.misfits(content):
            raise Refused(wrong[0].reason, code=f"misfit:{wrong[0].field}")
        self._page(sender).put_live(remote_id, {"message": words(content)})

    @understood
    def hide(self, sender: Sender, message_id: str, *, hidden: bool) -> None:
        self._page(sender).post(message_id, {"is_hidden": "true" if hidden else "false"})

    @understood
    def remove(self, sender: Sender, message_id: str) -> None:
        self.delete(sender, message_id)

    @understood
    def like(self, sender: Sender, message_id: str, *, liked: bool) -> None:
        page = self._page(sender)
        page.post(f"{message_id}/likes", {}) if liked else page.delete(f"{message_id}/likes")

    # --- what comes back ------------------------------------------------------------------------------------------

    @understood
    def recent(self, sender: Sender, *, since: datetime, target: Target | None = None) -> Listing:
        found = reading.recent(self._page(sender), sender, since, target)
        return replace(found, posts=tuple(self._here(post) for post in found.posts))

    def same(self, content: Content, listed: Listed) -> bool:
        return reading.same(content, listed)

    @understood
    def measure(self, sender: Sender, remote_ids: Sequence[str]) -> list[Measurement]:
        return reading.measure(self._page(sender), remote_ids)

    def handshake(self, delivery: Delivery) -> str | None:
        return webhooks.handshake(self.app, delivery)

    def hear(self, delivery: Delivery) -> list[Event]:
        return [self._here(event) for event in webhooks.hear(self.app, delivery)]

    @understood
    def poll(self, sender: Sender, *, since: datetime, post_ids: Iterable[str] = ()) -> list[Event]:
        return [self._here(event) for event in reading.poll(self._page(sender), sender, since, post_ids)]

    @understood
    def subscribe(self, sender: Sender, *, callback_url: str) -> None:
        app_graph = self._graph(f"{self.app.client_id}|{self.app.client_secret}")
        webhooks.subscribe(self._page(sender), app_graph, sender, callback_url)

    # --- watching others ------------------------------------------------------------------------------------------

    def spot(self, url: str) -> Spotted | None:
        return watching.spot(self.reach.public(url))

    @understood
    def person(self, sender: Sender, handle: str) -> Person:
        return watching.person(self._page(sender), handle)

    @understood
    def posts_of(self, sender: Sender, uid: str, *, since: datetime) -> Listing:
        found = watching.posts_of(self._page(sender), uid, since)
        return replace(found, posts=tuple(self._here(post) for post in found.posts))

    @understood
    def look(self, sender: Sender, remote_ids: Sequence[str]) -> Looked:
        looked = watching.look(self._page(sender), remote_ids)
        return replace(looked, posts=tuple(self._here(post) for post in looked.posts))
