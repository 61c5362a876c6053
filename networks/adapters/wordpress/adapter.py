"""WordPress blogs, as the house sees them: what fits, who lets us in, what goes out, what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from networks.adapters.wordpress import doors, posting, reading
from networks.adapters.wordpress.limits import LIMITS, LISTING_LAG, OPTIONS, count, misfits
from networks.adapters.wordpress.site import COMMENTS, POSTS, Site
from networks.adapters.wordpress.uploads import Uploads
from networks.protocol import (
    AppKey,
    BadSignature,
    Content,
    Delivery,
    Door,
    Event,
    Listed,
    Listing,
    Measurement,
    Misfit,
    OpenMedia,
    Receipt,
    Reconcile,
    Refused,
    RemoteAccount,
    Sender,
    Target,
)
from networks.site_wire import SiteWire
from networks.wire import Reach, understood

Shown = TypeVar("Shown", Receipt, Listed, Event)


class Adapter:
    """One instance serves all blogs and threads. A blog is named by its address without scheme."""

    slug = "wordpress"
    name = "WordPress"
    limits = LIMITS
    options = OPTIONS
    reconcile = Reconcile.LISTABLE
    listing_lag = LISTING_LAG
    scopes = ()
    pushes = False
    answers = posting.ANSWERS

    def __init__(self, app: AppKey, reach: Reach) -> None:
        self.reach = reach
        self._wire = SiteWire(reach)
        self._uploads = Uploads()

    def _site(self, sender: Sender) -> Site:
        return Site(self._wire, sender)

    def _here(self, thing: Shown) -> Shown:
        """The same with its address where the blog is reached from here."""
        return replace(thing, url=self.reach.url(thing.url)) if thing.url else thing

    # --- what fits ------------------------------------------------------------------------------------------------

    def count(self, text: str) -> int:
        return count(text)

    def misfits(self, content: Content) -> list[Misfit]:
        return misfits(content)

    # --- who lets us in -------------------------------------------------------------------------------------------

    @understood
    def knock(self, address: str) -> Door:
        return doors.knock(self._wire, self.reach, self.reach.public(address))

    def consent_url(self, door: Door, *, state: str, redirect_uri: str) -> str:
        return self.reach.url(doors.consent_url(door, state=state, redirect_uri=redirect_uri))

    @understood
    def admit(self, door: Door, given: Mapping[str, str]) -> RemoteAccount:
        return doors.admit(self._wire, door, given)

    @understood
    def enter(self, door: Door, *, user: str, password: str) -> RemoteAccount:
        return doors.enter(self._wire, door, user=user, password=password)

    # --- what goes out --------------------------------------------------------------------------------------------

    def publish(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        if wrong := self.misfits(content):
            raise Refused(wrong[0].reason, code=f"misfit:{wrong[0].field}")
        return self._here(posting.publish(self._site(sender), content, self._uploads, open_media))

    def reply(
        self, sender: Sender, content: Content, *, target: Target, open_media: OpenMedia, key: str = ""
    ) -> Receipt:
        return self._here(posting.reply(self._site(sender), content, target))

    @understood
    def edit(self, sender: Sender, remote_id: str, content: Content) -> None:
        if wrong := self.misfits(content):
            raise Refused(wrong[0].reason, code=f"misfit:{wrong[0].field}")
        posting.edit(self._site(sender), remote_id, content)

    @understood
    def delete(self, sender: Sender, remote_id: str) -> None:
        """Into the blog's trash, from where its owner can take it back."""
        if remote_id.startswith(posting.COMMENT):
            self.remove(sender, remote_id)
        else:
            self._site(sender).delete(f"{POSTS}/{int(remote_id)}")

    @understood
    def hide(self, sender: Sender, message_id: str, *, hidden: bool) -> None:
        """Hold a comment back, or approve it."""
        number = posting.comment_number(message_id)
        self._site(sender).post(f"{COMMENTS}/{number}", {"status": "hold" if hidden else "approved"}, what="comment")

    @understood
    def remove(self, sender: Sender, message_id: str) -> None:
        self._site(sender).delete(f"{COMMENTS}/{posting.comment_number(message_id)}")

    # --- what comes back ------------------------------------------------------------------------------------------

    @understood
    def recent(self, sender: Sender, *, since: datetime, target: Target | None = None) -> Listing:
        found = reading.recent(self._site(sender), since, target)
        return replace(found, posts=tuple(self._here(post) for post in found.posts))

    def same(self, content: Content, listed: Listed) -> bool:
        return reading.same(content, listed)

    @understood
    def measure(self, sender: Sender, remote_ids: Sequence[str]) -> list[Measurement]:
        return reading.measure(self._site(sender), remote_ids)

    def handshake(self, delivery: Delivery) -> str | None:
        return None

    def hear(self, delivery: Delivery) -> list[Event]:
        raise BadSignature("WordPress sends nothing by itself")

    @understood
    def poll(self, sender: Sender, *, since: datetime, post_ids: Iterable[str] = ()) -> list[Event]:
        """All comments of the blog, whatever the post, so `post_ids` narrows nothing."""
        return [self._here(event) for event in reading.poll(self._site(sender), since)]

    def subscribe(self, sender: Sender, *, callback_url: str) -> None:
        """Nothing to ask for: WordPress itself pushes nothing."""
