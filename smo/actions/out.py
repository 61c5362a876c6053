"""What went live is told by the workspace's feeds, and what is gone is told no more; feeds are opened and closed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from networks.protocol import Content
from smo.models import Entry, Feed
from smo.models.out import unguessable
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.tenancy import current_workspace_id

TOPIC = "feeds"


class NotTaken(Exception):
    """The address is somebody else's already, or the feed is there; the text is for the person."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One post that is live: `publication`, `campaign` and `account` are numbers of those who published it."""

    publication: int
    account: int
    network: str
    content: Content
    url: str = ""
    campaign: int | None = None


SHOW = """
INSERT INTO smo_entry (workspace_id, uid, publication, account_id, network, campaign, title, text, link, url, language,
    media, published_at, changed_at, withdrawn_for)
SELECT %s, gen_random_uuid(), e.publication, e.account, e.network, e.campaign, e.title, e.text, e.link, e.url,
    e.language, e.media, coalesce(%s, now()), coalesce(%s, now()), ''
FROM jsonb_to_recordset(%s::jsonb) AS e(publication bigint, account bigint, network text, campaign bigint, title text,
    text text, link text, url text, language text, media jsonb)
ON CONFLICT DO NOTHING
"""


def show(posts: Sequence[Shown], *, at: datetime | None = None) -> None:
    """These are live since `at`, or just now by PostgreSQL's clock: tell them from now on.

    One statement, whose cost is that of its rows: every post that goes out passes here. Inside `entered`; safe to call
    twice.
    """
    if posts:
        with connection.cursor() as cursor:
            cursor.execute(SHOW, [current_workspace_id(), at, at, json.dumps([_entry(post) for post in posts])])


def _entry(post: Shown) -> dict[str, object]:
    content = post.content
    return {
        "publication": post.publication,
        "account": post.account,
        "network": post.network,
        "campaign": post.campaign,
        "title": content.title[:500],
        "text": content.text,
        "link": content.link[:1000],
        "url": post.url[:1000],
        "language": content.language[:8],
        "media": content.as_json()["media"],
    }


def reword(publication: int, content: Content) -> None:
    """Readers of the network see other words now, and so do readers of the feeds."""
    Entry.objects.filter(publication=publication).update(
        title=content.title[:500],
        text=content.text,
        link=content.link[:1000],
        media=content.as_json()["media"],
        changed_at=timezone.now(),
    )


def withdraw(publications: Iterable[int], *, why: Entry.Gone) -> int:
    """These are not on their network any more: no feed tells them. How many were told until now."""
    now = timezone.now()
    told = Entry.objects.filter(publication__in=list(publications))
    if why == Entry.Gone.DELETED:  # for good, also where it was only out of sight until now
        told.filter(withdrawn_at__isnull=False).update(withdrawn_for=why)
    gone: int = told.filter(withdrawn_at__isnull=True).update(withdrawn_at=now, withdrawn_for=why, changed_at=now)
    return gone


def bring_back(publications: Iterable[int]) -> int:
    """These were out of sight, and are seen on their network again. What was deleted stays away."""
    there = Entry.objects.filter(publication__in=list(publications), withdrawn_for=Entry.Gone.UNSEEN)
    back: int = there.update(withdrawn_at=None, withdrawn_for="", changed_at=timezone.now())
    return back


# -- the feeds themselves -----------------------------------------------------------------------------


def make_feed(*, title: str, by: Member, network: str = "", campaign: int | None = None, about: str = "") -> Feed:
    """A feed of everything, of one network, or of one campaign: closed, at an address nobody guesses.

    The one that is there already is given back.
    """
    feed, made = Feed.objects.get_or_create(
        network=network, campaign=campaign, defaults={"title": title[:120], "about": about[:300]}
    )
    if made:
        _note(feed, by, "made a feed", network=network, campaign=campaign)
    return feed


def open_feed(feed: Feed, *, is_open: bool, by: Member) -> Feed:
    """Let everybody who has the address read it, or nobody. Safe to call twice."""
    if feed.is_open != is_open:
        feed.is_open = is_open
        feed.save(update_fields=["is_open", "changed_at"])
        _note(feed, by, "opened a feed" if is_open else "closed a feed")
    return feed


def name_feed(feed: Feed, *, title: str, about: str, address: str, by: Member) -> Feed:
    """Call it something else, or put it at another address. Raises NotTaken for an address that is in use."""
    before = feed.address
    feed.title, feed.about, feed.address = title[:120], about[:300], address
    try:
        with transaction.atomic():
            feed.save(update_fields=["title", "about", "address", "changed_at"])
    except IntegrityError as error:
        feed.address = before
        raise NotTaken(_("This address is taken. Choose another one.")) from error
    _note(feed, by, "changed a feed", moved=before != address)
    return feed


def readdress(feed: Feed, *, by: Member) -> Feed:
    """Another address nobody guesses; whoever reads at the old one finds nothing there."""
    feed.address = unguessable()
    feed.save(update_fields=["address", "changed_at"])
    _note(feed, by, "gave a feed another address")
    return feed


def drop_feed(feed: Feed, *, by: Member) -> None:
    """It is gone with its address. What was published stays published."""
    _note(feed, by, "dropped a feed", title=feed.title)
    feed.delete()


def _note(feed: Feed, by: Member, verb: str, **facts: object) -> None:
    touch(feed.workspace_id, TOPIC)
    record(feed.workspace_id, by=by, verb=verb, thing=f"feed:{feed.pk}", **facts)
