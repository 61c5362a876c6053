"""How endorsers are watched, top to bottom: look where they post, take in what is there, look again, remind.

source is due -> claimed -> its network or feed is read (no transaction) -> every post is taken in, and judged
post is due   -> looked up again (no transaction) -> fixed, gone, or still as it was
ask is due    -> reminded, or given up
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from compliance.actions import asking, sources
from compliance.actions.watching import Seen, see, see_gone
from compliance.models import Ask, Endorser, SeenVersion, Sighting, Source
from compliance.queries import pace
from networks import registry
from networks.actions import sender
from networks.fetch import Entry, NotFetched, Page, canonical, read_feed, read_page
from networks.models import Account
from networks.protocol import Listed, NetworkError, Spots, Spotted, TryLater, Watches
from workspaces.models import Workspace
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
Way = SeenVersion.Way
AT_ONCE = 100  # posts of one network looked up again in one go
PAGES_AT_ONCE = 10  # public pages read again in one go: each may be slow

NO_ACCOUNT = gettext_noop("No account is connected there, and a network is read through one of ours. Connect one.")
NOT_SHOWN = gettext_noop("This network shows no app what others post.")
WORDS = {
    "address": gettext_noop("That is not a web address."),
    "private": gettext_noop("That address is not on the public internet."),
    "status": gettext_noop("The site did not give it to us."),
    "kind": gettext_noop("There is no page or feed that we can read."),
    "hops": gettext_noop("The site sends us from one address to another without end."),
    "large": gettext_noop("It is larger than anything we read."),
    "many": gettext_noop("It holds more than any feed does."),
    "slow": gettext_noop("The site takes too long to answer."),
    "unsafe": gettext_noop("The feed brings declarations of its own, so we do not read it."),
    "unreachable": gettext_noop("The site could not be reached."),
}


class CannotLook(Exception):
    """Nothing could be read; the text says why, for the person. `after`: how long to stay away."""

    def __init__(self, why: str, *, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


# -- where endorsers post -----------------------------------------------------------------------------


def look_at(workspace_id: int, source_id: int) -> int:
    """One look at one source; how many posts were there. One that fails stops no other. Enters by itself."""
    with entered(workspace_id):
        source = sources.claim(source_id, timezone.now())
        if source is None:
            return 0
    try:
        seen, newest, told = _read_feed(source) if source.kind == Source.Kind.FEED else _read_network(source)
    except CannotLook as error:
        with entered(workspace_id):
            sources.failed(source, trouble=str(error), asked=error.after, url=_sources_page(workspace_id))
        return 0
    for one in sorted(seen, key=lambda one: one.posted_at):
        with entered(workspace_id):
            see(one, endorser=source.endorser, source=source)
    with entered(workspace_id):
        sources.looked(source, newest_at=newest, **told)
    return len(seen)


def _read_network(source: Source) -> tuple[list[Seen], datetime | None, dict[str, str]]:
    """The posts since the newest we know, by one of our own accounts. Only a whole listing moves the mark."""
    network = registry.get(source.network) if registry.known(source.network) else None
    if not isinstance(network, Watches):
        raise CannotLook(NOT_SHOWN)
    account = _account(source.workspace_id, source.network)
    since = source.newest_at or timezone.now() - pace.FIRST_LOOK
    try:
        opened = sender(account)
        source.uid = source.uid or network.person(opened, source.handle).uid
        listing = network.posts_of(opened, source.uid, since=since - registry.get(source.network).listing_lag)
    except NetworkError as error:
        raise CannotLook(error.reason, after=error.after if isinstance(error, TryLater) else None) from error
    seen = [seen_by_network(source.network, post, handle=source.handle) for post in listing.posts]
    newest = max((one.posted_at for one in seen), default=None) if listing.complete else None
    return seen, newest, {}


def _account(workspace_id: int, slug: str) -> Account:
    with entered(workspace_id):
        found = Account.objects.filter(network=slug, health=Account.Health.CONNECTED).order_by("paused", "pk").first()
    if found is None:
        raise CannotLook(NO_ACCOUNT)
    return found


def seen_by_network(slug: str, post: Listed, *, handle: str = "") -> Seen:
    """A post as its network's interface shows it."""
    spotted = spotted_at(post.url)
    return Seen(
        network=slug,
        key=post.first_id or (spotted[1].key if spotted else post.remote_id),
        remote_id=post.remote_id,
        url=post.url,
        handle=handle or (spotted[1].handle if spotted else ""),
        title=post.title,
        text=post.text,
        posted_at=post.created_at,
        way=Way.API,
        label=post.label,
        video=post.video,
        surface="reply" if post.parent_id else "post",
        evidence={"remote_id": post.remote_id, "url": post.url, "created_at": post.created_at.isoformat()},
    )


