"""What the post office's clock and pages read: what is due, whose lease ran out, what is in question."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from compliance.queries import reason_of, retold
from networks import queries as networks
from networks import registry
from networks.models import Account
from networks.protocol import Content, Deletes, Edits, Target, TargetKind
from publishing.comparing import Book, Entry
from publishing.models import Attempt, Correction, Discrepancy, Handover, Publication, Sighting
from publishing.protocol import Stopped
from publishing.rules import Terms
from workspaces.models import AuditEntry, Member


def hint_lasts() -> timedelta:
    """How long a wake-up may be on its way before the publication is handed out again."""
    return timedelta(seconds=settings.PUBLISH_HINT_SECONDS)


@dataclass(frozen=True, slots=True)
class Due:
    """One publication to send; `again` when an earlier wake-up came to nothing."""

    id: int
    workspace_id: int
    network: str
    again: bool


@dataclass(frozen=True, slots=True)
class Ref:
    """Where a publication is to be found."""

    id: int
    workspace_id: int


@dataclass(frozen=True, slots=True)
class Question:
    """One publication to look for: the send it is about, and the looks made so far."""

    id: int
    workspace_id: int
    fence: int
    looks: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many publications of the installation are due, in question, and waiting for a person's word."""

    due: int
    questioned: int
    asked: int


@dataclass(frozen=True, slots=True)
class Clock:
    """The next moment at which something is due, and how many wake-ups are under way."""

    now: datetime
    next_due: datetime | None
    hinted: int

    def wait(self, most: float) -> float:
        """Seconds until the next thing is due, at most `most`."""
        if self.next_due is None:
            return most
        return max(0.0, min(most, (self.next_due - self.now).total_seconds()))


def terms() -> Terms:
    """The waits in force, from the settings."""
    named = settings.PUBLISHING
    return Terms(
        request=named["request"],
        lease=named["lease"],
        settle=named["settle"],
        look=named["look"],
        backoff=named["backoff"],
        lags=named["lags"],
    )


def take_due(batch: int, *, busy: Collection[str] = ()) -> list[Due]:
    """Up to `batch` due publications over all workspaces, one of each in turn, marked as handed out.

    `busy`: networks that have enough to do. Writes `hinted_at`; two callers at once never get the same ones.
    """
    rows = _rows("SELECT * FROM hint_publications(%s, %s, %s::text[])", [batch, hint_lasts(), list(busy)])
    return [Due(*row) for row in rows]


def under_way() -> dict[str, int]:
    """Network -> how many wake-ups for it are on their way."""
    return dict(_rows("SELECT * FROM publications_under_way(%s)", [hint_lasts()]))


def extend_leases(held: Sequence[tuple[int, int]], seconds: float) -> set[int]:
    """Make the leases of these (publication, fence) last `seconds` from now; answers whose did. One statement."""
    ids, fences = [id for id, _ in held], [fence for _, fence in held]
    return {id for (id,) in _rows("SELECT * FROM extend_leases(%s, %s, %s)", [ids, fences, timedelta(seconds=seconds)])}


def expired(batch: int) -> list[Ref]:
    """Those whose sender's lease ran out."""
    return [Ref(*row) for row in _rows("SELECT * FROM expired_publications(%s)", [batch])]


def silent(batch: int, *, nearer: timedelta, blind: Collection[str]) -> list[Ref]:
    """Those whose lease ends within `nearer`: a live sender would have made it longer. Not on `blind` networks."""
    rows = _rows("SELECT * FROM silent_publications(%s, %s, %s::text[])", [batch, nearer, list(blind)])
    return [Ref(*row) for row in rows]


def questioned(batch: int) -> list[Question]:
    """Those that may be live and are due for a look."""
    return [Question(*row) for row in _rows("SELECT * FROM questioned_publications(%s)", [batch])]


def releasable(batch: int) -> list[Ref]:
    """Those that were held for an account that is connected again."""
    return [Ref(*row) for row in _rows("SELECT * FROM releasable_publications(%s)", [batch])]


