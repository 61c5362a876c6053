"""A workspace's own feeds as the world reads them: what is in them, where they stand, what their media are."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse

from networks import registry
from smo.models import Entry, Feed
from smo.rules.formats import KINDS, Channel, Item, Piece

NEWEST = 50


def feed_at(address: str) -> tuple[int, int] | None:
    """(feed id, workspace id) of the open feed at a public address, over all workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, workspace_id FROM open_feed(%s)", [address])
        row = cursor.fetchone()
    return (int(row[0]), int(row[1])) if row else None


def feeds_with_news(batch: int) -> list[tuple[int, int]]:
    """(feed id, workspace id) of open feeds in which something changed since their hub was told, or lately."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, workspace_id FROM feeds_with_news(%s)", [batch])
        return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]


def channel_of(feed: Feed, *, newest: int = NEWEST) -> Channel:
    """The feed with its newest posts. Two queries; inside `entered`.

    It changed when the last of its posts did, also one that is withdrawn: readers must learn of that as well.
    """
    last = Entry.objects.all().of_feed(feed).order_by("-changed_at").values_list("changed_at", flat=True).first()
    rows = Entry.objects.all().in_feed(feed).select_related("account")[:newest]
    items = tuple(_item(row, feed) for row in rows)
    return Channel(
        id=f"tag:{_authority()},{feed.made_at:%Y-%m-%d}:feed:{feed.pk}",
        title=feed.title,
        about=feed.about,
        home=absolute("smo:latest", feed.address),
        changed=max(last or feed.changed_at, feed.changed_at),
        addresses=addresses_of(feed),
        hub=settings.WEBSUB_HUB,
        items=items,
    )


def addresses_of(feed: Feed) -> dict[str, str]:
    """Format -> where the feed stands in it."""
    return {kind: absolute("smo:public_feed", feed.address, kind) for kind in KINDS}


def absolute(name: str, *parts: object) -> str:
    """An address of this house as the world knows it."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse(name, args=parts)}"


def print_of(channel: Channel) -> str:
    """What changes whenever a reader would find something new in it."""
    return hashlib.sha256(repr(replace(channel, hub="", addresses={})).encode()).hexdigest()


def media_of(feed: Feed, uid: UUID, place: int) -> dict[str, Any] | None:  # Any: a JSON object
    """One picture or video of an entry that the feed tells, as the sealed content named it."""
    entry = Entry.objects.all().in_feed(feed).filter(uid=uid).only("media", "workspace_id").first()
    if entry is None or not 0 <= place < len(entry.media):
        return None
    found: dict[str, Any] = entry.media[place]  # Any: as above
    return found


def _item(row: Entry, feed: Feed) -> Item:
    return Item(
        id=row.uid.urn,
        title=row.title,
        text=row.text,
        url=row.url,
        link=row.link,
        published=row.published_at,
        changed=row.changed_at,
        author=row.account.name,
        network=registry.get(row.network).name if registry.known(row.network) else row.network,
        language=row.language,
        pieces=tuple(
            Piece(
                url=absolute("smo:feed_media", feed.address, row.uid, place),
                mime=str(media.get("mime", "")),
                size=int(media.get("size", 0)),
                alt=str(media.get("alt", "")),
                width=int(media.get("width", 0)),
                height=int(media.get("height", 0)),
                seconds=float(media.get("seconds", 0)),
            )
            for place, media in enumerate(row.media)
        ),
    )


def _authority() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
