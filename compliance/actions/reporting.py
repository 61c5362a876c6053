"""A pack's report for people: every sealed post with its picture, what customs said, and what it rested on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.storage import default_storage
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from compliance import registry
from compliance.adapters.paper import Block, Report, Section
from compliance.models import KIND_WORDS, STATEMENTS, Decision, Pack
from compliance.protocol import ConnectionKind
from compliance.queries.packing import Gathered, Piece
from compliance.queries.seen import seen
from compliance.queries.words import reason_of
from networks import registry as networks
from workspaces.models import Workspace

Row = Mapping[str, Any]  # Any: a JSON object


def report_of(pack: Pack, gathered: Gathered, *, head: str, workspace: Workspace) -> Report:
    """The report, in the language and the zone that are active."""
    return Report(
        title=pack.title,
        language=pack.language,
        made_at=pack.asked_at,
        facts=tuple(_facts(pack, gathered, head, workspace)),
        notes=(
            _("Each post was sealed in the same transaction as the network's receipt, and chained to the one before."),
            _("To verify: unpack the file and run verify.py, or compare the digests with Gardu's own page."),
        ),
        head=(_("No."), _("When"), _("Network"), _("Account"), _("Disclosed"), _("Verdict")),
        rows=tuple(_row(piece) for piece in gathered.pieces),
        sections=(*map(_section, gathered.pieces), *_people(gathered)),
    )


def _facts(pack: Pack, gathered: Gathered, head: str, workspace: Workspace) -> Iterator[tuple[str, str]]:
    yield _("Workspace"), workspace.name
    yield _("Asked for by"), f"{pack.asked_by_name}, {when(pack.asked_at)}"
    if pack.since or pack.until:
        yield _("Period"), f"{day(pack.since)} – {day(pack.until)}"
    yield _("Posts"), str(len(gathered.pieces))
    yield _("Chain up to"), f"{pack.through}, {head}"


def _row(piece: Piece) -> tuple[str, ...]:
    link, body = piece.link, piece.body
    if body is None:
        return (str(link.number), when(link.at), "", "", _("deleted when its time was over"), "")
    return (
        str(link.number),
        when(link.at),
        _network(body),
        str(body["account"]["name"]),
        disclosed(piece.rendering),
        _verdict(body),
    )


def disclosed(rendering: Row | None) -> str:
    """Where the post says what ties it to the brand, in the reader's language."""
    if rendering is None or "disclosures" not in rendering:
        return _("not drawn")
    found = rendering["disclosures"]
    if not found:
        return _("nothing said in the text")
    words = ", ".join(f"“{one['words']}”" for one in found[:3])
    above = any(one["above_fold"] for one in found)
    return (_("above the fold: %(words)s") if above else _("below the fold: %(words)s")) % {"words": words}


def _section(piece: Piece) -> Section:
    link, body = piece.link, piece.body
    title = _("Evidence %(number)s") % {"number": link.number}
    if body is None:
        return Section(title, ((_("Sealed"), when(link.at)), (_("Digest"), link.digest)))
    receipt = body["receipt"]
    facts = [
        (_("Sealed"), when(link.at)),
        (_("Network and account"), f"{_network(body)}, {body['account']['name']} (@{body['account']['handle']})"),
        (_("Network's receipt"), f"{receipt['remote_id']}  {receipt['url']}"),
        (_("Disclosed"), disclosed(piece.rendering)),
        (_("Verdict"), _verdict(body)),
        (_("Fingerprint"), body["fingerprint"]),
        (_("Rules"), str((_on_record(body).get("verdict") or {}).get("rules_version", ""))),
        (_("Link"), link.digest),
    ]
    if receipt.get("told_by"):
        facts.insert(3, (_("Seen on the network by"), receipt["told_by"]))
    return Section(title, tuple(facts), _picture(piece), tuple(_blocks(body)))


