"""What was seen of an endorser's own posts, what customs say about it, and the case that follows."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance.actions.desk import TOPIC, lapse_cases, open_case
from compliance.actions.screening import screen
from compliance.models import Connection, Endorser, Match, SeenVersion, Sighting, Source, Verdict
from compliance.protocol import Outcome
from compliance.queries import pace
from compliance.queries.records import context_for
from compliance.rules.reading.letters import fold_letters
from compliance.rules.reading.post import read
from networks import registry
from networks.protocol import Content, Media, MediaKind
from workspaces.actions import notify, record
from workspaces.live import touch
from workspaces.models import Member, Workspace
from workspaces.permissions import PERMISSIONS
from workspaces.protocol import Note

State, Way = Sighting.State, SeenVersion.Way
STRENGTH = {Way.PAGE: 0, Way.FEED: 1, Way.HAND: 2, Way.API: 3}
"""Which way of seeing is to be believed where two differ: previews cut texts short, a network's interface does not."""
ELSEWHERE = "web"
EVIDENCE_BYTES = 16 * 1024
SHORTEST_NAME = 4
LABELLED = "paid_partnership"
UNKEPT = re.compile("[\0\ud800-\udfff]")
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

FOUND = Note(
    slug="endorser_post_to_fix",
    title=_("A post by %(name)s must be fixed"),
    body=_("On %(where)s %(name)s speaks of %(brand)s without saying what ties them. Ask them to mend it."),
    action=_("Look at the post"),
    about=_("An endorser's own post is missing its disclosure"),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One post as somebody or something saw it just now. `label` None: the network does not tell."""

    network: str  # slug; empty: some other site
    key: str
    text: str
    posted_at: datetime
    way: str
    url: str = ""
    remote_id: str = ""
    handle: str = ""
    title: str = ""
    label: bool | None = None
    video: bool = False
    surface: str = "post"
    evidence: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON values, as they came

    def __post_init__(self) -> None:
        """Whatever a site sends can be kept: without what no database takes, and at a thinkable time."""
        for name in ("key", "text", "url", "remote_id", "handle", "title"):
            object.__setattr__(self, name, UNKEPT.sub("", str(getattr(self, name))))
        told = {name: UNKEPT.sub("", str(value)) for name, value in self.evidence.items()}
        object.__setattr__(self, "evidence", told)
        object.__setattr__(self, "posted_at", min(max(self.posted_at, EARLIEST), timezone.now()))

    @property
    def content(self) -> Content:
        """What the rules are given: the words, the label where it is known, and that there is a video."""
        film = Media(MediaKind.VIDEO, key="", mime="video/*", sha256="", size=0)
        options = {LABELLED: True} if self.label else {}
        return Content(self.text, title=self.title, media=(film,) if self.video else (), options=options)


# -- what was seen ------------------------------------------------------------------------------------


def see(seen: Seen, *, endorser: Endorser, source: Source | None = None, by: Member | None = None) -> Sighting:
    """Take in one post as it was seen just now; the workspace must be entered. Safe to call any number of times.

    A post is one sighting, by whichever way it is seen. New words make a new version, which is judged; nothing new
    only notes that it is still there.
    """
    now = timezone.now()
    with transaction.atomic():
        sighting = _sighting(seen, endorser, source, now)
        last = sighting.versions.order_by("-number").first()
        if not _is_news(sighting, last, seen):
            return _still_there(sighting, seen, now)
        _judged(sighting, _kept(sighting, seen, last, by, now), seen, by, now)
    touch(sighting.workspace_id, TOPIC)
    return sighting


def _sighting(seen: Seen, endorser: Endorser, source: Source | None, now: datetime) -> Sighting:
    """The one row for this post, locked."""
    made, _is_new = Sighting.objects.get_or_create(
        network=seen.network,
        key=seen.key[:500],
        defaults={
            "endorser": endorser,
            "source": source,
            "url": seen.url[:1000],
            "handle": seen.handle[:120],
            "surface": seen.surface,
            "posted_at": seen.posted_at,
            "first_seen_at": now,
            "seen_at": now,
            "state": State.FINE,
        },
    )
    return Sighting.objects.select_for_update(of=("self",)).select_related("endorser").get(pk=made.pk)


def _is_news(sighting: Sighting, last: SeenVersion | None, seen: Seen) -> bool:
    if last is None:
        return True
    if last.gone:
        return not _is_stale(sighting, seen)
    same = sighting.versions.filter(way=seen.way, gone=False).order_by("-number").first()
    before = same or last
    weaker = STRENGTH[Way(seen.way)] < STRENGTH[Way(last.way)]
    if same is None and weaker:
        return False
    return _words(Content.from_json(before.content)) != _words(seen.content) or (
        seen.label is not None and before.label != _label(seen)
    )


def _is_stale(sighting: Sighting, seen: Seen) -> bool:
    """A feed may go on listing what its own site says is gone."""
    before = sighting.versions.filter(gone=False).order_by("-number").first()
    same = before is not None and _words(Content.from_json(before.content)) == _words(seen.content)
    return seen.way == Way.FEED and same


def _words(content: Content) -> tuple[str, str]:
    return " ".join(content.title.split()), " ".join(content.text.split())


def _label(seen: Seen) -> str:
    if seen.label is None:
        return Sighting.Label.UNKNOWN
    return Sighting.Label.ON if seen.label else Sighting.Label.OFF


def _still_there(sighting: Sighting, seen: Seen, now: datetime) -> Sighting:
    if sighting.gone_at:
        return sighting
    sighting.seen_at = now
    sighting.remote_id = sighting.remote_id or seen.remote_id
    sighting.look_at = _next_look(sighting, now)
    sighting.save(update_fields=["seen_at", "remote_id", "look_at"])
    return sighting


def _kept(sighting: Sighting, seen: Seen, last: SeenVersion | None, by: Member | None, now: datetime) -> SeenVersion:
    """The version that will be appended, once it is judged."""
    content, label = seen.content.as_json(), _label(seen)
    evidence = dict(seen.evidence)
    if len(json.dumps(evidence, default=str)) > EVIDENCE_BYTES:
        evidence = {"left_out": "larger than 16 KB"}
    return SeenVersion(
        sighting=sighting,
        number=last.number + 1 if last else 1,
        content=content,
        label=label,
        way=seen.way,
        url=seen.url[:1000],
        evidence=evidence,
        digest=digest_of(content, label, evidence),
        by=by,
        by_name=str(by.user) if by else "",
        seen_at=now,
    )


def digest_of(content: Mapping[str, Any], label: str, evidence: Mapping[str, Any]) -> str:  # Any: JSON objects
    """SHA-256 over what was seen; whoever has the version can work it out again."""
    told = json.dumps([content, label, evidence], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


# -- what customs say about it ------------------------------------------------------------------------


def _judged(sighting: Sighting, version: SeenVersion, seen: Seen, by: Member | None, now: datetime) -> None:
    """Judge the new words under what was on record on the day of the post, and do what follows."""
    workspace = Workspace.objects.get(pk=sighting.workspace_id)
    day = sighting.posted_at.astimezone(ZoneInfo(workspace.zone)).date()
    asked: dict[str, Any] = {  # Any: the arguments that `screen` and `context_for` share
        "account_network": sighting.network or ELSEWHERE,
        "endorser": sighting.endorser,
        "workspace": workspace,
        "on": day,
        "surface": sighting.surface,
        "promotes": False,
    }
    verdict = screen(seen.content, **asked)
    about = read(seen.content, context_for(seen.content, **asked)).duty
    version.verdict = verdict
    version.save(force_insert=True)
    matched = _matched(sighting, seen, day) if about else []
    before = None if version.number == 1 else sighting.state
    sighting.about = about
    sighting.brands = sorted({match.brand for match in matched})
    sighting.verdict, sighting.label = verdict, version.label
    if version.number == 1:
        sighting.disclosed_at_first = is_disclosed(verdict) if about else None
    _moved(sighting, pace.state_after(before, verdict.outcome), seen, verdict, by, now)


def is_disclosed(verdict: Verdict) -> bool:
    """Whether nothing is wrong with the disclosure itself; claims are another matter."""
    return not any(
        row["severity"] in ("block", "review") and not str(row["code"]).startswith("claim_") for row in verdict.findings
    )


def _matched(sighting: Sighting, seen: Seen, day: Any) -> list[Match]:  # Any: a date
    """The connections in force that day whose brand the words name; where they name none, all of them."""
    ties = list(Connection.objects.on(day).filter(endorser=sighting.endorser_id))
    words = f"{seen.title}\n{seen.text}"
    named = [tie for tie in ties if _names(words, tie.brand)] or ties
    Match.objects.filter(sighting=sighting).exclude(connection__in=named).delete()
    for tie in named:
        Match.objects.get_or_create(sighting=sighting, connection=tie, defaults={"brand": tie.brand})
    return list(Match.objects.filter(sighting=sighting))


def _names(words: str, brand: str) -> bool:
    """Whether words name a brand, also as a handle or a hashtag: "Teras Kopi", @teraskopi, #TerasKopi."""
    folded, name = fold_letters(words).text, fold_letters(brand).text.strip()
    glued = re.sub(r"[\W_]", "", name)
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded):
        return True
    return len(glued) >= SHORTEST_NAME and glued in re.sub(r"[\W_]", "", folded)


