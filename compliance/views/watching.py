"""The watch: how much is disclosed, which posts were seen, and one of them with its versions and what to do."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from compliance.actions.watching import where_of
from compliance.context.found import Found, as_html, found_in, pieces_of
from compliance.forms.watching import AskForm, SettleForm, network_choices
from compliance.models import Ask, Endorser, Match, SeenVersion, Sighting, Source
from compliance.queries import mended_text
from compliance.queries.asking import compose
from compliance.queries.watching import Seek, Share, dashboard, sightings
from networks.protocol import Content
from workspaces.access import WorkspaceRequest, needs

PAGE = 50
MOST_ROWS = 10_000
PILLS = {
    Sighting.State.FINE: "pass",
    Sighting.State.REVIEW: "warning",
    Sighting.State.MISSING: "must_fix",
    Sighting.State.ASKED: "waiting",
    Sighting.State.ESCALATED: "held",
    Sighting.State.FIXED: "resolved",
    Sighting.State.REMOVED: "deleted_remote",
    Sighting.State.REFUSED: "refused",
    Sighting.State.SILENT: "failed",
    Sighting.State.DISMISSED: "approved",
}


@require_GET
@needs("see")
def watch(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """How much endorsers disclose, by whom, about what, where and when; how long a fix takes; what is open."""
    seek = Seek.of(request.GET)
    figures = dashboard(seek, request.workspace)
    by = request.GET.get("csv", "")
    tables = {
        "endorser": (_("By endorser"), figures.by_endorser),
        "brand": (_("By brand"), figures.by_brand),
        "network": (_("By network"), figures.by_network),
        "week": (_("By week"), figures.by_week),
    }
    if by in tables:
        return _csv(f"disclosed-by-{by}", *_share_rows(tables[by][1]))
    waiting = sightings(Seek(state="unsettled", about="1"), request.workspace).order_by("posted_at", "pk")[:8]
    context = {
        "seek": seek,
        "figures": figures,
        "tables": [
            (title, [(share, _inside(seek, name, share)) for share in shares], _with(seek, csv=name))
            for name, (title, shares) in tables.items()
        ],
        "median": _span(figures.median),
        "p90": _span(figures.p90),
        "waiting": _drawn(waiting),
        **_watched(),
        "may_watch": request.member.may("watch_endorsers"),
        **_choices(),
    }
    return render(request, "compliance/watch.html", context)


def _watched() -> dict[str, int]:
    """How many sources are looked at, and how many of them are in trouble. One query."""
    looked_at = Source.objects.filter(due_at__isnull=False)
    return looked_at.aggregate(watched=Count("pk"), troubled=Count("pk", filter=Q(failures__gt=0)))


def _inside(seek: Seek, name: str, share: Share) -> str:
    """The address of the posts behind one row of a table."""
    if name != "week":
        return _with(seek, about="1", **{name: share.key})
    monday = date.fromisoformat(share.key)
    return _with(seek, about="1", since=share.key, until=(monday + timedelta(days=6)).isoformat())


def _with(seek: Seek, **more: str) -> str:
    asked = {**dict(_asked(seek)), **more}
    return urlencode({name: value for name, value in asked.items() if value})


def _span(span: timedelta | None) -> str:
    """A span in the largest unit that says something."""
    if span is None:
        return "–"
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d h") % {"n": round(minutes / 60)}
    return _("%(n)d days") % {"n": round(minutes / 1440)}


@require_GET
@needs("see")
def posts(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The posts that were seen, narrowed by the address; the same as CSV."""
    seek = Seek.of(request.GET)
    found = sightings(seek, request.workspace)
    if request.GET.get("csv"):
        return _csv("posts", *_post_rows(found[:MOST_ROWS]))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "seek": seek,
        "page": page,
        "rows": _drawn(page.object_list),
        "kept": _with(seek),
        "states": [("unsettled", _("Needs something")), *Sighting.State.choices],
        "any": any(value for _name, value in _asked(seek)),
        "may_watch": request.member.may("watch_endorsers"),
        **_choices(),
    }
    return render(request, "compliance/watch_posts.html", context)


