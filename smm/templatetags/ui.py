"""What every template may say: an icon, a status in words, initials, a word-by-word difference, time left."""

from __future__ import annotations

import difflib
import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.forms import BoundField
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_vite.core.asset_loader import DjangoViteAssetLoader

register = template.Library()


class Status(NamedTuple):
    """How a status looks and reads: one of the eight tones, a Tabler icon, a word."""

    tone: str
    icon: str
    word: str | Promise


STATUSES: dict[str, Status] = {
    "idea": Status("idea", "bulb", _("Idea")),
    "draft": Status("draft", "pencil", _("Draft")),
    "awaiting_approval": Status("wait", "user-check", _("Needs approval")),
    "approved": Status("good", "circle-check", _("Approved")),
    "changes_requested": Status("wait", "alert-triangle", _("Changes asked")),
    "scheduled": Status("info", "clock", _("Scheduled")),
    "handed": Status("wait", "hand-finger", _("With a person")),
    "publishing": Status("going", "loader-2", _("Publishing")),
    "reconciling": Status("going", "zoom-check", _("Checking the network")),
    "already_live": Status("going", "loader-2", _("Already live")),
    "published": Status("good", "circle-check", _("Published")),
    "partly": Status("good", "circle-half-2", _("Partly published")),
    "refused": Status("bad", "alert-circle", _("Refused")),
    "failed": Status("bad", "alert-circle", _("Failed")),
    "needs_attention": Status("bad", "alert-circle", _("Needs attention")),
    "missed": Status("bad", "alert-circle", _("Missed")),
    "held": Status("held", "shield-x", _("Held")),
    "overridden": Status("held", "shield-x", _("Override")),
    "cancelled": Status("draft", "ban", _("Cancelled")),
    "deleted_remote": Status("draft", "trash", _("Deleted")),
    "paused": Status("draft", "player-pause", _("Paused")),
    "must_fix": Status("bad", "alert-circle", _("Must fix")),
    "warning": Status("wait", "alert-triangle", _("Warning")),
    "pass": Status("good", "circle-check", _("Passes")),
    "info": Status("info", "info-circle", _("For information")),
    "open": Status("info", "message", _("Open")),
    "waiting": Status("wait", "clock-pause", _("Waiting")),
    "snoozed": Status("draft", "clock-pause", _("Snoozed")),
    "resolved": Status("good", "circle-check", _("Resolved")),
    "complaint": Status("bad", "alert-circle", _("Complaint")),
    "connected": Status("good", "plug-connected", _("Connected")),
    "reconnect": Status("bad", "plug-connected-x", _("Reconnect")),
    "disconnected": Status("draft", "plug-connected-x", _("Disconnected")),
}
UNKNOWN = Status("draft", "info-circle", "")


@register.simple_tag
def icon(name: str, size: str = "", label: str = "", spin: object = "") -> SafeString:
    """One icon of the sprite. `size`: xs, sm, lg or nothing; with a `label` it is an image, without it decoration."""
    sprite = DjangoViteAssetLoader.instance().generate_vite_asset_url("src/generated/icons.svg")
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    kind = "icon spinner" if spin else "icon"
    return format_html(
        '<svg class="{}" data-size="{}" {} focusable="false"><use href="{}#{}"/></svg>',
        kind,
        size,
        spoken,
        sprite,
        name,
    )


@register.simple_tag
def status(name: object) -> Status:
    """The tone, icon and word of a status; an unknown one reads as a draft with its own name."""
    key = str(name)
    return STATUSES.get(key) or UNKNOWN._replace(word=key.replace("_", " ").capitalize())


@register.simple_tag(takes_context=True)
def page(context: RequestContext, name: str, **kwargs: object) -> str:
    """The address of a page of the workspace the request is in, or nothing where there is none."""
    workspace = getattr(context.get("request"), "workspace", None)
    if workspace is not None:
        kwargs = {"workspace": workspace.slug, **kwargs}
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.filter
def truth(value: object) -> bool:
    """Whether a component's attribute says yes: `on="{{ flag }}"` arrives as the words True or False."""
    return str(value) not in ("", "False", "None", "0")


@register.filter
def initials(name: object) -> str:
    """At most two letters: "Dewi Anggraini" gives DA, "@ayu.ngopi" gives AN."""
    words = [word for word in re.split(r"[\W_]+", str(name)) if word]
    letters = words[0][:1] + words[-1][:1] if len(words) > 1 else "".join(words)[:2]
    return letters.upper()


@register.filter
def zone_words(zone: str) -> str:
    """A zone as people say it: "Asia/Jakarta" gives "Jakarta WIB"; where the zone has no letters, only the place."""
    try:
        letters = timezone.now().astimezone(ZoneInfo(str(zone))).strftime("%Z")
    except (ValueError, ZoneInfoNotFoundError):
        return str(zone)
    place = str(zone).rsplit("/", 1)[-1].replace("_", " ")
    return f"{place} {letters}" if letters.isalpha() and letters != place else place


@register.filter
def hue(name: object) -> int:
    """0 to 7, always the same for the same name: which colour an avatar without a picture takes."""
    return zlib.crc32(str(name).encode()) % 8


def _changes(old: list[str], new: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """What stays and what changes in turn; two changes with only a space between them are one."""
    gone: list[str] = []
    come: list[str] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal" and not ((gone or come) and "".join(old[i:j]).isspace() and j < len(old) and m < len(new)):
            if gone or come:
                yield gone, come
                gone, come = [], []
            yield old[i:j], old[i:j]
        else:
            gone, come = gone + old[i:j], come + new[k:m]
    if gone or come:
        yield gone, come


def _words(before: str, after: str) -> Iterator[str]:
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    for gone, come in _changes(old, new):
        if gone == come:
            yield escape("".join(gone))
            continue
        if gone:
            yield format_html("<del>{}</del>", "".join(gone))
        if come:
            yield format_html("<ins>{}</ins>", "".join(come))


@register.simple_tag
def diff(before: object, after: object) -> SafeString:
    """What changes from one text to the other, word by word, as <del> and <ins>."""
    return mark_safe("".join(_words(str(before or ""), str(after or ""))))  # noqa: S308 - every part is escaped


class Left(NamedTuple):
    """Time left until something is due: a tone and words."""

    tone: str
    words: str


def _span(minutes: int) -> str:
    if minutes < 60:
        return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return _("%(h)d h %(m)02d") % {"h": hours, "m": rest}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


@register.filter
def time_left(due: datetime | None) -> Left | None:
    """How long until `due`, in words: red inside a quarter of an hour or late, amber inside a day."""
    if due is None:
        return None
    minutes = int((due - timezone.now()).total_seconds() // 60)
    if minutes < 0:
        return Left("bad", str(_("%(span)s late")) % {"span": _span(-minutes)})
    words = str(_("%(span)s left")) % {"span": _span(minutes)}
    return Left("bad" if minutes < 15 else "wait" if minutes < 24 * 60 else "draft", words)


@register.simple_tag
def form_input(field: BoundField) -> SafeString:
    """A Django form field's control, dressed as ours."""
    kinds = {"select": "select", "textarea": "textarea"}
    tag = str(field.field.widget.template_name or "").rsplit("/", 1)[-1].removesuffix(".html")
    extra: dict[str, str | bool] = {"class": kinds.get(tag, "input"), "placeholder": ""}  # the label stands above
    if field.errors:
        extra["aria-invalid"] = "true"
    return field.as_widget(attrs=extra)
