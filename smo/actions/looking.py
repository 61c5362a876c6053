"""Asking for a look at a page or a site map, keeping what was found, and telling people when a page got worse."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smo.models import CheckedPage, PageLook, State, Walk
from smo.queries.mends import title_of
from smo.rules.pages import Facts, Finding, findings, score
from workspaces.actions import notify, record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.permissions import PERMISSIONS
from workspaces.protocol import Note

TOPIC = "pages"
WEEK = timedelta(days=7)
LEFT = timedelta(minutes=10)  # what takes longer was left by a worker that died
WORSE = 5  # points
MOST_PAGES = 2000  # that one workspace keeps

PAGE_WORSE = Note(
    slug="page_worse",
    title=_("“%(page)s” looks worse when shared: %(now)s of 100"),
    body=_("It was %(before)s. %(why)s"),
    action=_("See what to mend"),
    about=_("A checked page looks worse when it is shared"),
)


class TooManyPages(ValueError):
    """The workspace keeps as many pages as it may."""


def ask_look(url: str, *, by: Member | None, weekly: bool | None = None, walk: Walk | None = None) -> PageLook:
    """A look at `url` to be made; one that is waiting already is not asked for twice. Raises TooManyPages."""
    now = timezone.now()
    page = CheckedPage.objects.filter(url=url).first()
    if page is None:
        if CheckedPage.objects.count() >= MOST_PAGES:
            raise TooManyPages(url)
        page = CheckedPage.objects.create(url=url, made_at=now)
        record(page.workspace_id, by=by, verb="began to check a page", thing=f"page:{page.pk}", url=url)
    if weekly is not None:
        set_weekly(page, weekly=weekly)
    waiting: PageLook | None = PageLook.objects.filter(page=page, state__in=(State.QUEUED, State.RUNNING)).first()
    if waiting is not None and waiting.asked_at > now - LEFT:
        return waiting
    look: PageLook = PageLook.objects.create(page=page, walk=walk, by_name=str(by.user) if by else "", asked_at=now)
    touch(page.workspace_id, TOPIC)
    return look


def ask_walk(url: str, *, by: Member) -> Walk:
    """The pages of a site map to be looked at."""
    walk: Walk = Walk.objects.create(url=url, by_name=str(by.user), asked_at=timezone.now())
    record(walk.workspace_id, by=by, verb="checked a site map", thing=f"site map:{walk.pk}", url=url)
    return walk


def set_weekly(page: CheckedPage, *, weekly: bool) -> CheckedPage:
    """Look every week from now on, or no more."""
    page.due_at = (page.due_at or timezone.now() + WEEK) if weekly else None
    page.save(update_fields=["due_at"])
    return page


def forget_page(page: CheckedPage, *, by: Member) -> None:
    """The page and its history are gone."""
    record(page.workspace_id, by=by, verb="forgot a checked page", thing=f"page:{page.pk}", url=page.url)
    page.delete()


def begin(look_id: int) -> PageLook | None:
    """Take a look on: one worker only, until LEFT is over. None when it is not to be made (any more)."""
    now = timezone.now()
    free = PageLook.objects.filter(pk=look_id, state=State.QUEUED) | PageLook.objects.filter(
        pk=look_id, state=State.RUNNING, started_at__lt=now - LEFT
    )
    if not free.update(state=State.RUNNING, started_at=now, step=0):
        return None
    found: PageLook = PageLook.objects.select_related("page").get(pk=look_id)
    return found


def stepped(look: PageLook, step: int) -> None:
    """How far it is, for whoever waits on the page."""
    PageLook.objects.filter(pk=look.pk).update(step=step)


def finish(look: PageLook, facts: Facts, thumb: bytes = b"") -> PageLook:
    """Keep what was found; who may mend it hears when it is worse than the last time."""
    found = findings(facts)
    look.kept, look.found = facts.as_json(), [_kept(each) for each in found]
    look.score, look.state, look.trouble = score(found), State.DONE, ""
    look.step, look.ended_at, look.thumb = PageLook.STEPS, timezone.now(), thumb or None
    look.save(update_fields=["kept", "found", "score", "state", "trouble", "step", "ended_at", "thumb"])
    page = CheckedPage.objects.select_for_update().get(pk=look.page_id)
    last = page.score
    page.before, page.score = last, look.score
    page.title, page.trouble, page.looked_at = facts.page.own_title[:300], "", look.ended_at
    page.save(update_fields=["before", "score", "title", "trouble", "looked_at"])
    if last is not None and look.score <= last - WORSE:
        _tell(page, look, last, found[0].code)
    _stepped_on(look)
    return look


def fail(look: PageLook, word: str) -> PageLook:
    """It could not be read, and why; the score of the last time stands."""
    look.state, look.trouble, look.ended_at = State.FAILED, word[:20], timezone.now()
    look.save(update_fields=["state", "trouble", "ended_at"])
    CheckedPage.objects.filter(pk=look.page_id).update(trouble=look.trouble, looked_at=look.ended_at)
    _stepped_on(look)
    return look


def ask_weekly(page_id: int) -> PageLook | None:
    """The weekly look at a page, if it is due; the next one is in a week whatever becomes of this one."""
    now = timezone.now()
    due = CheckedPage.objects.filter(pk=page_id, due_at__lte=now)
    if not due.update(due_at=now + WEEK):
        return None
    return ask_look(CheckedPage.objects.get(pk=page_id).url, by=None)


def _stepped_on(look: PageLook) -> None:
    if look.walk_id:
        Walk.objects.filter(pk=look.walk_id).update(done=F("done") + 1)
    touch(look.workspace_id, TOPIC)


def _tell(page: CheckedPage, look: PageLook, last: int, code: str) -> None:
    members = Member.objects.filter(role__in=PERMISSIONS["manage_window"]).select_related("user", "workspace")
    slug = page.workspace.slug
    notify(
        members,
        note=PAGE_WORSE,
        key=f"page_worse:{look.pk}",
        url=reverse("smo:page", kwargs={"workspace": slug, "pk": page.pk}),
        page=str(page)[:80],
        now=str(look.score),
        before=str(last),
        why=title_of(code),
    )


def _kept(finding: Finding) -> dict[str, object]:
    return {name: getattr(finding, name) for name in ("code", "points", "values", "tag")}
