"""What a brief says: which words are enough for this person's places and connection, tried on the rules themselves."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from compliance import registry
from compliance.models import Connection, Endorser
from compliance.protocol import ConnectionKind, Context, Severity, Tie
from compliance.queries.brands import same_brand
from compliance.queries.records import limits_of, places_of
from networks import registry as networks
from networks.protocol import Content
from workspaces.models import Workspace

FOLDER = Path(__file__).with_name("letters")
DEFAULT = "en"
MOST_WORDS = 8
Words = Mapping[str, Any]  # Any: texts, lists of texts and tables of texts


@cache
def words_in(language: str) -> Words:
    """What letters say in `language` (ISO 639-1), or in English where we have no such words."""
    path = FOLDER / f"{language}.toml"
    return tomllib.loads((path if path.exists() else FOLDER / f"{DEFAULT}.toml").read_text(encoding="utf-8"))


def languages() -> dict[str, str]:
    """The languages that letters can be written in, by their own names."""
    return {path.stem: str(words_in(path.stem)["name"]) for path in sorted(FOLDER.glob("*.toml"))}


def brief(endorser: Endorser, brand: str, *, workspace: Workspace, language: str, on: date) -> dict[str, Any]:
    """The sections of a brief as JSON: {"title", "intro", "sections": [{"heading", "lines", "good", "bad"}]}."""
    words = words_in(language)
    ties = ties_to(endorser, brand, on)
    context = Context(
        network=_strictest(endorser),
        limits=limits_of(_strictest(endorser)),
        ties=ties or (Tie(ConnectionKind.PAYMENT, brand),),
        endorser=endorser.name,
        author_role="influencer",
        places=places_of(workspace, endorser),
        language=language,
        promotes=True,
    )
    good, bad = accepted(words, context, brand, kinds={tie.kind.value for tie in ties})
    kinds = [words["kinds"][tie.kind.value] for tie in ties]
    what = words["what" if kinds else "what_none"]
    named = {"brand": brand, "workspace": workspace.name, "kinds": ", ".join(kinds), "name": endorser.name}
    return {
        "title": words["title_brief"].format(**named),
        "hello": words["hello"].format(**named),
        "intro": words["intro_brief"].format(**named),
        "places": list(context.places),
        "rules_version": registry.rules_version(),
        "sections": [
            {"heading": words["h_what"], "lines": [what.format(**named)]},
            {
                "heading": words["h_words"],
                "lines": [words["words_ok"]],
                "good": good,
                "bad_says": words["words_not"],
                "bad": bad,
            },
            {"heading": words["h_where"], "lines": _where(endorser, words)},
            {"heading": words["h_moving"], "lines": [words["video"], words["story"], words["live"], words["label"]]},
            {"heading": words["h_honest"], "lines": [words["honest"], words["undo"]]},
        ],
    }


def attestation(endorser: Endorser, brand: str, *, workspace: Workspace, language: str) -> dict[str, Any]:
    """What a request for an attestation says, as JSON like a brief's."""
    words = words_in(language)
    named = {"brand": brand, "workspace": workspace.name, "name": endorser.name}
    return {
        "title": words["title_attestation"].format(**named),
        "hello": words["hello"].format(**named),
        "intro": words["intro_attestation"].format(**named),
        "sections": [],
    }


def accepted(words: Words, context: Context, brand: str, *, kinds: Collection[str]) -> tuple[list[str], list[str]]:
    """Which ways of saying it pass the rules at the beginning of a post under `context`, and which do not.

    `kinds` of connections are on record: what tells of another kind would not be true, and is not offered.
    """
    good: list[str] = []
    bad: list[str] = []
    for candidate in words["candidates"]:
        kind, _, said = str(candidate).format(brand=brand).rpartition(">")
        if kind and kind not in kinds:
            continue  # it would not be true
        (good if _passes(said, words, context, brand) else bad).append(said)
    return good[:MOST_WORDS], bad[:MOST_WORDS]


def _passes(said: str, words: Words, context: Context, brand: str) -> bool:
    between = " " if said.startswith("#") else ": "
    content = Content(text=f"{said}{between}{words['praise'].format(brand=brand)}", language=context.language)
    found = registry.judge(content, context).findings
    return not any(one.severity is not Severity.ADVICE and not one.code.startswith("claim") for one in found)


def ties_to(endorser: Endorser, brand: str, on: date) -> tuple[Tie, ...]:
    """The endorser's connections to `brand` in force on `on`, one of each kind."""
    found = Connection.objects.on(on).filter(endorser=endorser).order_by("pk")
    kinds = {row.kind: row for row in found if same_brand(row.brand, brand)}
    return tuple(Tie(ConnectionKind(kind), brand) for kind in kinds)


def _networks(endorser: Endorser) -> Sequence[str]:
    own = [slug for slug, handle in endorser.handles.items() if handle]
    return own or networks.slugs()


def _strictest(endorser: Endorser) -> str:
    return min(_networks(endorser), key=lambda slug: limits_of(slug).fold_characters or 10**6)


def _where(endorser: Endorser, words: Words) -> list[str]:
    lines = [words["where_first"]]
    for slug in _networks(endorser):
        limits = limits_of(slug)
        name = networks.get(slug).name if networks.known(slug) else slug.capitalize()
        key = "where_fold_lines" if limits.fold_lines else "where_fold"
        if limits.fold_characters:
            told = words[key].format(network=name, characters=limits.fold_characters, lines=limits.fold_lines)
            lines.append(told)
    return [*lines, words["where_not"]]