def spotted_at(url: str) -> tuple[str, Spotted] | None:
    """The network and the post that a public address opens; None: it is none of theirs."""
    for network in registry.every():
        if isinstance(network, Spots) and (found := network.spot(url)):
            return network.slug, found
    return None


def _read_feed(source: Source) -> tuple[list[Seen], datetime | None, dict[str, str]]:
    try:
        feed = read_feed(source.address, reach=registry.reach(), etag=source.etag, modified=source.modified)
    except NotFetched as error:
        raise CannotLook(why(error), after=error.after) from error
    oldest = timezone.now() - pace.FIRST_LOOK
    seen = [_seen_in_feed(entry) for entry in feed.entries]
    seen = [one for one in seen if one.posted_at >= oldest]
    newest = max((one.posted_at for one in seen), default=None)
    return seen, newest, {"etag": feed.etag, "modified": feed.modified}


def _seen_in_feed(entry: Entry) -> Seen:
    spotted = spotted_at(entry.url)
    slug, post = spotted if spotted else ("", Spotted(canonical(entry.url)))
    return Seen(
        network=slug,
        key=post.key,
        remote_id=post.remote_id,
        url=entry.url,
        handle=post.handle,
        title=entry.title,
        text=entry.text,
        posted_at=entry.published or timezone.now(),
        way=Way.FEED,
        video=entry.video,
        evidence={"url": entry.url, "title": entry.title},
    )


# -- a pasted address ---------------------------------------------------------------------------------


def read_link(url: str, *, workspace_id: int) -> Seen:
    """One post by its address: through its network where it shows it to us, else by its public page.

    Enters by itself; waits for others. Raises CannotLook. `text` "": the page keeps its words to itself.
    """
    spotted = spotted_at(url)
    if spotted and (found := _by_network(*spotted, workspace_id)):
        return found
    try:
        page = read_page(url, reach=registry.reach())
    except NotFetched as error:
        raise CannotLook(why(error)) from error
    return seen_on_page(page, spotted or spotted_at(page.url))


def seen_on_page(page: Page, spotted: tuple[str, Spotted] | None) -> Seen:
    """A post as its public page tells of itself."""
    slug, post = spotted if spotted else ("", Spotted(canonical(page.url)))
    titled = slug and registry.get(slug).limits.title > 0
    return Seen(
        network=slug,
        key=post.key,
        remote_id=post.remote_id,
        url=page.url,
        handle=post.handle,
        title=page.title if titled or not slug else "",
        text=page.text,
        posted_at=page.published or timezone.now(),
        way=Way.PAGE,
        video=page.video or _always_video(slug),
        evidence={"url": page.url, "title": page.title, "author": page.author},
    )


def _always_video(slug: str) -> bool:
    return bool(slug) and registry.get(slug).limits.media_required is not None


def _by_network(slug: str, spotted: Spotted, workspace_id: int) -> Seen | None:
    """None: the network cannot be asked just now, so its public page must do."""
    network = registry.get(slug)
    if not isinstance(network, Watches) or not spotted.remote_id:
        return None
    try:
        looked = network.look(sender(_account(workspace_id, slug)), [spotted.remote_id])
    except (NetworkError, CannotLook):
        return None
    if looked.gone:
        raise CannotLook(gettext_noop("The post is not there any more."))
    return seen_by_network(slug, looked.posts[0], handle=spotted.handle) if looked.posts else None


def whose(seen: Seen) -> Endorser | None:
    """The endorser who has the handle that the address names. Inside `entered`."""
    if not seen.network or not seen.handle:
        return None
    wanted = seen.handle.lower()
    people = Endorser.objects.filter(handles__has_key=seen.network)
    return next((one for one in people if str(one.handles[seen.network]).lower().lstrip("@") == wanted), None)


def why(error: NotFetched) -> str:
    """Why an address gave nothing, as a sentence to be translated."""
    return WORDS.get(error.word, WORDS["unreachable"])


# -- looking again ------------------------------------------------------------------------------------


