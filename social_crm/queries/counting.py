"""The numbers beside the views: sums of small rows that the database adds with every change, never a count."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, Sum

from social_crm.models import Tally
from workspaces.tenancy import current_workspace_id


def numbers(facets: Iterable[str]) -> dict[str, int]:
    """How many conversations each of `facets` holds. One query."""
    wanted = list(facets)
    found = Tally.objects.filter(facet__in=wanted).values_list("facet").annotate(how_many=Sum("n")).order_by()
    return dict.fromkeys(wanted, 0) | dict(found)


def all_numbers() -> dict[str, int]:
    """How many conversations every view of the workspace holds, by facet. One query."""
    found = Tally.objects.values_list("facet").annotate(how_many=Sum("n")).order_by()
    return {facet: number for facet, number in found if number}


def rows_of_tally() -> int:
    """How many rows the numbers are summed from. One query."""
    found = Tally.objects.aggregate(how_many=Count("pk"))
    return int(found["how_many"])


def fold() -> int:
    """Make one row of the many of each facet; how many went. Two folders at once do no harm: each takes its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM social_crm_tally WHERE workspace_id = %s RETURNING facet, n), "
            "kept AS (INSERT INTO social_crm_tally (workspace_id, facet, n) "
            "SELECT %s, facet, sum(n) FROM gone GROUP BY facet HAVING sum(n) <> 0) SELECT count(*) FROM gone",
            [current_workspace_id(), current_workspace_id()],
        )
        return int(cursor.fetchone()[0])