def _blocks(body: Row) -> Iterator[Block]:
    content = seen(body).content
    yield Block(_("Text as sent"), tuple(line for line in (content.title, content.text, content.link) if line))
    on_record = _on_record(body)
    findings = (on_record.get("verdict") or {}).get("findings") or []
    if findings:
        yield Block(_("Findings"), tuple(_finding(row) for row in findings))
    decisions = on_record.get("decisions") or []
    if decisions:
        yield Block(_("Decisions"), tuple(_decision(row) for row in decisions))
    ties = on_record.get("connections") or []
    if ties:
        yield Block(_("Connections on record"), tuple(connection_line(row) for row in ties))
    signed = on_record.get("signatures") or []
    if signed:
        yield Block(_("Signed by the endorser"), tuple(_signature(row) for row in signed))


def _people(gathered: Gathered) -> Iterator[Section]:
    """Who the endorsers are, and every version of what is on record about them."""
    latest: dict[int, Row] = {}
    for row in gathered.records["versions"]:
        if row["kind"] == "endorser":
            latest[row["record"]] = row["what"]
    for number, what in latest.items():
        ties = [row for row in gathered.records["versions"] if row["kind"] == "connection"]
        mine = [row for row in ties if row["what"]["endorser_id"] == number]
        facts = [
            (_("Lives in"), what["place"]),
            (_("Handles"), ", ".join(f"{slug}: @{handle}" for slug, handle in what["handles"].items())),
        ]
        lines = tuple(
            f"{connection_line(row['what'])} · {_('recorded by')} {row['what'].get('recorded_by_name') or '–'}, "
            f"{_stamp(row['at'])}"
            for row in mine
        )
        blocks = (Block(_("Connections on record, every version"), lines),) if lines else ()
        yield Section(what["name"], tuple(facts), None, blocks)


def connection_line(row: Row) -> str:
    """One version of a connection in a line."""
    value = f", {amount(row['value'])} {row['currency']}" if row.get("value") is not None else ""
    kind = KIND_WORDS[ConnectionKind(row["kind"])]
    proof = f" · {row['evidence']}" if row.get("evidence") else ""
    until = row["ends_on"] or "…"
    return (
        f"{row['brand']}: {kind}{value} ({row['starts_on']} – {until}){proof} "
        f"[{_('version %(number)s') % {'number': row.get('version', 1)}}]"
    )


def amount(value: Any) -> str:  # Any: a number of JSON
    """A sum of money as the active language writes it."""
    number = Decimal(str(value))
    return str(formats.number_format(number, 0 if number == int(number) else 2, use_l10n=True, force_grouping=True))


def _finding(row: Row) -> str:
    rule = next((one for one in registry.every() if one.code == row["code"]), None)
    title = _(rule.title) if rule else row["code"]
    return f"{title} ({row['code']}, {row['severity']}): {reason_of(row['reason'], row.get('parameters') or {})}"


def _decision(row: Row) -> str:
    choice = dict(Decision.Choice.choices).get(row["choice"], row["choice"])
    return f"{choice} · {row['by_name']}, {_stamp(row['decided_at'])}: {row['reason']}"


def _signature(row: Row) -> str:
    words = " ".join(str(STATEMENTS.get(code, code)) for code in row["statements"])
    return f"{row['name']}, {_stamp(row['at'])} ({row['brand']}): {words}"


def _on_record(body: Row) -> Row:
    found: Row = body.get("on_record") or {}
    return found


def _verdict(body: Row) -> str:
    verdict = _on_record(body).get("verdict")
    words = {"allow": _("may go out"), "review": _("sent to a person"), "block": _("must be changed")}
    return str(words.get(verdict["outcome"], verdict["outcome"])) if verdict else _("none")


def _network(body: Row) -> str:
    slug = str(body["network"])
    return networks.get(slug).name if networks.known(slug) else slug


def _picture(piece: Piece) -> bytes | None:
    file = piece.picture
    if file is None or not default_storage.exists(file.key):
        return None
    with default_storage.open(file.key, "rb") as opened:
        return bytes(opened.read())


def _stamp(text: str) -> str:
    at = parse_datetime(text)
    return when(at) if at else text


def when(at: datetime) -> str:
    """A moment in the active zone, with its offset: two readers must not take it for two moments."""
    local = timezone.localtime(at)
    return f"{formats.date_format(local, 'j M Y H:i:s')} {local:%z}"


def day(value: Any) -> str:  # Any: a date or None
    """A day, or an open end."""
    return formats.date_format(value, "j M Y") if value else "…"
