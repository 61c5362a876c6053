"""LinkedIn pages, as the house sees them: what fits, who lets us in, what goes out, what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from networks.adapters.linkedin import consent, posting, reading, watching, webhooks
from networks.adapters.linkedin.limits import LIMITS, LISTING_LAG, SCOPES, count, misfits, words
from networks.adapters.linkedin.little import little
from networks.adapters.linkedin.rest import Rest, key
from networks.adapters.linkedin.uploads import Uploads
from networks.async_wire import AsyncWire
from networks.protocol import (
    Act,
    AppKey,
    Content,
    Credentials,
    Delivery,
    Event,
    Listed,
    Listing,
    Measurement,
    Misfit,
    NotOurs,
    OpenMedia,
    Receipt,
    Reconcile,
    Refused,
    RemoteAccount,
    Sender,
    Spotted,
    Target,
)
from networks.wire import PerThread, Reach, understood

Shown = TypeVar("Shown", Receipt, Listed, Event)


class Adapter:
    """One instance serves all pages and threads. `app.extra["api_version"]` chooses the interface's version (YYYYMM),
    `app.extra["application_id"]` is the app's number in webhook subscriptions.
    """

    slug = "linkedin"
    name = "LinkedIn"
    limits = LIMITS
    reconcile = Reconcile.LISTABLE
    listing_lag = LISTING_LAG
    scopes = SCOPES
    uses_pkce = False
    pushes = True
    answers = posting.ANSWERS
    acts = frozenset({Act.REMOVE})

    def __init__(self, app: AppKey, reach: Reach) -> None:
        self.app = app
        self.reach = reach
        self._session = PerThread(reach.session)
        self._uploads = Uploads(self._session)
        self._async = AsyncWire(reach)

    def _rest(self, sender: Sender) -> Rest:
        return Rest(self.app, self.reach, sender)

    def _here(self, thing: Shown) -> Shown:
        """The same with its address where LinkedIn is reached from here."""
        return replace(thing, url=self.reach.url(thing.url)) if thing.url else thing

    # --- what fits ------------------------------------------------------------------------------------------------

    def count(self, text: str) -> int:
        """UTF-16 code units after escaping."""
        return count(text)

    def misfits(self, content: Content) -> list[Misfit]:
        return misfits(content)

    # --- who lets us in -------------------------------------------------------------------------------------------

    def authorize_url(self, *, state: str, redirect_uri: str, verifier: str) -> str:
        return self.reach.url(consent.authorize_url(self.app, state=state, redirect_uri=redirect_uri))

    @understood
    def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> list[RemoteAccount]:
        if not code:
            raise NotOurs("LinkedIn sent no sign-in code. Start again from the connect page.")
        given = consent.tokens(self.app, self._session(), code=code, redirect_uri=redirect_uri)
        return consent.pages(self._rest(Sender("", given)))

    @understood
    def refresh(self, credentials: Credentials) -> Credentials:
        return consent.renewed(self.app, self._session(), credentials)

    # --- what goes out --------------------------------------------------------------------------------------------

    def publish(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        if wrong := self.misfits(content):
            raise Refused(wrong[0].reason, code=f"misfit:{wrong[0].field}")
        return self._here(posting.publish(self._rest(sender), content, self._uploads, open_media))

    def sends_async(self, content: Content) -> bool:
        """Words and articles; pictures and videos go up from a thread."""
        return not content.media

    async def publish_async(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        if wrong := self.misfits(content):
            raise Refused(wrong[0].reason, code=f"misfit:{wrong[0].field}")
        return self._here(await posting.publish_async(self._rest(sender), self._async, content))

    def reply(
        self, sender: Sender, content: Content, *, target: Target, open_media: OpenMedia, key: str = ""
    ) -> Receipt:
        return self._here(posting.reply(self._rest(sender), content, target))

    @understood
    def delete(self, sender: Sender, remote_id: str) -> None:
        rest = self._rest(sender)
        try:
            if remote_id.startswith("urn:li:comment:"):
                under, _, comment = remote_id.removeprefix("urn:li:comment:(").rstrip(")").rpartition(",")
                rest.delete(f"/rest/socialActions/{key(under)}/comments/{comment}?actor={key(sender.uid)}")
            else:
                rest.delete(f"/rest/posts/{key(remote_id)}")
        except Refused as error:
            if not error.detail.startswith("HTTP 404"):
                raise

    @understood
    def edit(self, sender: Sender, remote_id: str, content: Content) -> None:
        if wrong := self.misfits(content):
            raise Refused(wrong[0].reason, code=f"misfit:{wrong[0].field}")
        patch = {"patch": {"$set": {"commentary": little(words(content))}}}
        self._rest(sender).patch_live(f"/rest/posts/{key(remote_id)}", patch)

    @understood
    def hide(self, sender: Sender, message_id: str, *, hidden: bool) -> None:
        raise Refused("LinkedIn cannot hide a comment; it can only be deleted.", code="cannot_hide")

    @understood
    def remove(self, sender: Sender, message_id: str) -> None:
        self.delete(sender, message_id)

    # --- what comes back ------------------------------------------------------------------------------------------

    @understood
    def recent(self, sender: Sender, *, since: datetime, target: Target | None = None) -> Listing:
        found = reading.recent(self._rest(sender), since, target)
        return replace(found, posts=tuple(self._here(post) for post in found.posts))

    def same(self, content: Content, listed: Listed) -> bool:
        return reading.same(content, listed)

    @understood
    def measure(self, sender: Sender, remote_ids: Sequence[str]) -> list[Measurement]:
        return reading.measure(self._rest(sender), remote_ids)

    def handshake(self, delivery: Delivery) -> str | None:
        return webhooks.handshake(self.app, delivery)

    def hear(self, delivery: Delivery) -> list[Event]:
        return [self._here(event) for event in webhooks.hear(self.app, delivery)]

    @understood
    def poll(self, sender: Sender, *, since: datetime, post_ids: Iterable[str] = ()) -> list[Event]:
        """LinkedIn lists a page's notifications whatever the post, so `post_ids` narrows nothing."""
        found = reading.poll(self._rest(sender), since, datetime.now(UTC))
        return [self._here(event) for event in found]

    @understood
    def subscribe(self, sender: Sender, *, callback_url: str) -> None:
        rest = self._rest(sender)
        who = sender.credentials.extra.get("person") or consent.person(rest)
        webhooks.subscribe(rest, who, callback_url)

    # --- what others post: LinkedIn shows it to no app, so a look is by its public page only ------------------------

    def spot(self, url: str) -> Spotted | None:
        return watching.spot(self.reach.public(url))
