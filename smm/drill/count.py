"""What became of what people wrote: the pretend networks' book beside our record."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import Error as DatabaseAway
from django.db import close_old_connections
from django.db.models import Min

from publishing.models import Attempt, Publication
from smm.chaos.town import Town
from smm.drill.crowd import Crowd, Written
from workspaces.tenancy import entered

Row = dict[str, object]


@dataclass(frozen=True)
class Fate:
    """One post in the end. `late`: seconds from its due time to its first send; `live`: until it was on record."""

    written: Written
    copies: int
    state: str
    late: float | None
    live: float | None
    published_at: datetime | None


def until_all_are_live(people: Town, patience: float) -> None:
    """Until nothing moves any more, or `patience` seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            close_old_connections()
            with entered(people.workspace.pk):
                if not Publication.objects.exclude(state=Publication.State.PUBLISHED).exists():
                    return
        except DatabaseAway:
            pass
        time.sleep(0.3)


def fates(people: Town, crowd: Crowd) -> list[Fate]:
    """Every post that somebody was told is kept."""
    marks = people.ask("marks")
    with entered(people.workspace.pk):
        rows = {row.pk: row for row in Publication.objects.only("state", "due_at", "published_at")}
        first = dict(
            Attempt.objects.values_list("publication")
            .annotate(Min("started_at"))
            .values_list("publication", "started_at__min")
        )
    found = []
    for one in crowd.written:
        row, began = rows.get(one.id), first.get(one.id)
        live_at = row.published_at if row else None
        late = (began - one.due_at).total_seconds() if began else None
        live = (live_at - one.due_at).total_seconds() if live_at else None
        found.append(Fate(one, len(marks.get(one.mark, [])), row.state if row else "gone", late, live, live_at))
    return found


def promises(found: Sequence[Fate]) -> tuple[list[Row], list[str]]:
    """Lines of the table and what was not kept: none doubled, none lost, all live."""
    doubled = [one.written.mark for one in found if one.copies > 1]
    lost = [one.written.mark for one in found if one.copies == 0 and one.state in ("published", "gone")]
    unfinished = [f"{one.written.mark} {one.state}" for one in found if one.state != "published"]
    rows: list[Row] = [
        line("posts", len(found)),
        line("doubled", len(doubled), "0"),
        line("lost", len(lost), "0"),
        line("not live in the end", len(unfinished), "0"),
    ]
    told = (("doubled", doubled), ("lost", lost), ("not live", unfinished))
    return rows, [f"{len(which)} {name}: {', '.join(which[:8])}" for name, which in told if which]


def line(what: str, figure: object, asked: str = "") -> Row:
    """One line of a drill's table."""
    shown = f"{figure:.1f}" if isinstance(figure, float) else figure
    return {"what": what, "figure": shown, "asked": asked}


def cut(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