def to_tend(batch: int) -> list[Ref]:
    """Those posted by hand for which the clock has something to do: warn, remind, escalate, settle."""
    return [Ref(*row) for row in _rows("SELECT * FROM handovers_to_tend(%s)", [batch])]


def said_done(publication: Publication) -> bool:
    """Whether a person brought its address, and may still take that back."""
    return Handover.objects.filter(publication=publication, said_at__isnull=False).exists()


def waiting() -> Waiting:
    """How much waits over all workspaces, for the operators: due, in question, and for a person."""
    ((due, questioned, asked),) = _rows("SELECT * FROM publications_waiting()", [])
    return Waiting(due, questioned, asked)


def clock() -> Clock:
    """PostgreSQL's time, the next due time, and the wake-ups under way."""
    ((now, next_due, hinted),) = _rows("SELECT * FROM publication_clock(%s)", [hint_lasts()])
    return Clock(now=now, next_due=next_due, hinted=hinted)


def taken_ids(publication: Publication) -> frozenset[str]:
    """The network's ids that other publications of the same account already have."""
    others = Publication.objects.filter(account_id=publication.account_id, remote_id__isnull=False)
    return frozenset(id for id in others.exclude(pk=publication.pk).values_list("remote_id", flat=True) if id)


def sent_lately(accounts: Collection[int]) -> dict[int, list[float]]:
    """Account id -> how many seconds ago each of its last sends began, the newest first; no more than a burst.

    Of the entered workspace; whoever asks for the same account meanwhile waits until this transaction ends, so that
    two claims do not both take its last send.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('sends:' || one, 0)) FROM unnest(%s::bigint[]) AS one",
            [sorted(accounts)],
        )
        cursor.execute(
            "SELECT p.account_id, extract(epoch FROM clock_timestamp() - a.started_at)::float8 "
            "FROM publishing_attempt a JOIN publishing_publication p ON p.id = a.publication_id "
            "WHERE a.started_at > now() - interval '1 minute' AND p.account_id = ANY(%s) ORDER BY a.started_at DESC",
            [sorted(accounts)],
        )
        found: dict[int, list[float]] = {account: [] for account in accounts}
        for account, ago in cursor.fetchall():
            found[account].append(ago)
    return found


def for_officers(batch: int) -> list[Ref]:
    """Those that customs hold and no officer has, and those whose case or override is over."""
    return [Ref(*row) for row in _rows("SELECT * FROM publications_for_officers(%s)", [batch])]


def author_of(publication: Publication) -> Member | None:
    """Who wrote the words that are sealed now: whoever changed them last, else whoever queued them. Two queries."""
    thing, verbs = f"publication:{publication.pk}", ["enqueue", "replace_content"]
    entry = AuditEntry.objects.filter(thing=thing, verb__in=verbs).order_by("-number").first()
    writer = entry.by_id if entry else publication.queued_by_id
    return Member.objects.filter(pk=writer).first() if writer else None


def shown_of(publication: Publication) -> Content:
    """What readers see of a live post: its own words, or those it was given since. One query."""
    done = Correction.objects.filter(publication=publication, state=Correction.State.DONE)
    newest = done.order_by("-pk").first()
    return newest.sealed if newest else publication.sealed


def accounts_to_measure(batch: int) -> list[tuple[int, int]]:
    """(account id, workspace id) of accounts with posts of a day ago or more that nobody has measured."""
    return [(int(row[0]), int(row[1])) for row in _rows("SELECT * FROM accounts_to_measure(%s)", [batch])]


def accounts_to_audit(batch: int) -> list[tuple[int, int]]:
    """(account id, workspace id) of connected accounts whose look at the network is due, the longest waiting first."""
    return [(int(row[0]), int(row[1])) for row in _rows("SELECT * FROM accounts_to_audit(%s)", [batch])]


def book_of(account: Account, *, since: datetime, remote_ids: Collection[str]) -> list[Entry]:
    """What is on record for an account: everything live or tried since, and whatever has one of `remote_ids`."""
    mine = Q(remote_id__in=list(remote_ids)) | Q(published_at__gte=since)
    tried = Q(remote_id__isnull=True, attempts_made__gt=0, due_at__gte=since - timedelta(days=2))
    found = Publication.objects.on(account).filter(mine | tried).exclude(target_kind=TargetKind.MESSAGE)
    first = Subquery(Attempt.objects.filter(publication=OuterRef("pk")).order_by("fence").values("started_at")[:1])
    seen = Exists(Sighting.objects.filter(publication=OuterRef("pk")))
    rows = found.annotate(began=first, was_seen=seen).prefetch_related("corrections").order_by("pk")
    return [_entry(one) for one in rows]


def _entry(one: Any) -> Entry:  # Any: a publication with what was annotated
    S = Publication.State
    books = {S.PUBLISHED: Book.LIVE, S.DELETED_REMOTE: Book.GONE, S.PUBLISHING: Book.OPEN, S.RECONCILING: Book.OPEN}
    contents = [one.sealed]
    for change in one.corrections.all():
        if change.state == Correction.State.DONE:
            contents = [change.sealed]
        elif change.state != Correction.State.REFUSED:
            contents.append(change.sealed)  # it may have been taken
    return Entry(
        id=one.pk,
        book=books.get(one.state, Book.UNSENT),
        contents=tuple(contents),
        began=one.began or one.created_at,
        remote_id=one.remote_id or "",
        published_at=one.published_at,
        seen=one.was_seen,
        below=bool(one.target_kind),
    )


def hanging_below(ids: Collection[int], *, after: int) -> list[tuple[int, Target]]:
    """(id, what it hangs on) of these publications with an id above `after`, those of one post together."""
    found = Publication.objects.filter(pk__in=list(ids), pk__gt=after).order_by("pk")
    return [(one.pk, one.target) for one in found if one.target is not None]


def audited() -> list[Account]:
    """The connected accounts of the workspace, each with the last look at it. One query."""
    return list(Account.objects.filter(health=Account.Health.CONNECTED).select_related("audit").order_by("name", "pk"))


def discrepancies() -> QuerySet[Discrepancy]:
    """What is open, the most alarming kind first."""
    rank = Case(*(When(kind=kind, then=place) for place, kind in enumerate(Discrepancy.Kind.values)), default=9)
    still_open = Discrepancy.objects.filter(state=Discrepancy.State.OPEN)
    return still_open.select_related("account", "publication").order_by(rank, "-found_at", "-pk")


def figures() -> list[tuple[str, str, float]]:
    """(name, label, figure): how the post office does over all workspaces, and what the audits found."""
    return [(str(row[0]), str(row[1]), float(row[2])) for row in _rows("SELECT * FROM publishing_figures()", [])]


def can_edit(publication: Publication) -> bool:
    """Whether its words can be changed on its network."""
    network = registry.get(publication.account.network)
    return (
        publication.state == Publication.State.PUBLISHED and not publication.target_kind and isinstance(network, Edits)
    )


def can_delete(publication: Publication) -> bool:
    """Whether it can be taken away on its network."""
    network = registry.get(publication.account.network)
    return publication.state == Publication.State.PUBLISHED and isinstance(network, Deletes)


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:  # Any: what PostgreSQL takes and gives
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def said(reason: str) -> str:
    """A reason on record (customs', a network's, our own), in the reader's language when we know the sentence."""
    return retold(reason) or networks.said(reason)


def reasons_of(stopped: Stopped) -> list[str]:
    """Everything the gate found, misfits first, in the reader's language; never empty."""
    found = [reason_of(str(one["reason"]), one.get("parameters") or {}) for one in stopped.findings]
    return [*(said(misfit.reason) for misfit in stopped.misfits), *found] or [said(stopped.reason)]
