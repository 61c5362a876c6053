"""The plan as RFC 5545 tells it: each scheduled post an event in the workspace's zone, without anything secret."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from campaigns.models import Post
from networks import registry
from workspaces.models import Workspace

BACK, AHEAD, MOST = timedelta(days=60), timedelta(days=366), 2000
SHOWN = timedelta(minutes=15)
WORDS = 300
HOURLY = timedelta(hours=1)


def calendar_of(workspace: Workspace, *, now: datetime) -> bytes:
    """What is scheduled or went out, from two months ago on. Five queries."""
    plan = Calendar()
    plan.add("prodid", "-//Gardu//plan//EN")
    plan.add("version", "2.0")
    plan.add("method", "PUBLISH")
    plan.add("x-wr-calname", workspace.name)
    plan.add("x-wr-timezone", workspace.zone)
    plan.add("refresh-interval", HOURLY, parameters={"value": "DURATION"})
    found = Post.objects.filter(stage=Post.Stage.PLACED).between(now - BACK, now + AHEAD)
    for post in found.carded().order_by("due_at", "id")[:MOST]:
        plan.add_component(_event(post, workspace))
    plan.add_missing_timezones()
    written: bytes = plan.to_ical()
    return written


def _event(post: Post, workspace: Workspace) -> Event:
    assert post.due_at is not None  # a placed post has a time
    zone = ZoneInfo(workspace.zone)
    slugs = dict.fromkeys(variant.account.network for variant in post.variants.all())
    networks = [registry.get(slug).name for slug in slugs if registry.known(slug)]
    event = Event()
    event.add("uid", f"post-{post.pk}@{urlsplit(settings.PUBLIC_URL).hostname or 'gardu'}")
    event.add("dtstamp", post.changed_at)
    event.add("last-modified", post.changed_at)
    event.add("sequence", post.version)
    event.add("dtstart", post.due_at.astimezone(zone))
    event.add("dtend", (post.due_at + SHOWN).astimezone(zone))
    event.add("summary", f"{_first(post)} · {', '.join(networks)}" if networks else _first(post))
    event.add("description", f"{post.state.label}\n\n{post.text[:WORDS]}")
    event.add("categories", [str(post.state.label), *([post.campaign.name] if post.campaign else [])])
    path = reverse("campaigns:post", args=[workspace.slug, post.pk])
    event.add("url", f"{settings.PUBLIC_URL.rstrip('/')}{path}")
    event.add("transp", "TRANSPARENT")
    return event


def _first(post: Post) -> str:
    words = " ".join((post.title or post.text).split())
    return (words[:79] + "…" if len(words) > 80 else words) or _("Empty post")
