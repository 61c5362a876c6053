"""Every address of the app that has a workspace in it, filled in with plausible parts."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
SAMPLES = {
    "int": "1",
    "slug": "some-thing",
    "str": "something",
    "path": "some/thing",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "date": "2027-01-31",
}


def of_workspaces(workspace: str) -> list[str]:
    """Addresses below `workspace`, one for each pattern that takes a workspace; safe to call before any request."""
    return sorted(
        "/" + PART.sub(lambda part: workspace if part["name"] == "workspace" else _sample(part), route)
        for route in _routes(get_resolver().url_patterns, "")
        if "workspace>" in route
    )


def _routes(patterns: list[Any], before: str) -> Iterator[str]:  # Any: Django's two kinds of pattern
    for entry in patterns:
        route = before + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route


def _sample(part: re.Match[str]) -> str:
    return SAMPLES.get(part["kind"] or "str", "1")
