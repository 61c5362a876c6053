"""How pages show a place to share to."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from smo.queries.places import badge

register = template.Library()


@register.simple_tag
def place_badge(slug: str) -> SafeString:
    """The place's badge as inline SVG; decoration beside its name."""
    return mark_safe(badge(slug))  # noqa: S308 - a file of ours or of the plug-in, not of a user
