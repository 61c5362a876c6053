"""What to do next, decided from what happened: no clock, no database, no network."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit

from networks.protocol import (
    Content,
    Finds,
    Listed,
    Listing,
    Network,
    NetworkError,
    Reconcile,
    Reconnect,
    Refused,
    TryLater,
    Unsure,
)

# --- the state machine ----------------------------------------------------------------------------

# The database holds the same table (function publication_may_go); a test compares the two.
LEGAL: dict[str, frozenset[str]] = {
    "draft": frozenset({"awaiting_approval", "scheduled", "held", "cancelled"}),
    "awaiting_approval": frozenset({"draft", "scheduled", "held", "cancelled"}),
    "scheduled": frozenset(
        {"draft", "awaiting_approval", "handed", "publishing", "reconciling", "held", "cancelled", "missed"}
    ),
    # With a person who has not taken it yet: certainly not live. "publishing" is then their having taken it.
    "handed": frozenset(
        {
            "draft",
            "awaiting_approval",
            "scheduled",
            "publishing",
            "reconciling",
            "held",
            "cancelled",
            "missed",
            "refused",
        }
    ),
    "publishing": frozenset({"published", "refused", "reconciling", "scheduled", "handed", "held"}),
    "reconciling": frozenset({"published", "refused", "scheduled", "needs_attention"}),
    "needs_attention": frozenset({"published", "scheduled", "cancelled"}),
    "held": frozenset({"draft", "awaiting_approval", "scheduled", "cancelled"}),
    "refused": frozenset({"scheduled", "held", "cancelled"}),
    "missed": frozenset({"scheduled", "held", "cancelled"}),
    "cancelled": frozenset({"scheduled", "held"}),
    "published": frozenset({"deleted_remote"}),
    "deleted_remote": frozenset(),
}

FROZEN = frozenset({"publishing", "reconciling", "needs_attention", "published", "deleted_remote"})
"""States in which the content may not change any more: it may be live."""


# --- is this still the database that published ------------------------------------------------------


def doubt(mark: int, *, kept_at: str, place: str, seen: int | None) -> str:
    """Why a database at `place` may have forgotten what it published; "" when it has not.

    `mark` and `kept_at` are what it says itself, `seen` the last mark its witness knows. One that never published
    (mark 0) has nothing to forget, wherever it was copied to.
    """
    if mark == 0 and seen is None:
        return ""
    if kept_at != place:
        return "moved"
    if seen is None:
        return "unwitnessed"
    return "rewound" if seen > mark else ""


# --- how long -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Terms:
    """The waits the post office works by, in seconds, and how often it sends again what was proved absent.

    Three of them carry the promise never to post twice: a lease outlasts a request; a worker that is frozen for less
    than a lease does no harm; `settle` outlasts the latest moment at which a network stores what it took from us.
    """

    request: float = 23.05
    margin: float = 2.0
    lease: float = 27.0
    settle: float = 60.0
    look: float = 5.0
    look_most: float = 600.0
    give_up_looking: float = 86_400.0
    backoff: float = 5.0
    backoff_most: float = 120.0
    resends: int = 3
    lags: float = 1.0  # how many of a network's listing lags to allow
    skew: float = 120.0
    upload_rate: float = 1_000_000.0  # bytes a second that an upload is allowed to be as slow as

    @property
    def silence(self) -> float:
        """How long a sender is silent before one looks what became of it: many beats, so that a busy one is spared."""
        return self.lease / 3

    @property
    def beat(self) -> float:
        """How often a live process makes its leases longer: often enough that a final call always fits into one."""
        return max(0.2, (self.lease - self.request - self.margin) / 2)

    def longest_for(self, content: Content) -> float:
        """How long one send may take in all: longer with every medium that has to travel first."""
        size = sum(media.size for media in content.media)
        return self.lease + len(content.media) * self.request + size / self.upload_rate


def backoff(tries: int, jitter: float, terms: Terms) -> timedelta:
    """Doubling from `terms.backoff`, never above `backoff_most`. `jitter` in [0, 1) spreads it over its upper half."""
    longest = min(terms.backoff * 2 ** min(tries, 16), terms.backoff_most)
    return timedelta(seconds=longest * (0.5 + jitter / 2))


def too_late(due_at: datetime, now: datetime, most: timedelta) -> bool:
    """Whether it is old news by now, so that a person must be asked before it is sent."""
    return now - due_at > most


# --- after a send ---------------------------------------------------------------------------------


class Step(StrEnum):
    """Where a publication goes after a send or a look."""

    DONE = "published"
    REFUSED = "refused"
    AGAIN = "scheduled"
    LOOK = "reconciling"
    RECONNECT = "held"
    ASK = "needs_attention"


@dataclass(frozen=True, slots=True)
class Next:
    """A decision: the step, how long to wait before the next one, and what a marketer reads."""

    step: Step
    wait: timedelta = timedelta(0)
    reason: str = ""
    detail: str = ""
    code: str = ""
    hint: str = ""


def after(error: NetworkError, attempts: int, *, jitter: float, terms: Terms) -> Next:
    """What follows a send that ended in `error`, after `attempts` sends (this one included)."""
    match error:
        case Refused():
            step, wait = Step.REFUSED, timedelta(0)
        case TryLater(after=timedelta() as asked):
            step, wait = Step.AGAIN, asked + timedelta(seconds=jitter)
        case TryLater():
            step, wait = Step.AGAIN, backoff(attempts - 1, jitter, terms)
        case Reconnect():
            step, wait = Step.RECONNECT, timedelta(0)
        case _:
            step, wait = Step.LOOK, timedelta(0)
    hint = error.hint if isinstance(error, Unsure) else ""
    return Next(step, wait=wait, reason=error.reason, detail=error.detail, code=error.code, hint=hint)


# --- after a look ---------------------------------------------------------------------------------


def match(
    content: Content,
    listing: Iterable[Listed],
    *,
    network: Finds,
    since: datetime,
    taken: Collection[str],
    hint: str = "",
) -> Listed | None:
    """The listed post that is this content, made after `since` and linked to no publication yet.

    The one the network itself named (`hint`) comes first; of several equals, the oldest.
    """
    same = [
        listed
        for listed in listing
        if listed.remote_id not in taken and listed.created_at >= since and network.same(content, listed)
    ]
    named = [listed for listed in same if hint and listed.remote_id == hint]
    return min(named or same, key=lambda listed: listed.created_at, default=None)


@dataclass(frozen=True, slots=True)
class Question:
    """What is known about a publication that may be live.

    `absences`: complete reads without it so far, taken after the settle time and one listing lag apart;
    `absent_at`: the last of them; `resent`: sends that were proved absent before; `looks`: reads of any kind.
    """

    questioned_at: datetime
    absences: int
    absent_at: datetime | None
    looks: int
    resent: int
    code: str = ""


def evidence(question: Question, listing: Listing, *, now: datetime, lag: timedelta, terms: Terms) -> bool:
    """Whether a listing without it counts: complete, after the settle time, and a listing lag after the last one."""
    settled = question.questioned_at + timedelta(seconds=terms.settle) + lag
    apart = question.absent_at is None or now - question.absent_at >= lag
    return listing.complete and now >= settled and apart


def after_absence(question: Question, *, now: datetime, lag: timedelta, terms: Terms) -> Next:
    """What follows a look that did not find it; `question` already counts this look."""
    if question.absences >= 2:
        return _proved_absent(question, terms)
    return look_again(question, now=now, lag=lag, terms=terms)


def look_again(question: Question, *, now: datetime, lag: timedelta, terms: Terms) -> Next:
    """When to look next; to a person when no listing told anything for a day."""
    asked_for = now - question.questioned_at
    if asked_for.total_seconds() > terms.give_up_looking:
        return Next(Step.ASK, reason="The network did not let us see whether it is live.")
    rarely = min(terms.look * 2 ** min(question.looks // 4, 16), terms.look_most)
    # One whole listing without it is half of the proof: the other half is fetched as soon as it can count.
    wait = max(lag.total_seconds(), terms.look if question.absences else rarely)
    settled = question.questioned_at + timedelta(seconds=terms.settle) + lag
    if now < question.questioned_at:  # its sender may still have sent after this look
        wait = min(wait, (question.questioned_at - now).total_seconds())
    if now < settled:  # the first read that can count comes right when the settle time is over
        wait = min(wait, (settled - now).total_seconds())
    return Next(Step.LOOK, wait=timedelta(seconds=max(wait, 0.2)))


def _proved_absent(question: Question, terms: Terms) -> Next:
    if question.code == "duplicate":
        reason = "The network calls it a duplicate of an earlier post. Change the text, or say that it is live."
        return Next(Step.ASK, reason=reason)
    if question.resent >= terms.resends:
        reason = "It was sent several times, and the network never showed it."
        return Next(Step.ASK, reason=reason)
    return Next(Step.AGAIN, reason="The network did not take it, so it is sent again.")


def without_a_look(network: Network) -> Next | None:
    """What follows where looking is not possible; None where it is."""
    if network.reconcile is Reconcile.KEYED:
        return Next(Step.AGAIN, reason="Sent again under the same key, which the network takes only once.")
    if network.reconcile is Reconcile.NONE or not isinstance(network, Finds):
        return Next(Step.ASK, reason="It may be live, and this network does not let us look.")
    return None


def blind(networks: Iterable[Network]) -> list[str]:
    """The networks on which nothing is won by looking early."""
    return [network.slug for network in networks if without_a_look(network) is not None]


# --- what a person posts by hand ------------------------------------------------------------------

WARNED_BEFORE = timedelta(minutes=15)
PRESSED_AFTER = (timedelta(minutes=15), timedelta(hours=1))  # reminded, then told to the managers
HELD_FOR = timedelta(hours=2)  # who took the words and says nothing so long: whether it is live is a question
ASKED_AGAIN_AFTER = timedelta(minutes=15)  # who took the words is asked whether it is done
UNDONE_WITHIN = timedelta(seconds=10)


def pressed(waited: timedelta) -> int:
    """How pressing it is by now: 0 asked, 1 reminded, 2 told to the managers."""
    return sum(waited >= after for after in PRESSED_AFTER)


def next_press(waited: timedelta) -> timedelta | None:
    """How long until it becomes more pressing; None when nobody is left to tell."""
    return next((after - waited for after in PRESSED_AFTER if after > waited), None)


# --- a link pasted by a person --------------------------------------------------------------------


def remote_id_of(url: str) -> str:
    """The network's id in the address of a post: its last path segment, or the query's first value before that."""
    parts = urlsplit(url.strip())
    query = parse_qsl(parts.query)
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    if query and not any(c.isdigit() for c in (segments or [""])[-1]):
        return query[0][1]
    return segments[-1] if segments else ""
