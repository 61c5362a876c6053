"""What the shell needs on every page: workspaces to switch to, channels, and how much waits behind each nav entry."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from typing import Any, NamedTuple

import redis
from django.core.cache import cache
from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from campaigns.models import Post
from compliance.models import Case
from networks.models import Account
from publishing.actions.publisher import OFF_KEY
from publishing.models import Brake, Publication
from social_crm.queries import counts
from workspaces.models import Member, Notice, User
from workspaces.queries import workspaces_of
from workspaces.tenancy import entered, is_in_database


class Choice(NamedTuple):
    """A workspace to switch to."""

    name: str
    slug: str
    url: str


class Shell:
    """Asked only by the pages that draw the shell, so a piece of a page costs no query."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def member(self) -> Member | None:
        """Who this is, in the workspace the address names."""
        return getattr(self.request, "member", None)

    @cached_property
    def workspaces(self) -> list[Choice]:
        """The workspaces this person belongs to, by name. Two queries."""
        user = getattr(self.request, "user", None)
        if not isinstance(user, User):
            return []
        return [Choice(each.name, each.slug, home(each.slug)) for each in workspaces_of(user)]

    @cached_property
    def channels(self) -> list[Account]:
        """The accounts of the workspace, connected ones and those that wait for a person. One query."""
        if self.member is None:
            return []
        with _inside(self.member):
            return list(Account.objects.exclude(health=Account.Health.DISCONNECTED).order_by("name", "network")[:30])

    @cached_property
    def publisher_off(self) -> bool:
        """Whether nothing leaves this installation just now. Asks the cache, and says no while that is away."""
        try:
            return bool(cache.get(OFF_KEY))
        except redis.RedisError:
            return False

    @cached_property
    def brakes(self) -> list[Brake]:
        """What stands still just now in the workspace. One query."""
        if self.member is None:
            return []
        with _inside(self.member):
            return list(Brake.objects.filter(released_at__isnull=True)[:5])

    @cached_property
    def counts(self) -> dict[str, int]:
        """How much waits for this member behind an entry of the nav, by its key; what is nil is left out."""
        if self.member is None:
            return {}
        with _inside(self.member):
            waiting = {
                "inbox": counts(self.member)["unread"] if self.member.may("read_inbox") else 0,
                "channels": sum(each.health == Account.Health.RECONNECT for each in self.channels),
                **_counted(
                    self.member,
                    approvals=Post.objects.filter(stage=Post.Stage.AWAITING_APPROVAL),
                    compliance=Case.objects.filter(status=Case.Status.OPEN),
                    attention=Publication.objects.all().for_a_person(),
                    notices=Notice.objects.all().to(self.member).unread(),
                ),
            }
        return {key: number for key, number in waiting.items() if number}


def _inside(member: Member) -> AbstractContextManager[None]:
    """The member's workspace, also on the page of a view that entered it only for its writes."""
    return nullcontext() if is_in_database() else entered(member.workspace_id)


def _counted(member: Member, **asked: QuerySet[Any]) -> dict[str, int]:  # Any: rows of any model
    """How many rows each of `asked` has. One query for all of them."""
    numbers = {f"how_many_{name}": Coalesce(Subquery(_count(found)), 0) for name, found in asked.items()}
    counted = Member.objects.filter(pk=member.pk).annotate(**numbers).values_list(*numbers)
    return {name: int(number) for name, number in zip(asked, counted.get(), strict=True)}


def _count(found: QuerySet[Any]) -> QuerySet[Any, Any]:  # Any: rows of any model
    counted: QuerySet[Any, Any] = found.order_by().values("workspace").annotate(n=Count("pk")).values("n")
    return counted


def home(slug: str) -> str:
    """Where a workspace opens: its calendar."""
    try:
        return reverse("campaigns:calendar", kwargs={"workspace": slug})
    except NoReverseMatch:
        return "/"


def shell(request: HttpRequest) -> dict[str, Shell]:
    """`shell` for every template."""
    return {"shell": Shell(request)}
