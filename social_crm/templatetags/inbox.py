"""What the desk's templates say: a moment in few letters, a view's number, names in a note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
NAMED = re.compile(r"(^|\s)(@[\w.-]+)")


@register.filter
def moment(at: datetime | None) -> str:
    """The hour when it was today, else the day and the hour, in the workspace's zone."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    today = timezone.localtime(timezone.now()).date()
    if local.date() == today:
        return date_format(local, "H:i")
    return date_format(local, "j M, H:i") if local.year == today.year else date_format(local, "j M Y")


@register.filter
def number(numbers: Mapping[str, int], facet: str) -> int:
    """How many a view holds."""
    return numbers.get(facet, 0)


@register.filter
def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


@register.filter
def named(text: str) -> SafeString:
    """The text with the names after an @ marked."""
    return mark_safe(NAMED.sub(r'\1<b class="named">\2</b>', escape(text)))  # noqa: S308 - escaped before


@register.filter
def time_value(at: object) -> str:
    """A wall time as an input of that kind takes it."""
    return str(at)[:5]
