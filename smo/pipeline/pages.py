"""One look at a page, step by step, and the walk along a site map.

robots ──> page ──> picture ──> feed and oEmbed ──> judged and kept
site map ──> at most MOST pages ──> one look each, with a pause between them
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils import timezone

from networks import registry
from networks.fetch import HTML, JSON, XML, NotFetched, decoded, fetch
from networks.wire import Reach
from smo.actions.looking import LEFT, ask_look, begin, fail, finish, stepped
from smo.adapters.measuring import measured, thumbnail
from smo.adapters.robots import LARGEST, OPEN, Robots, read_robots, said_by
from smo.adapters.sitemaps import NotAMap, SiteMap, read_map
from smo.models import State, Walk
from smo.rules.anatomy import Anatomy, anatomy
from smo.rules.cards import Picture
from smo.rules.pages import Facts
from workspaces.live import touch
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
MOST = 50  # pages of one site map
MAPS = 10  # maps that a list of maps may lead to
PAGE_BYTES, PICTURE_BYTES, MAP_BYTES = 3 * 1024 * 1024, 10 * 1024 * 1024, 10 * 1024 * 1024
ROBOTS_HOPS = 5  # RFC 9309, 2.3.1.2
PAUSE = 0.5  # seconds between two calls to one site
TEXT = ("text/plain",)
MAP_KINDS = (*XML, *TEXT, "application/x-gzip", "application/gzip", "application/octet-stream")
PICTURES = tuple(f"image/{kind}" for kind in ("jpeg", "png", "webp", "gif", "avif", "svg+xml", "bmp", "tiff", "x-icon"))
SVG = "image/svg+xml"
LOGINS = ("/login", "/signin", "/sign-in", "/wp-login", "/accounts/login", "/auth")
Step = Callable[[int], None]


@dataclass(slots=True)
class Visit:
    """Calls to sites that heed their robots.txt, read once for each site and visit."""

    reach: Reach
    known: dict[str, Robots] = field(default_factory=dict)

    def robots(self, url: str) -> Robots:
        """The word of the site that `url` is on."""
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise NotFetched("address") from error
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self.known:
            self.known[site] = self._ask(f"{site}/robots.txt")
        return self.known[site]

    def check(self, url: str) -> None:
        """Raises NotFetched("robots") where the site shuts us out."""
        if not self.robots(url).may(url):
            raise NotFetched("robots")

    def _ask(self, url: str) -> Robots:
        try:
            found = fetch(url, reach=self.reach, kinds=TEXT, limit=LARGEST, seconds=8, hops=ROBOTS_HOPS, cut=True)
        except NotFetched as error:
            if error.word == "status":
                return said_by(error.status)
            if error.word in ("kind", "hops", "private", "address"):  # no rules in our language: as good as none
                return OPEN
            raise  # the site itself is not to be reached: nothing is read, and that is why
        return read_robots(found.body)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look found, and the card's picture made small."""

    facts: Facts
    thumb: bytes = b""


def look(url: str, visit: Visit, step: Step = lambda number: None) -> Looked:
    """Everything about one page. Raises NotFetched; what hangs on the page and fails is only noted."""
    step(1)
    visit.check(url)
    step(2)
    began = time.monotonic()
    found = fetch(url, reach=visit.reach, kinds=HTML, limit=PAGE_BYTES, hops=5, may=visit.check)
    took = round((time.monotonic() - began) * 1000)
    page = anatomy(found.url, decoded(found))
    if _is_login(url, page):
        raise NotFetched("login")
    step(3)
    picture, thumb = _picture(page, visit)
    step(4)
    facts = Facts(
        page=page,
        picture=picture,
        feed=_reads(page.feeds[0], (*XML, *JSON, "application/feed+json"), visit) if page.feeds else "",
        oembed=_reads(page.oembed, JSON, visit) if page.oembed else "",
        status_robots=found.robots,
        size=len(found.body),
        milliseconds=took,
    )
    return Looked(facts, thumb)


def make_look(workspace_id: int, look_id: int, visit: Visit | None = None) -> None:
    """Make a look that was asked for, if nobody else does. Safe to call twice. Enters by itself."""
    with entered(workspace_id):
        asked = begin(look_id)
    if asked is None:
        return

    def tell(number: int) -> None:
        with entered(workspace_id):
            stepped(asked, number)

    try:
        looked = look(asked.page.url, visit or Visit(registry.reach()), tell)
    except NotFetched as error:
        word = _word(error)
    except Exception:  # whatever a page does to us, the person must not wait for ever; the log has the rest
        logger.exception("the look %s at a page broke", look_id)
        word = "broken"
    else:
        with entered(workspace_id):
            finish(asked, looked.facts, looked.thumb)
        return
    with entered(workspace_id):
        fail(asked, word)