def tend(workspace_id: int) -> None:
    """Whatever is due in one workspace: posts to look at again, the desk's word, reminders, mails. Enters by itself."""
    with entered(workspace_id):
        due = _claimed(timezone.now())
    for (slug, by_network), group in groupby(due, key=_how):
        if by_network:
            _again_by_network(workspace_id, slug, list(group))
        else:
            _again_by_page(workspace_id, list(group))
    with entered(workspace_id):
        asking.heed_desk()
        waiting = list(Sighting.objects.filter(remind_at__lte=timezone.now()).order_by("remind_at")[:AT_ONCE])
        for sighting in waiting:
            asking.remind(sighting)
        mails = list(Ask.objects.filter(mail_due_at__lte=timezone.now()).values_list("pk", flat=True)[:AT_ONCE])
    for ask_id in mails:
        asking.send(workspace_id, ask_id)


def look_again(sighting: Sighting) -> Sighting:
    """Look at one post now, whatever its turn. Enters by itself; waits for others."""
    if _how(sighting)[1]:
        _again_by_network(sighting.workspace_id, sighting.network, [sighting])
    elif sighting.url:
        _again_by_page(sighting.workspace_id, [sighting])
    with entered(sighting.workspace_id):
        return Sighting.objects.get(pk=sighting.pk)


def _claimed(now: datetime) -> list[Sighting]:
    """The posts whose turn it is, taken for this look, ordered by how they are looked at."""
    due = Sighting.objects.select_for_update(skip_locked=True, of=("self",)).filter(look_at__lte=now)
    rows = list(due.select_related("endorser").order_by("look_at")[:AT_ONCE])
    Sighting.objects.filter(pk__in=[row.pk for row in rows]).update(look_at=now + pace.LEASE)
    return sorted(rows, key=_how)


def _how(sighting: Sighting) -> tuple[str, bool]:
    """Which network, and whether it is asked itself."""
    slug = sighting.network
    asked = bool(sighting.remote_id) and registry.known(slug) and isinstance(registry.get(slug), Watches)
    return slug, asked


def _again_by_network(workspace_id: int, slug: str, group: Sequence[Sighting]) -> None:
    network = registry.get(slug)
    assert isinstance(network, Watches)  # `_how` looked
    try:
        looked = network.look(sender(_account(workspace_id, slug)), [one.remote_id for one in group])
    except (NetworkError, CannotLook) as error:
        logger.info("posts on %s could not be looked at again: %s", slug, error)
        _later(workspace_id, group, getattr(error, "after", None))
        return
    shown = {seen.key: seen for seen in (seen_by_network(slug, post) for post in looked.posts)}
    for one in group:
        with entered(workspace_id):
            if one.remote_id in looked.gone:
                see_gone(one, way=Way.API, evidence={"remote_id": one.remote_id, "said": "gone"})
            elif seen := shown.get(one.key):
                see(seen, endorser=one.endorser)
    told = {one.key for one in group if one.remote_id in looked.gone or one.key in shown}
    _later(workspace_id, [one for one in group if one.key not in told], timedelta(hours=6))


def _again_by_page(workspace_id: int, group: Sequence[Sighting]) -> None:
    for one in group[:PAGES_AT_ONCE]:
        try:
            page = read_page(one.url, reach=registry.reach())
        except NotFetched as error:
            _page_failed(workspace_id, one, error)
            continue
        seen = seen_on_page(page, spotted_at(one.url))
        with entered(workspace_id):
            if page.text and seen.key == one.key:
                see(seen, endorser=one.endorser)
            else:
                _put_off(one, timedelta(days=1))


def _page_failed(workspace_id: int, one: Sighting, error: NotFetched) -> None:
    with entered(workspace_id):
        if error.gone:
            see_gone(one, way=Way.PAGE, evidence={"url": one.url, "status": error.status})
        else:
            _put_off(one, error.after or timedelta(hours=6))


def _later(workspace_id: int, group: Iterable[Sighting], after: timedelta | None) -> None:
    with entered(workspace_id):
        for one in group:
            _put_off(one, max(after or timedelta(), timedelta(minutes=15)))


def _put_off(one: Sighting, wait: timedelta) -> None:
    Sighting.objects.filter(pk=one.pk, look_at__isnull=False).update(look_at=timezone.now() + wait)


def _sources_page(workspace_id: int) -> str:
    slug = Workspace.objects.values_list("slug", flat=True).get(pk=workspace_id)
    return reverse("compliance:sources", kwargs={"workspace": slug})
