"""Spans of time as the desk says them, and the mark that an override leaves on a post."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from compliance.models import Decision
from compliance.queries import override_on

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86400


@register.filter
def span_words(span: timedelta | None) -> str:
    """38 s, 4 min, 2 h, 3 d: the largest unit that fits; nothing for nothing."""
    if span is None:
        return ""
    seconds = max(0, round(span.total_seconds()))
    if seconds < MINUTE:
        return _("%(n)d s") % {"n": seconds}
    if seconds < HOUR:
        return _("%(n)d min") % {"n": seconds // MINUTE}
    if seconds < DAY:
        return _("%(n)d h") % {"n": seconds // HOUR}
    return _("%(n)d d") % {"n": seconds // DAY}


@register.inclusion_tag("compliance/_override_mark.html")
def override_mark(verdict_id: int | None) -> dict[str, Decision | None]:
    """Who asked for the override that let this text pass, who consented, why and until when; nothing without one."""
    return {"consent": override_on(verdict_id) if verdict_id else None}
