"""What the shell needs on every page: the workspaces to switch to and how much waits behind each entry of the nav."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from workspaces.models import User
from workspaces.queries import workspaces_of


class Choice(NamedTuple):
    """A workspace to switch to."""

    name: str
    slug: str
    url: str


class Shell:
    """Asked only by the pages that draw the shell, so a piece of a page costs no query."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def workspaces(self) -> list[Choice]:
        """The workspaces this person belongs to, by name. Two queries."""
        user = getattr(self.request, "user", None)
        if not isinstance(user, User):
            return []
        return [Choice(each.name, each.slug, home(each.slug)) for each in workspaces_of(user)]


def home(slug: str) -> str:
    """Where a workspace opens: its calendar."""
    try:
        return reverse("campaigns:calendar", kwargs={"workspace": slug})
    except NoReverseMatch:
        return "/"


def shell(request: HttpRequest) -> dict[str, Shell]:
    """`shell` for every template."""
    return {"shell": Shell(request)}
