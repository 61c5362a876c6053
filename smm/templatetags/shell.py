"""The shell's own words: which pages the nav offers to this member, and where we are."""

from __future__ import annotations

from typing import NamedTuple

import redis
from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from workspaces import live

register = template.Library()


class Item(NamedTuple):
    """One entry of the nav. `key` names its count; `also`: other pages on which it is the current one."""

    name: str
    icon: str
    label: str | Promise
    key: str = ""
    also: tuple[str, ...] = ()
    needs: str = "see"  # the permission without which it is not offered


STOPPED = ("publishing:publication", "campaigns:brakes", "campaigns:brake_let_go")
WRITING = ("campaigns:compose", "campaigns:edit", "campaigns:post")
WINDOW = ("smo:visits", "smo:buttons", "smo:feeds", "smo:sources", "smo:pages")
WATCHED = ("compliance:sightings", "compliance:sighting", "compliance:paste", "compliance:sources")
NAV = (
    Item("campaigns:calendar", "calendar", _("Calendar"), also=WRITING),
    Item("campaigns:queue", "stack-2", _("Queue"), also=("campaigns:queue_of",)),
    Item("social_crm:inbox", "inbox", _("Inbox"), "inbox", needs="read_inbox"),
    Item("campaigns:campaigns", "speakerphone", _("Campaigns")),
    Item("campaigns:series_list", "repeat", _("Series"), also=("campaigns:series", "campaigns:series_new")),
    Item("smo:links", "building-store", _("Shop window"), also=WINDOW),
    Item("campaigns:media", "photo", _("Media")),
    Item("campaigns:approvals", "clipboard-check", _("Approvals"), "approvals"),
    Item("compliance:desk", "shield-check", _("Compliance"), "compliance"),
    Item("compliance:endorsers", "id-badge-2", _("Endorsers")),
    Item("compliance:watch", "eye", _("Watching"), also=WATCHED),
    Item(
        "publishing:attention",
        "alarm",
        _("Waiting for you"),
        "attention",
        also=("publishing:publication", "campaigns:brakes"),
    ),
    Item("networks:accounts", "plug-connected", _("Channels"), "channels"),
    Item("workspaces:members", "users", _("Members")),
)
SETTING = ("workspaces:api_keys", "workspaces:hooks", "workspaces:hook")
SETTINGS = (
    Item(
        "workspaces:settings",
        "settings",
        _("Settings"),
        also=("workspaces:api_keys", "workspaces:hooks", "workspaces:hook"),
        needs="manage_workspace",
    ),
    Item("workspaces:audit", "history", _("Audit trail"), needs="read_audit"),
)


class Link(NamedTuple):
    """A nav entry that leads somewhere, for this request."""

    url: str
    icon: str
    label: str | Promise
    key: str
    current: bool
    go: str  # what the keys G and a letter call it


def _address(item: Item, slug: str) -> str:
    try:
        return reverse(item.name, kwargs={"workspace": slug})
    except NoReverseMatch:
        return ""


def _links(request: HttpRequest, items: tuple[Item, ...]) -> list[Link]:
    workspace = getattr(request, "workspace", None)
    if workspace is None:
        return []
    match = request.resolver_match
    here = match.view_name if match else ""
    member = getattr(request, "member", None)
    offered = [item for item in items if member is not None and member.may(item.needs)]
    found = [(item, _address(item, workspace.slug)) for item in offered]
    under = max((url for _i, url in found if url and request.path.startswith(url)), key=len, default="")
    return [
        Link(
            url,
            item.icon,
            item.label,
            item.key,
            here in (item.name, *item.also) or url == under,
            item.name.split(":")[1],
        )
        for item, url in found
        if url
    ]


@register.simple_tag(takes_context=True)
def nav_links(context: RequestContext) -> list[Link]:
    """The nav's entries that exist, in order, the current one marked."""
    return _links(context["request"], NAV)


@register.simple_tag(takes_context=True)
def count(context: RequestContext, key: str) -> int:
    """How much waits behind the nav entry called `key`; 0 outside a workspace."""
    shell = context.get("shell")
    number: int = shell.counts.get(key, 0) if shell else 0
    return number


@register.simple_tag(takes_context=True)
def live_meta(context: RequestContext) -> SafeString:
    """What lets the page's script ask for news: a signed token and the newest number it need not be told again.

    One less than the newest: what changed while this page was being made is told once more rather than never.
    """
    workspace = getattr(context.get("request"), "workspace", None)
    if workspace is None:
        return mark_safe("")
    token = live.token(workspace.pk)
    try:
        newest = live.changes(token, 0)[0]
    except redis.RedisError:
        newest = 0
    return format_html('<meta name="live-token" content="{}" data-version="{}">', token, max(newest - 1, 0))


@register.simple_tag(takes_context=True)
def settings_link(context: RequestContext) -> Link | None:
    """The workspace's settings, or what else of them this member may see; nothing outside a workspace."""
    return next(iter(_links(context["request"], SETTINGS)), None)
