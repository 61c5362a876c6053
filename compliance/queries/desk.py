"""What waits at the officers' desk, and what was decided."""

from __future__ import annotations

from django.db.models import Count, F, Q, QuerySet

from compliance.models import Case, Decision, Verdict
from compliance.protocol import Outcome

EARLIER = 5


def passes(verdict: Verdict) -> bool:
    """Whether these bytes may go out: allowed, or sent to a person whose latest word is to approve. One query."""
    latest = Decision.objects.filter(verdict=verdict).order_by("-pk").values_list("choice", flat=True).first()
    if latest is None:
        return verdict.outcome == Outcome.ALLOW
    return latest == Decision.Choice.APPROVE and verdict.outcome in {Outcome.ALLOW, Outcome.REVIEW}


def queue(status: str) -> QuerySet[Case]:
    """The cases of one status, what goes out soonest first; decided ones newest first."""
    cases = Case.objects.filter(status=status).select_related("verdict", "endorser", "author__user")
    if status in {Case.Status.OPEN, Case.Status.WAITING}:
        return cases.order_by(F("due_at").asc(nulls_last=True), "pk")
    return cases.order_by("-closed_at", "-pk")


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
    found = Decision.objects.filter(same).exclude(verdict=case.verdict_id)
    return found.select_related("verdict").order_by("-pk")[:EARLIER]