def make_walk(workspace_id: int, walk_id: int) -> None:
    """Look at the pages of a site map, one after the other. Safe to call again: what is done is not done twice."""
    with entered(workspace_id):
        now = timezone.now()
        free = Walk.objects.filter(pk=walk_id, state=State.QUEUED) | Walk.objects.filter(
            pk=walk_id, state=State.RUNNING, started_at__lt=now - LEFT
        )
        if not free.update(state=State.RUNNING, started_at=now):
            return
        walk = Walk.objects.get(pk=walk_id)
    visit = Visit(registry.reach())
    try:
        urls, left_out = pages_of(walk.url, visit)
    except NotFetched as error:
        _end(walk, State.FAILED, _word(error))
        return
    with entered(workspace_id):
        known = {each.page.url: each for each in walk.looks.select_related("page").defer("kept", "found", "thumb")}
        looks = [known.get(url) or ask_look(url, by=None, walk=walk) for url in urls]
        own = [each for each in looks if each.walk_id == walk.pk]
        queued = [each.pk for each in own if each.ended_at is None]
        done = len(own) - len(queued)
        Walk.objects.filter(pk=walk_id).update(total=len(own), done=done, left_out=left_out)
        touch(workspace_id, "pages")
    for look_id in queued:
        make_look(workspace_id, look_id, visit)
        with entered(workspace_id):
            Walk.objects.filter(pk=walk_id).update(started_at=timezone.now())  # still alive
        time.sleep(max(PAUSE, visit.robots(walk.url).pause))
    _end(walk, State.DONE, "")


def pages_of(url: str, visit: Visit) -> tuple[list[str], int]:
    """(at most MOST pages of this site map, how many more there are); only pages of its own site. Raises NotFetched."""
    first = _map(url, visit)
    site = urlsplit(url).hostname
    found = list(first.pages)
    for further in first.maps[:MAPS]:
        if urlsplit(further).hostname == site and len(found) <= MOST:
            found += _map(further, visit).pages
    own = list(dict.fromkeys(page for page in found if urlsplit(page).hostname == site and len(page) <= 1000))
    if not own:
        raise NotFetched("empty")
    return own[:MOST], max(0, len(own) - MOST)


def _map(url: str, visit: Visit) -> SiteMap:
    visit.check(url)
    found = fetch(url, reach=visit.reach, kinds=MAP_KINDS, limit=MAP_BYTES, seconds=20, may=visit.check)
    try:
        return read_map(found.body, most=5000)
    except NotAMap as error:
        raise NotFetched(str(error)) from error


def _picture(page: Anatomy, visit: Visit) -> tuple[Picture | None, bytes]:
    if not page.image:
        return None, b""
    try:
        found = fetch(page.image, reach=visit.reach, kinds=PICTURES, limit=PICTURE_BYTES, may=visit.check)
    except NotFetched as error:
        return Picture(page.image, trouble=_word(error)), b""
    kind, width, height = measured(found.body)
    trouble = "" if width or found.kind == SVG else "no_picture"
    picture = Picture(page.image, kind or found.kind, width, height, len(found.body), trouble)
    return picture, thumbnail(found.body)


def _reads(url: str, kinds: tuple[str, ...], visit: Visit) -> str:
    try:
        fetch(url, reach=visit.reach, kinds=kinds, limit=MAP_BYTES, seconds=8, may=visit.check, cut=True)
    except NotFetched as error:
        return _word(error)
    return "ok"


def _is_login(asked: str, page: Anatomy) -> bool:
    """Sent to a page to sign in on, instead of what was asked for."""
    path = urlsplit(page.url).path.lower()
    return page.asks_password and page.url != asked and path.startswith(LOGINS)


def _word(error: NotFetched) -> str:
    if error.word == "status":
        return "login" if error.status in (401, 403) else "gone" if error.gone else "status"
    return error.word


def _end(walk: Walk, state: str, word: str) -> None:
    with entered(walk.workspace_id):
        now = timezone.now()
        Walk.objects.filter(pk=walk.pk).update(state=state, trouble=word[:20], ended_at=now)
        touch(walk.workspace_id, "pages")
