"""Looking at where links lead, once a day: people hear of a page that is gone before their readers do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks import registry
from networks.fetch import NotFetched, fetch
from smo.models import TrackedLink
from smo.queries.sweeping import links_to_check
from smo.rules.addresses import host_of, same_site
from smo.rules.reaching import AGAIN_IN, Sight, judged
from workspaces.actions import notify
from workspaces.live import touch
from workspaces.protocol import Note
from workspaces.queries import members_who_may
from workspaces.tenancy import entered

BATCH = 40
SECONDS = 6.0
EVERY = timedelta(hours=23)
BROKEN = Note(
    "link-broken",
    title=_("A tracked link leads nowhere: %(host)s"),
    body=_("%(short)s leads to %(target)s, and what answers there is: %(why)s."),
    action=_("Change where it leads"),
    about=_("A tracked link leads nowhere"),
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found at a target: nothing wrong (`why` ""), or a word; and the host it ended on."""

    why: str = ""
    host: str = ""


def check_due(batch: int = BATCH) -> int:
    """Look at the targets that nobody looked at for a day; how many. Each in its own short transactions."""
    due = links_to_check(batch, timezone.now() - EVERY)
    for workspace_id, link_id in due:
        with entered(workspace_id):  # taken first: a second worker takes others
            link = TrackedLink.objects.filter(pk=link_id).select_for_update(skip_locked=True).first()
            if link is None:
                continue
            TrackedLink.objects.filter(pk=link_id).update(checked_at=timezone.now())
        looked = look(link.target)
        with entered(workspace_id):
            settle(TrackedLink.objects.select_related("domain", "workspace").get(pk=link_id), link.target, looked)
    return len(due)


def look(url: str) -> Looked:
    """What stands at `url` now. Any answer of a site that is there is one."""
    if host_of(url) in settings.LINK_PRIVATE_HOSTS:
        return Looked(host=host_of(url))
    try:
        found = fetch(url, reach=registry.reach(), kinds=("text/html",), limit=64 * 1024, seconds=SECONDS)
    except NotFetched as error:
        why = f"status {error.status}" if error.status else error.word
        return Looked(why)
    return Looked(host=host_of(found.url))


def settle(link: TrackedLink, target: str, looked: Looked) -> TrackedLink:
    """Write down what was found, and tell people of a page that is gone. What leads elsewhere by now waits its turn."""
    if link.target != target:
        return link
    sight = judged(looked.why, doubts=link.doubts)
    if sight is Sight.DOUBT:
        link.doubts += 1
        link.checked_at = timezone.now() - EVERY + AGAIN_IN
    else:
        link.doubts = 0
    if sight is Sight.BROKEN:
        link.broken_since = link.broken_since or timezone.now()
        link.broken_why = looked.why[:40]
        _tell(link)
    elif sight is Sight.FINE:
        link.broken_since, link.broken_why = None, ""
        _compare(link, looked.host)
    fields = ["doubts", "checked_at", "broken_since", "broken_why", "lands_on", "flag", "changed_at"]
    link.save(update_fields=fields)
    touch(link.workspace_id, "window")
    return link


def _compare(link: TrackedLink, host: str) -> None:
    """A target that sends people to another site than it used to is flagged: visitors are asked first."""
    if not host:
        return
    if link.lands_on and not same_site(link.lands_on, host) and link.flag == TrackedLink.Flag.NONE:
        link.flag = TrackedLink.Flag.MOVED
    elif not link.lands_on:
        link.lands_on = host


def _tell(link: TrackedLink) -> None:
    assert link.broken_since is not None
    notify(
        members_who_may("manage_window"),
        note=BROKEN,
        key=f"link-broken:{link.pk}:{link.broken_since.date()}",
        url=reverse("smo:link", args=[link.workspace.slug, link.pk]),
        short=link.short,
        host=host_of(link.target),
        target=link.target,
        why=link.broken_why,
    )
