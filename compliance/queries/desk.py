"""What waits at the officers' desk, and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from compliance.models import Case, Decision, Verdict
from compliance.queries.standing import STOPS
from compliance.queries.verdicts import standing
from workspaces.models import Member

EARLIER = 5
UNDECIDED = (Case.Status.OPEN, Case.Status.SECOND)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue is wanted, as it stands in the address. Empty: everything."""

    assignee: str = ""  # a member's number, "me" or "nobody"
    network: str = ""
    rule: str = ""
    severity: str = ""  # block | review
    endorser: str = ""
    late: str = ""  # "1": only what is late or nearly

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        """The filters named in an address; others are left alone."""
        return cls(**{name: asked.get(name, "")[:80] for name in cls.__dataclass_fields__})

    @property
    def named(self) -> dict[str, str]:
        """Those that are set."""
        return {name: value for name in self.__dataclass_fields__ if (value := getattr(self, name))}


def queue(status: str, filters: Filters | None = None, *, reader: Member | None = None) -> QuerySet[Case]:
    """The cases of one status, what goes out soonest first; decided ones newest first. `reader` is who "me" is."""
    found = _filtered(Case.objects.filter(status=status), filters or Filters(), reader)
    cases = found.select_related("verdict", "endorser", "author__user", "assignee__user")
    if status in {*UNDECIDED, Case.Status.WAITING}:
        return cases.order_by(F("due_at").asc(nulls_last=True), "pk")
    return cases.order_by("-closed_at", "-pk")


def _filtered(cases: QuerySet[Case], filters: Filters, reader: Member | None) -> QuerySet[Case]:
    wanted = Q()
    if filters.assignee == "nobody":
        wanted &= Q(assignee=None)
    elif filters.assignee:
        wanted &= Q(assignee_id=_number(filters.assignee, me=reader.pk if reader else 0))
    if filters.network:
        wanted &= Q(network=filters.network)
    if filters.rule:
        wanted &= Q(verdict__findings__contains=[{"code": filters.rule}])
    if filters.severity:
        wanted &= Q(verdict__outcome=filters.severity)
    if filters.endorser:
        wanted &= Q(endorser_id=_number(filters.endorser))
    if filters.late:
        wanted &= Q(alarm__gt=Case.Alarm.NONE)
    return cases.filter(wanted)


def _number(text: str, *, me: int = 0) -> int:
    return me if text == "me" else int(text) if text.isdigit() else 0


def counts() -> dict[str, int]:
    """How many cases there are by status. One query."""
    found = Case.objects.order_by().values_list("status").annotate(n=Count("pk"))
    return dict(found)


def decided_before(case: Case) -> QuerySet[Decision]:
    """Earlier decisions on texts with a finding of one of the same rules, newest first."""
    same = Q()
    for code in {row["code"] for row in case.verdict.findings}:
        same |= Q(verdict__findings__contains=[{"code": code}])
    if not same:
        return Decision.objects.none()
    words = Decision.objects.filter(same).exclude(verdict=case.verdict_id).exclude(choice=Decision.Choice.WITHDRAW)
    taken_back = Decision.objects.filter(answers=OuterRef("pk"), choice=Decision.Choice.WITHDRAW)
    return words.filter(~Exists(taken_back)).select_related("verdict", "case").order_by("-pk")[:EARLIER]


def awaits_officer(keys: Collection[str]) -> bool:
    """Whether an officer's word on one of `keys` is still to come, or may still be taken back."""
    cases = Case.objects.filter(key__in=keys)
    if cases.filter(status__in=UNDECIDED).exists():
        return True
    last = cases.filter(status__in=[Case.Status.WAITING, Case.Status.DECIDED]).select_related("verdict")
    return any(standing(case.verdict).pending for case in _newest(last))


def decided_at(keys: Collection[str]) -> datetime | None:
    """When the last of the newest cases about `keys` was decided; None while one of them is not."""
    found = _newest(Case.objects.filter(key__in=keys))
    if any(case.status in UNDECIDED for case in found):
        return None
    return max((case.closed_at for case in found if case.closed_at), default=None)


def sent_back(keys: Collection[str]) -> bool:
    """Whether an officer asked for a fix of, or rejected, what one of `keys` names now."""
    return any(
        case.status == Case.Status.WAITING or standing(case.verdict).last in STOPS
        for case in _newest(Case.objects.filter(key__in=keys).select_related("verdict"))
    )


def _newest(cases: QuerySet[Case]) -> list[Case]:
    """The newest case of each key."""
    return list({case.key: case for case in cases.order_by("pk")}.values())


def signature(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """The rules that found something and how severe, sorted: cases that share it may be decided together."""
    return tuple(sorted({(str(row["code"]), str(row["severity"])) for row in verdict.findings}))


def cases_to_tend(batch: int) -> list[tuple[int, int]]:
    """(case id, workspace id) of cases that something is due for, over all workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, workspace_id FROM cases_to_tend(%s)", [batch])
        return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]
