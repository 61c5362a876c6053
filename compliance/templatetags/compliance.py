"""Spans of time as the desk says them."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

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
