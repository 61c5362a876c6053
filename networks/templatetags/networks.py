"""How pages show a network: its icon, its name, and what fits on it."""

from __future__ import annotations

import json
from dataclasses import fields
from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from networks import registry
from networks.protocol import Limits, OwnFacts
from networks.queries import said

register = template.Library()
register.filter("said", said)

BLANK = '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><circle cx="12" cy="12" r="10"/></svg>'


@register.simple_tag
def network_icon(slug: str) -> SafeString:
    """The network's own glyph as inline SVG; a plain disc where its plug-in is gone."""
    own = registry.own_facts(slug)
    return _badge(own) if own is not None else _icon(slug)


def _badge(own: OwnFacts) -> SafeString:
    """What a workspace gave its own network: a picture, or letters on a colour."""
    if own.icon:
        return format_html('<img src="data:image/png;base64,{}" alt="">', own.icon)
    return format_html(BADGE, own.colour, own.initials[:2].upper())


BADGE = (
    '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect width="24" height="24" rx="6.7" fill="{}"/>'
    '<text x="12" y="16.2" text-anchor="middle" font-size="11.5" font-weight="700" fill="#fff">{}</text></svg>'
)


@cache
def _icon(slug: str) -> SafeString:
    if not registry.known(slug):
        return mark_safe(BLANK)  # noqa: S308 - our own constant
    path = registry.folder(slug) / "icon.svg"
    return mark_safe(path.read_text() if path.exists() else BLANK)  # noqa: S308 - a file of the plug-in, not of a user


@register.simple_tag
def network_name(slug: str) -> str:
    """The network's name as its people write it; the slug where its plug-in is gone."""
    return registry.get(slug).name if registry.known(slug) else slug


@register.simple_tag
def network_limits(slug: str) -> str:
    """What fits on the network, as a JSON object for a `data-limits` attribute; `{}` where its plug-in is gone."""
    return json.dumps(limits_as_json(registry.get(slug).limits)) if registry.known(slug) else "{}"


@register.simple_tag
def network_preview(slug: str) -> str:
    """The template of the network's preview, for `{% include %}`; empty where there is none."""
    if not registry.known(slug) or not (registry.folder(slug) / "preview.html").exists():
        return ""
    return f"{registry.folder(slug).name}/preview.html"


@register.simple_tag
def network_help(slug: str) -> str:
    """The template that says how to let us in there, for `{% include %}`; empty where there is none."""
    path = f"{slug}/connecting.html"
    return path if registry.known(slug) and (registry.folder(slug) / "connecting.html").exists() else ""


def limits_as_json(limits: Limits) -> dict[str, object]:
    """The table of limits without its sources, as JSON values."""
    return {each.name: getattr(limits, each.name) for each in fields(limits) if each.name != "facts"}