@require_GET
@needs("see")
def post(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One post: its words with the findings, every version, what was asked, and what can be done now."""
    one = get_object_or_404(Sighting.objects.select_related("endorser", "source", "case", "verdict"), pk=pk)
    versions = list(SeenVersion.objects.filter(sighting=one).select_related("verdict").order_by("-number"))
    newest = next((version for version in versions if not version.gone), None)
    findings, words = _read(newest)
    may = request.member.may("watch_endorsers")
    context = {
        "one": one,
        "where": where_of(one),
        "pill": PILLS[Sighting.State(one.state)],
        "newest": newest,
        "findings": findings,
        "words": words,
        "suggestion": _suggestion(newest),
        "versions": [(version, _before(version, versions)) for version in versions],
        "matches": Match.objects.filter(sighting=one).select_related("connection"),
        "sent": Ask.objects.filter(sighting=one),
        "form": _ask_form(request, one, newest) if may and _askable(one) and newest else None,
        "settle": SettleForm() if request.member.may("decide_cases") and _settleable(one) else None,
        "may_watch": may,
        "reminder": one.asks > 0,
    }
    return render(request, "compliance/watch_post.html", context)


def _askable(one: Sighting) -> bool:
    return one.state in Sighting.UNSETTLED


def _settleable(one: Sighting) -> bool:
    return one.state in {*Sighting.UNSETTLED, Sighting.State.SILENT, Sighting.State.REFUSED}


def _ask_form(request: WorkspaceRequest, one: Sighting, newest: SeenVersion) -> AskForm:
    """The request, ready to be sent or changed; in the language that the address asks for, else the endorser's."""
    asked = request.GET.get("language", "")
    message = compose(one, newest, workspace=request.workspace, language=asked, reminder=one.asks > 0)
    way = Ask.Way.MAIL if one.endorser.email else Ask.Way.COPIED
    return AskForm(
        initial={
            "way": way,
            "to": one.endorser.email,
            "language": message.language,
            "subject": message.subject,
            "body": message.body,
        }
    )


def _read(version: SeenVersion | None) -> tuple[list[Found], SafeString]:
    """What the rules found in a version, numbered, and its words with the same numbers on them."""
    if version is None or version.verdict is None:
        return [], SafeString("")
    content = Content.from_json(version.content)
    found = list(found_in(version.verdict.findings, content))
    return found, as_html(list(pieces_of(content.text, found, version.verdict.findings)))


def _suggestion(version: SeenVersion | None) -> tuple[str, str] | None:
    """The words, and the words with every offered change; None when nothing is offered."""
    if version is None or version.verdict is None:
        return None
    content = Content.from_json(version.content)
    better = mended_text(content, version.verdict.findings)
    return (content.text, better) if better != content.text else None


def _before(version: SeenVersion, versions: Iterable[SeenVersion]) -> str | None:
    """The words of the version before, where both say something."""
    earlier = [each for each in versions if each.number < version.number and not each.gone]
    return str(max(earlier, key=lambda each: each.number).content["text"]) if earlier and not version.gone else None


def _drawn(found: Iterable[Sighting]) -> list[dict[str, object]]:
    """Rows of sightings with their pill and the beginning of their newest words. One more query for all of them."""
    rows = list(found)
    versions = SeenVersion.objects.filter(sighting__in=rows, gone=False).order_by("sighting_id", "-number")
    newest = {version.sighting_id: version for version in versions.distinct("sighting_id")}
    return [
        {"one": row, "pill": PILLS[Sighting.State(row.state)], "words": _opening(newest.get(row.pk))} for row in rows
    ]


def _opening(version: SeenVersion | None) -> str:
    if version is None:
        return ""
    return " ".join(str(version.content.get("title") or version.content.get("text", "")).split())[:140]


def _choices() -> dict[str, object]:
    return {
        "people": [(str(pk), name) for pk, name in Endorser.objects.order_by("name").values_list("pk", "name")[:500]],
        "brands": list(Match.objects.order_by("brand").values_list("brand", flat=True).distinct()[:200]),
        "networks": network_choices(),
    }


def _asked(seek: Seek) -> list[tuple[str, str]]:
    return [(name, getattr(seek, name)) for name in Seek.__dataclass_fields__]


def _share_rows(shares: Iterable[Share]) -> tuple[list[str], list[list[object]]]:
    head = ["name", "posts", "disclosed_at_first", "disclosed_now", "open", "percent_at_first", "percent_now"]
    return head, [[s.name, s.posts, s.at_first, s.now, s.open, s.percent_at_first, s.percent_now] for s in shares]


def _post_rows(found: Iterable[Sighting]) -> tuple[list[str], list[list[object]]]:
    head = ["id", "endorser", "network", "handle", "url", "posted_at", "first_seen_at", "brands", "state"]
    head += ["disclosed_at_first", "label", "asked_at", "closed_at", "gone_at"]
    return head, [
        [
            one.pk,
            one.endorser.name,
            one.network or "web",
            one.handle,
            one.url,
            one.posted_at.isoformat(),
            one.first_seen_at.isoformat(),
            "; ".join(one.brands),
            one.state,
            "" if one.disclosed_at_first is None else one.disclosed_at_first,
            one.label,
            one.asked_at.isoformat() if one.asked_at else "",
            one.closed_at.isoformat() if one.closed_at else "",
            one.gone_at.isoformat() if one.gone_at else "",
        ]
        for one in found
    ]


def _csv(name: str, head: list[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A table that spreadsheets open; what they would take for a formula stays a text."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(head)
    writer.writerows([[_harmless(value) for value in row] for row in rows])
    return answer


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value
