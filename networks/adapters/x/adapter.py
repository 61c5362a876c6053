"""X as Gardu uses it: posts, threads, pictures, videos, answers, direct messages, and what people say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import requests
import tweepy

from networks.adapters.x import consent, limits, reading, watching, webhooks
from networks.adapters.x.calls import Client, Response, going_live, post_async, preparing, rates
from networks.adapters.x.uploads import Uploads
from networks.async_wire import AsyncWire
from networks.protocol import (
    Act,
    AppKey,
    Content,
    Credentials,
    Delivery,
    Event,
    Limits,
    Listed,
    Listing,
    Looked,
    Measurement,
    Misfit,
    NotOurs,
    OpenMedia,
    Option,
    Person,
    Receipt,
    Reconcile,
    Refused,
    RemoteAccount,
    Sender,
    Spotted,
    Target,
    TargetKind,
    TryLater,
    Unsure,
)
from networks.text import weighted
from networks.wire import PerThread, Reach, understood

OPTIONS = (
    Option("paid_partnership", "Paid partnership label"),
    Option("made_with_ai", "Made with AI label"),
    Option(
        "reply_settings",
        "Who can reply",
        choices=(
            ("", "Everyone"),
            ("following", "Accounts you follow"),
            ("mentionedUsers", "Only accounts you mention"),
            ("verified", "Verified accounts"),
        ),
        default="",
    ),
)


Shown = TypeVar("Shown", Listed, Event)


class Adapter:
    """Holds no account; safe to share between threads (each has its own session)."""

    slug = "x"
    name = "X"
    limits: Limits = limits.LIMITS
    reconcile = Reconcile.LISTABLE
    listing_lag = timedelta(seconds=60)
    scopes: tuple[str, ...] = consent.SCOPES
    uses_pkce = True
    pushes = True
    answers = frozenset(TargetKind)
    acts = frozenset({Act.HIDE})
    options = OPTIONS
    # 900 timelines in 15 minutes for one account's token; half of it stays for the account's own work.
    looks_a_minute = 30

    def __init__(self, app: AppKey, reach: Reach) -> None:
        self.app = app
        self.reach = reach
        self._session: PerThread[requests.Session] = PerThread(reach.session)
        self._async = AsyncWire(reach)
        # tweepy makes a session of its own with each client, which ours then replaces.
        self._tweepy: PerThread[Client] = PerThread(lambda: Client("", self._session()))
        self._uploads = Uploads()

    def _client(self, sender: Sender) -> Client:
        """This thread's client, opened for `sender` until it is asked for the next time."""
        client = self._tweepy()
        client.bearer_token = sender.credentials.access_token
        return client

    def _reached(self, thing: Shown) -> Shown:
        """The same, with its address where X is reached from here."""
        return replace(thing, url=self.reach.url(thing.url)) if thing.url else thing

    # -- what fits ---------------------------------------------------------------------

    def count(self, text: str) -> int:
        return weighted(text)

    def misfits(self, content: Content) -> list[Misfit]:
        return limits.misfits(content)

    # -- connecting --------------------------------------------------------------------

    def authorize_url(self, *, state: str, redirect_uri: str, verifier: str) -> str:
        asked = consent.authorize_url(self.app, state=state, redirect_uri=redirect_uri, verifier=verifier)
        return self.reach.url(asked)

    @understood
    def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> list[RemoteAccount]:
        """The one account the person consented for."""
        given = consent.exchange(self._session(), self.app, code=code, redirect_uri=redirect_uri, verifier=verifier)
        sender = Sender("", given)
        with preparing(sender):
            params = {"user.fields": "profile_image_url"}
            body = self._client(sender).call("GET", "/2/users/me", params=params).json()
            me = body["data"]
            account = RemoteAccount(
                uid=str(me["id"]),
                name=str(me["name"]),
                handle=str(me["username"]),
                credentials=given,
                avatar_url=str(me.get("profile_image_url", "")),
                kind="account",
            )
        if not account.uid:
            raise NotOurs("X did not say whose account this is.")
        return [account]

    @understood
    def refresh(self, credentials: Credentials) -> Credentials:
        return consent.refresh(self._session(), self.app, credentials)

    # -- publishing --------------------------------------------------------------------

    def publish(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        """Uploads, then one `POST /2/tweets`; X takes no key."""
        return self._post(sender, content, open_media, {})

    def sends_async(self, content: Content) -> bool:
        """Words alone; media go up by tweepy."""
        return not content.media

    async def publish_async(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        """The same one `POST /2/tweets`."""
        with going_live(sender):
            reply = await post_async(self._async, sender, "/2/tweets", _body(content))
            id = _id(reply, "id")
        return Receipt(id, self.reach.url(reading.address(sender.handle, id)), rates(reply))

    def reply(
        self, sender: Sender, content: Content, *, target: Target, open_media: OpenMedia, key: str = ""
    ) -> Receipt:
        """The next part of a thread, an answer, or a direct message.

        X lets most apps answer only those who mentioned the account; anything else comes back as Refused.
        """
        if target.kind is TargetKind.MESSAGE:
            return self._message(sender, content, open_media, target)
        above = target.message_id or target.post_id
        return self._post(sender, content, open_media, {"reply": {"in_reply_to_tweet_id": above}})

    def _post(self, sender: Sender, content: Content, open_media: OpenMedia, more: dict[str, Any]) -> Receipt:
        # Any: the body of POST /2/tweets
        client = self._client(sender)
        media = self._uploads.bring(client, sender, content.media, open_media)
        body = {**more, **_body(content)}
        if media:
            body["media"] = {"media_ids": media}
        with self._spending(sender, content), going_live(sender):
            response = client.call("POST", "/2/tweets", json=body)
            id = _id(response, "id")
        return Receipt(id, self.reach.url(reading.address(sender.handle, id)), rates(response))

    def _message(self, sender: Sender, content: Content, open_media: OpenMedia, target: Target) -> Receipt:
        if len(content.media) > 1:
            raise Refused("A direct message on X takes one picture or video.")
        client = self._client(sender)
        media = self._uploads.bring(client, sender, content.media, open_media, "dm")
        body: dict[str, Any] = {"text": limits.wording(content)} if limits.wording(content) else {}  # Any: JSON body
        if media:
            body["attachments"] = [{"media_id": id} for id in media]
        with self._spending(sender, content), going_live(sender):
            response = client.call("POST", f"/2/dm_conversations/with/{target.author_uid}/messages", json=body)
            id = _id(response, "dm_event_id")
        return Receipt(id, self.reach.url("https://x.com/messages"), rates(response))

    @contextmanager
    def _spending(self, sender: Sender, content: Content) -> Iterator[None]:
        """Uploads serve one post: only after a certain "later" may the next attempt use them again."""
        keep = False
        try:
            yield
        except TryLater as error:
            keep = error.code != "media_lost"
            raise
        finally:
            if not keep:
                self._uploads.used(sender, content.media)

    # -- looking, deleting, measuring --------------------------------------------------

    @understood
    def recent(self, sender: Sender, *, since: datetime, target: Target | None = None) -> Listing:
        listing = reading.recent(self._client(sender), sender, since, target)
        return replace(listing, posts=tuple(self._reached(post) for post in listing.posts))

    def same(self, content: Content, listed: Listed) -> bool:
        return reading.same(content, listed)

    @understood
    def delete(self, sender: Sender, remote_id: str) -> None:
        with preparing(sender):
            try:
                self._client(sender).call("DELETE", f"/2/tweets/{remote_id}")
            except tweepy.NotFound:
                return  # already gone

    @understood
    def measure(self, sender: Sender, remote_ids: Sequence[str]) -> list[Measurement]:
        return reading.measure(self._client(sender), sender, list(remote_ids))

    # -- listening ---------------------------------------------------------------------

    def handshake(self, delivery: Delivery) -> str | None:
        return webhooks.handshake(consent.signing_secret(self.app), delivery)

    def hear(self, delivery: Delivery) -> list[Event]:
        return [self._reached(event) for event in webhooks.hear(consent.signing_secret(self.app), delivery)]

    @understood
    def poll(self, sender: Sender, *, since: datetime, post_ids: Iterable[str] = ()) -> list[Event]:
        return [self._reached(event) for event in reading.poll(self._client(sender), sender, since, post_ids)]

    @understood
    def subscribe(self, sender: Sender, *, callback_url: str) -> None:
        bearer = consent.app_token(self._session(), self.app)
        webhooks.subscribe(Client(bearer, self._session()), sender, callback_url)

    # -- watching others ---------------------------------------------------------------

    def spot(self, url: str) -> Spotted | None:
        return watching.spot(self.reach.public(url))

    @understood
    def person(self, sender: Sender, handle: str) -> Person:
        return watching.person(self._client(sender), sender, handle)

    @understood
    def posts_of(self, sender: Sender, uid: str, *, since: datetime) -> Listing:
        listing = watching.posts_of(self._client(sender), sender, uid, since)
        return replace(listing, posts=tuple(self._reached(post) for post in listing.posts))

    @understood
    def look(self, sender: Sender, remote_ids: Sequence[str]) -> Looked:
        looked = watching.look(self._client(sender), sender, remote_ids)
        return replace(looked, posts=tuple(self._reached(post) for post in looked.posts))

    # -- moderating --------------------------------------------------------------------

    @understood
    def hide(self, sender: Sender, message_id: str, *, hidden: bool) -> None:
        with preparing(sender):
            self._client(sender).call("PUT", f"/2/tweets/{message_id}/hidden", json={"hidden": hidden})

    @understood
    def remove(self, sender: Sender, message_id: str) -> None:
        """Only our own: X lets nobody delete what another said. Hide it instead."""
        self.delete(sender, message_id)


def _body(content: Content) -> dict[str, Any]:  # Any: the body of POST /2/tweets
    text = limits.wording(content)
    return {**_options(content), **({"text": text} if text else {})}


def _options(content: Content) -> dict[str, Any]:  # Any: part of a JSON body
    """The network's own switches that X knows and that are on."""
    given = {option.name: content.options.get(option.name) for option in OPTIONS}
    return {name: value for name, value in given.items() if value}


def _id(response: Response, name: str) -> str:
    """The id of what is now live. Raises Unsure for a success that names none."""
    body = response.json()
    id = (body.get("data") or {}).get(name)
    if not id:
        said = "; ".join(str(one.get("detail", "")) for one in body.get("errors") or [])
        raise Unsure("X took the post but did not name it.", detail=said, code="no_id")
    return str(id)
