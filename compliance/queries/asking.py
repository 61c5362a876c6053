"""What an endorser is asked to change, in the endorser's own language: made from the findings on the post."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from compliance.models import Ask, SeenVersion, Sighting
from compliance.queries.messages import mended_text
from networks import registry
from networks.protocol import Content
from workspaces.models import Workspace

FOLDER = Path(__file__).resolve().parent.parent / "asks"
DEFAULT = "en"
DATES = {"en": "%d %B %Y", "de": "%d.%m.%Y", "fr": "%d/%m/%Y", "es": "%d/%m/%Y", "id": "%d/%m/%Y"}
Row = Mapping[str, Any]  # Any: a verdict's finding as JSON


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to be sent or changed. `codes`: the rules it is about."""

    language: str
    subject: str
    body: str
    codes: tuple[str, ...]


@cache
def languages() -> tuple[str, ...]:
    """The languages in which endorsers can be asked."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def language_for(sighting: Sighting) -> str:
    """The endorser's own language where we can write it, else English."""
    known = sighting.endorser.language.split("-")[0].lower()
    return known if known in languages() else DEFAULT


def compose(
    sighting: Sighting, version: SeenVersion, *, workspace: Workspace, language: str = "", reminder: bool = False
) -> Message:
    """What to write about the newest `version` of a post. One query for a reminder's date."""
    language = language if language in languages() else language_for(sighting)
    said = _said(language)
    rows = [row for row in (version.verdict.findings if version.verdict else []) if row["severity"] != "advice"]
    facts = _facts(sighting, workspace, language)
    claims_only = bool(rows) and all(str(row["code"]).startswith("claim_") for row in rows)
    content = Content.from_json(version.content)
    lines = [said["hello"].format(**facts), ""]
    if reminder:
        lines += [said["reminder"].format(**facts, day_asked=_day(sighting.asked_at, workspace, language)), ""]
    lines += [said["opening_claims" if claims_only else "opening"].format(**facts), facts["url"], ""]
    lines += [f"– {line}" for line in dict.fromkeys(_findings(rows, content, said, facts))]
    better = mended_text(content, rows)
    if better != content.text:
        lines += ["", said["suggestion"], better]
    lines += ["", said["closing"], "", said["thanks"], workspace.name]
    codes = tuple(dict.fromkeys(str(row["code"]) for row in rows))
    return Message(language, said["subject"].format(**facts), "\n".join(lines), codes)


def last_ask(sighting: Sighting) -> Ask | None:
    """The newest message about the post."""
    return Ask.objects.filter(sighting=sighting).order_by("-pk").first()


def _findings(rows: list[Row], content: Content, said: Row, facts: Mapping[str, str]) -> Iterator[str]:
    sentences = said["findings"]
    for row in rows:
        code = str(row["code"])
        part = content.title if row.get("part") == "title" else content.text
        words = part[slice(*row["span"])].strip() if row.get("span") and row.get("part") in ("text", "title") else ""
        key = "claim" if code.startswith("claim_") else code
        if key not in sentences:
            key = "other" if words else "other_without_words"
        yield sentences[key].format(**facts, words=" ".join(words.split())[:80] or facts["brand"])


def _facts(sighting: Sighting, workspace: Workspace, language: str) -> dict[str, str]:
    network = sighting.network
    where = registry.get(network).name if registry.known(network) else sighting.key.split("/")[2:3] or [network]
    return {
        "name": sighting.endorser.name.split()[0] if sighting.endorser.name else "",
        "brand": ", ".join(sighting.brands) or workspace.name,
        "where": where if isinstance(where, str) else where[0],
        "day": _day(sighting.posted_at, workspace, language),
        "url": public_url(sighting),
        "team": workspace.name,
    }


def public_url(sighting: Sighting) -> str:
    """The address that the endorser opens, also where we reach the network by another one."""
    return registry.reach().public(sighting.url)


def _day(moment: datetime | None, workspace: Workspace, language: str) -> str:
    return moment.astimezone(ZoneInfo(workspace.zone)).strftime(DATES[language]) if moment else ""


@cache
def _said(language: str) -> dict[str, Any]:  # Any: sentences, and a table of them
    return tomllib.loads((FOLDER / f"{language}.toml").read_text())