def _moved(sighting: Sighting, state: str, seen: Seen, verdict: Verdict, by: Member | None, now: datetime) -> None:
    """Bring the sighting where its words belong, with the case at the desk that goes with it."""
    was = sighting.state
    sighting.state, sighting.gone_at, sighting.seen_at = state, None, now
    sighting.remote_id = seen.remote_id or sighting.remote_id
    sighting.url = sighting.url or seen.url[:1000]
    sighting.closed_at = (sighting.closed_at or now) if state in Sighting.CLOSED else None
    if state not in Sighting.UNSETTLED:
        sighting.remind_at = None
    sighting.look_at = _next_look(sighting, now)
    if verdict.outcome == Outcome.ALLOW:
        lapse_cases(sighting.case_key)
    else:
        sighting.case = open_case(
            verdict,
            content=seen.content,
            key=sighting.case_key,
            title=" ".join((seen.title or seen.text).split())[:120] or sighting.endorser.name,
            by=by,
            account_name=f"@{sighting.handle}" if sighting.handle else sighting.endorser.name,
            endorser=sighting.endorser,
            link=path_of(sighting),
        )
    sighting.save()
    if state != was or state in (State.MISSING, State.REVIEW):
        record(
            sighting.workspace_id,
            by=by,
            verb="saw_post",
            thing=f"sighting:{sighting.pk}",
            state=state,
            network=sighting.network,
            url=sighting.url,
            verdict=verdict.pk,
        )
    if state == State.MISSING and was != state:
        tell_of(sighting, FOUND)


