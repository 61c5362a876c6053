"""YouTube as Gardu uses it: one video a post, comments below it, and what people say there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import requests

from networks.adapters.youtube import consent, limits, processing, reading, uploads, watching
from networks.adapters.youtube.calls import Json, YouTube
from networks.async_wire import AsyncWire
from networks.protocol import (
    Act,
    AppKey,
    BadSignature,
    Content,
    Credentials,
    Delivery,
    Event,
    Limits,
    Listed,
    Listing,
    Looked,
    Measurement,
    Media,
    MediaKind,
    Memory,
    Misfit,
    NetworkError,
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
from networks.text import utf8_bytes
from networks.wire import PerThread, Reach, opened, understood

GONE = frozenset({"videoNotFound", "commentNotFound", "notFound"})


class Adapter:
    """Holds no account; safe to share between threads (each has its own session and service)."""

    slug = "youtube"
    name = "YouTube"
    limits: Limits = limits.LIMITS
    reconcile = Reconcile.LISTABLE
    listing_lag = timedelta(minutes=2)
    scopes: tuple[str, ...] = consent.SCOPES
    uses_pkce = True
    pushes = False
    answers = frozenset({TargetKind.COMMENT, TargetKind.COMMENT_REPLY})
    acts = frozenset({Act.HIDE})
    # A look costs one of the project's 10,000 units a day: 2,880 of them.
    looks_a_minute = 2
    options = (
        Option("has_paid_product_placement", "Includes paid promotion"),
        Option("made_for_kids", "Made for kids"),
        Option("made_with_ai", "Altered or synthetic content"),
        Option(
            "privacy",
            "Visibility",
            choices=(("public", "Public"), ("unlisted", "Unlisted"), ("private", "Private")),
            default="public",
        ),
    )

    def __init__(self, app: AppKey, reach: Reach) -> None:
        self.app = app
        self.reach = reach
        self._session: PerThread[requests.Session] = PerThread(reach.session)
        self._youtube = YouTube(reach)
        self._async = AsyncWire(reach)
        self._uploads = uploads.Uploads()
        self._threads = reading.Threads()

    # -- what fits ---------------------------------------------------------------------

    def count(self, text: str) -> int:
        """Bytes, as the description is limited."""
        return utf8_bytes(text)

    def misfits(self, content: Content) -> list[Misfit]:
        return limits.misfits(content)

    # -- connecting --------------------------------------------------------------------

    def authorize_url(self, *, state: str, redirect_uri: str, verifier: str) -> str:
        return self.reach.url(
            consent.authorize_url(self.app, state=state, redirect_uri=redirect_uri, verifier=verifier)
        )

    @understood
    def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> list[RemoteAccount]:
        """The channel the person chose on the consent page: Google gives one a grant."""
        given = consent.exchange(self._session(), self.app, code=code, redirect_uri=redirect_uri, verifier=verifier)
        sender = Sender("", given)
        try:
            body = self._youtube.read(sender, self._youtube().channels().list(part="snippet", mine=True))
        except Refused as error:
            raise TryLater(error.reason, detail=error.detail, code=error.code) from error
        channels = list(body.get("items") or [])
        if not channels:
            raise NotOurs("This Google account has no YouTube channel.")
        return [
            RemoteAccount(
                uid=str(channel["id"]),
                name=str(channel["snippet"]["title"]),
                handle=str(channel["snippet"].get("customUrl", "")).removeprefix("@"),
                credentials=given,
                avatar_url=str(channel["snippet"].get("thumbnails", {}).get("default", {}).get("url", "")),
                kind="channel",
            )
            for channel in channels
        ]

    @understood
    def refresh(self, credentials: Credentials) -> Credentials:
        return consent.refresh(self._session(), self.app, credentials)

    # -- publishing --------------------------------------------------------------------

    def publish(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        """Uploads the video in pieces; the last one makes it exist. YouTube takes no key."""
        return self._upload(sender, content, open_media)

    def resumes(self, content: Content) -> bool:
        """A video of more than one piece."""
        return not self.sends_async(content)

    def publish_on(
        self, sender: Sender, content: Content, *, open_media: OpenMedia, memory: Memory, key: str = ""
    ) -> Receipt:
        """Goes on with the upload session that an earlier send opened."""
        return self._upload(sender, content, open_media, memory)

    def _upload(self, sender: Sender, content: Content, open_media: OpenMedia, memory: Memory | None = None) -> Receipt:
        media, http = _video(content), self._youtube.http(sender)
        with closing(open_media(media)) as file:
            made = self._uploads.insert(self._youtube.videos, http, sender, content, media, file, memory)
        return self._receipt(made)

    def sends_async(self, content: Content) -> bool:
        """A video of one piece; larger ones go up by Google's client, and go on where they stopped."""
        return all(media.size <= uploads.CHUNK for media in content.media)

    async def publish_async(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        """Opens the session, and brings the video in one piece: that makes it exist."""
        media = _video(content)
        data = await asyncio.to_thread(_whole, open_media, media)
        return self._receipt(await uploads.insert_async(self._async, sender, content, media, data))

    def _receipt(self, made: Json) -> Receipt:
        id = str(made["id"])
        status = made.get("status") or {}
        shown = str(status.get("privacyStatus", ""))
        url, unfinished = self.reach.url(reading.watch(id)), status.get("uploadStatus") == processing.UPLOADED
        return Receipt(id, url, {"privacy": shown} if shown else {}, processing=unfinished)

    def reply(
        self, sender: Sender, content: Content, *, target: Target, open_media: OpenMedia, key: str = ""
    ) -> Receipt:
        """A comment below a video, or an answer in a thread. Answers hang on the thread's first comment."""
        if wrong := limits.answerable(content, target):
            raise Refused(wrong, code="not_answerable")
        words = limits.description(content)
        if target.kind is TargetKind.COMMENT:
            top = {"snippet": {"textOriginal": words}}
            thread = {"snippet": {"videoId": target.post_id, "topLevelComment": top}}
            request = self._youtube().commentThreads().insert(part="snippet", body=thread)
        else:
            answer = {"snippet": {"parentId": target.message_id.split(".", 1)[0], "textOriginal": words}}
            request = self._youtube().comments().insert(part="snippet", body=answer)
        made = self._youtube.write(sender, request)
        if not isinstance(made, dict) or not made.get("id"):
            raise Unsure("YouTube took the comment but did not name it.", code="no_id")
        id = str(made["id"])
        return Receipt(id, self.reach.url(reading.watch(target.post_id, id)))

    # -- looking, deleting, measuring --------------------------------------------------

    @understood
    def recent(self, sender: Sender, *, since: datetime, target: Target | None = None) -> Listing:
        listing = reading.recent(self._youtube, sender, since, target)
        if target is None:
            listing = processing.with_statuses(self._youtube, sender, listing)
        return Listing(tuple(replace(each, url=self.reach.url(each.url)) for each in listing.posts), listing.complete)

    def same(self, content: Content, listed: Listed) -> bool:
        return reading.same(content, listed)

    @understood
    def delete(self, sender: Sender, remote_id: str) -> None:
        """A video, or one of our comments (their ids are longer)."""
        if len(remote_id) > 11:
            return self.remove(sender, remote_id)
        return self._gone_is_fine(sender, self._youtube().videos().delete(id=remote_id))

    @understood
    def edit(self, sender: Sender, remote_id: str, content: Content) -> None:
        """videos.update replaces the whole part, so everything that stands in it is sent again."""
        if wrong := self.misfits(content):
            raise Refused(wrong[0].reason, code=f"misfit:{wrong[0].field}")
        changed = {"id": remote_id, "snippet": uploads.body(content)["snippet"]}
        self._youtube.write(sender, self._youtube().videos().update(part="snippet", body=changed))

    @understood
    def measure(self, sender: Sender, remote_ids: Sequence[str]) -> list[Measurement]:
        return reading.measure(self._youtube, sender, remote_ids)

    # -- listening ---------------------------------------------------------------------

    def handshake(self, delivery: Delivery) -> str | None:
        """YouTube pushes no comments, so it has nothing to verify."""
        return None

    def hear(self, delivery: Delivery) -> list[Event]:
        raise BadSignature("YouTube pushes no comments")

    @understood
    def poll(self, sender: Sender, *, since: datetime, post_ids: Iterable[str] = ()) -> list[Event]:
        """YouTube lists a channel's comments whatever the video, so `post_ids` narrows nothing."""
        try:
            heard = reading.poll(self._youtube, sender, since, self._threads)
        except Refused as error:
            raise TryLater(error.reason, detail=error.detail, code=error.code) from error
        return [replace(event, url=self.reach.url(event.url)) for event in heard]

    @understood
    def subscribe(self, sender: Sender, *, callback_url: str) -> None:
        """Nothing to ask for: comments are polled."""

    # -- watching others ---------------------------------------------------------------

    def spot(self, url: str) -> Spotted | None:
        return watching.spot(self.reach.public(url))

    def feed_of(self, url: str) -> str:
        return watching.feed_of(self.reach.public(url))

    @understood
    def person(self, sender: Sender, handle: str) -> Person:
        return watching.person(self._youtube, sender, handle)

    @understood
    def posts_of(self, sender: Sender, uid: str, *, since: datetime) -> Listing:
        listing = watching.posts_of(self._youtube, sender, uid, since)
        return replace(listing, posts=tuple(replace(each, url=self.reach.url(each.url)) for each in listing.posts))

    @understood
    def look(self, sender: Sender, remote_ids: Sequence[str]) -> Looked:
        looked = watching.look(self._youtube, sender, remote_ids)
        return replace(looked, posts=tuple(replace(each, url=self.reach.url(each.url)) for each in looked.posts))

    # -- moderating --------------------------------------------------------------------

    @understood
    def hide(self, sender: Sender, message_id: str, *, hidden: bool) -> None:
        status = "rejected" if hidden else "published"
        request = self._youtube().comments().setModerationStatus(id=message_id, moderationStatus=status)
        self._youtube.read(sender, request)

    @understood
    def remove(self, sender: Sender, message_id: str) -> None:
        self._gone_is_fine(sender, self._youtube().comments().delete(id=message_id))

    def _gone_is_fine(self, sender: Sender, request: object) -> None:
        try:
            self._youtube.read(sender, request)
        except NetworkError as error:
            if error.code not in GONE:
                raise


def _video(content: Content) -> Media:
    """The one to bring. Raises Refused when the content does not fit."""
    if wrong := limits.misfits(content):
        raise Refused(wrong[0].reason, code=wrong[0].field)
    return next(one for one in content.media if one.kind is MediaKind.VIDEO)


def _whole(open_media: OpenMedia, media: Media) -> bytes:
    with opened(open_media, media) as file:
        return file.read()