def _next_look(sighting: Sighting, now: datetime) -> datetime | None:
    if not sighting.url and not sighting.remote_id:
        return None  # typed by hand, without an address: there is nothing to look at
    return pace.next_look(sighting.state, posted_at=sighting.posted_at, asked_at=sighting.asked_at, now=now)


def path_of(sighting: Sighting) -> str:
    """The sighting's page."""
    slug = Workspace.objects.values_list("slug", flat=True).get(pk=sighting.workspace_id)
    return reverse("compliance:sighting", kwargs={"workspace": slug, "pk": sighting.pk})


def tell_of(sighting: Sighting, note: Note, *, again: str = "") -> None:
    """Tell those who watch endorsers: once per note and version of the post, and per `again`."""
    members = Member.objects.filter(role__in=PERMISSIONS["watch_endorsers"]).select_related("user")
    notify(
        members,
        note=note,
        key=f"{note.slug}:{sighting.pk}:{sighting.versions.count()}:{again}",
        url=path_of(sighting),
        name=sighting.endorser.name,
        where=where_of(sighting),
        brand=", ".join(sighting.brands) or "–",
    )


def where_of(sighting: Sighting) -> str:
    """The network's own name, or the site's."""
    if sighting.network:
        return registry.get(sighting.network).name if registry.known(sighting.network) else sighting.network
    return sighting.key.removeprefix("https://").partition("/")[0]


def see_gone(sighting: Sighting, *, way: str, evidence: Mapping[str, Any] | None = None) -> Sighting:
    """The post is not there any more: kept as a version of its own. Safe to call twice. Any: JSON values."""
    now = timezone.now()
    with transaction.atomic():
        sighting = Sighting.objects.select_for_update(of=("self",)).select_related("endorser").get(pk=sighting.pk)
        last = sighting.versions.order_by("-number").first()
        if last is None or last.gone:
            return sighting
        facts = dict(evidence or {})
        SeenVersion.objects.create(
            sighting=sighting,
            number=last.number + 1,
            gone=True,
            content={},
            label=last.label,
            way=way,
            url=sighting.url,
            evidence=facts,
            digest=digest_of({}, last.label, facts),
            seen_at=now,
        )
        sighting.gone_at = now
        if sighting.state in {*Sighting.UNSETTLED, State.REFUSED, State.SILENT}:
            sighting.state, sighting.closed_at = State.REMOVED, now
        sighting.look_at = sighting.remind_at = None
        sighting.save()
        lapse_cases(sighting.case_key)
        record(sighting.workspace_id, by=None, verb="saw_post_gone", thing=f"sighting:{sighting.pk}", way=way)
    touch(sighting.workspace_id, TOPIC)
    return sighting
