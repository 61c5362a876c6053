"""What an author is told, reason by reason and in their own language, and the text that would do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance import registry
from compliance.models import Case, Decision, ReasonText
from compliance.protocol import OPTION, Edit, Severity, mended
from compliance.queries.words import reason_of
from networks.protocol import Content

Findings = Sequence[Mapping[str, Any]]  # Any: JSON objects

# The desk's own reasons beside the rules': what the chip says, and what the author is told.
DESK_REASONS: Mapping[str, tuple[Any, Any]] = {  # Any: lazy words
    "evidence_missing": (
        gettext_lazy("Evidence is missing"),
        gettext_lazy("Please send us what proves it, or leave it out."),
    ),
    "fact_wrong": (gettext_lazy("A fact is wrong"), gettext_lazy("Something in it is not right. Please check it.")),
    "rights_unclear": (
        gettext_lazy("Rights are not clear"),
        gettext_lazy("Please make sure that we may show this picture or name."),
    ),
    "evidence_held": (gettext_lazy("We hold the evidence"), ""),
    "clear_in_context": (gettext_lazy("Clear in context"), ""),
}


def reasons_for(case: Case) -> dict[str, str]:
    """The chips of a case, in the reader's language: its findings' rules first, then the desk's own."""
    found = {str(row["code"]): title_of(str(row["code"])) for row in case.verdict.findings}
    return {**found, **{name: str(words[0]) for name, words in DESK_REASONS.items()}}


def title_of(reason: str) -> str:
    """A rule's or the desk's name for a reason, in the reader's language."""
    if reason in DESK_REASONS:
        return str(DESK_REASONS[reason][0])
    rule = next((rule for rule in registry.every() if rule.code == reason), None)
    return _(rule.title) if rule else _("The check itself failed")


def language_of_author(case: Case) -> str:
    """The language the receiver of the desk's message reads."""
    user = case.author.user if case.author else None
    return (user.language if user else "") or str(settings.LANGUAGE_CODE)


def message_to_author(case: Case, choice: str, reasons: Collection[str] | None = None) -> str:
    """What the author gets for `choice` and `reasons` (None: the findings'), in the language they read."""
    if choice not in {Decision.Choice.ASK, Decision.Choice.REJECT}:
        return ""
    language = language_of_author(case)
    own = dict(ReasonText.objects.filter(language=language).values_list("reason", "text"))
    with translation.override(language):
        return _composed(case, choice, reasons, own)


def texts_of(language: str) -> dict[str, str]:
    """Reason -> what authors who read `language` are told, by the workspace's own words or else Gardu's."""
    own = dict(ReasonText.objects.filter(language=language).values_list("reason", "text"))
    with translation.override(language):
        usual = {rule.code: _(" ".join((rule.__doc__ or "").split())) for rule in registry.every()}
        usual |= {name: str(words[1]) for name, words in DESK_REASONS.items() if words[1]}
    return {**usual, **own}


def mended_text(content: Content, findings: Findings) -> str:
    """The text with the offered changes made, later ones first so that the places stay right."""
    offered = [Edit(**row["edit"]) for row in findings if row.get("edit")]
    edits = {(edit.start, edit.end, edit.insert): edit for edit in offered if edit.part == "text"}
    text, limit = content, len(content.text) + 1
    for edit in sorted(edits.values(), key=lambda edit: (-edit.start, -edit.end)):
        if edit.end <= limit and not edit.part.startswith(OPTION):
            text, limit = mended(text, edit), edit.start
    return text.text


def _composed(case: Case, choice: str, reasons: Collection[str] | None, own: Mapping[str, str]) -> str:
    name = (case.author.user.name.split() or [""])[0] if case.author else ""
    hello = _("Hi %(name)s,") % {"name": name} if name else _("Hi,")
    ask = choice == Decision.Choice.ASK
    what = _("please change this before it can go out:") if ask else _("this will not go out:")
    lines = _lines(case.verdict.findings, reasons, own)
    after = mended_text(Content.from_json(case.content), case.verdict.findings)
    suggestion = ["", _("Suggested text:"), after] if ask and after != case.content.get("text") else []
    return "\n".join([f"{hello} {what}", *(f"{n}. {line}" for n, line in enumerate(lines, 1)), *suggestion])


def _lines(findings: Findings, reasons: Collection[str] | None, own: Mapping[str, str]) -> list[str]:
    """One line for each reason: the workspace's own words, else the finding's own sentence."""
    lines = []
    for row in findings:
        code = str(row["code"])
        wanted = row["severity"] != Severity.ADVICE if reasons is None else code in reasons
        if wanted:
            lines.append(own.get(code) or reason_of(str(row["reason"]), row.get("parameters") or {}))
    for reason in reasons or ():
        if reason in DESK_REASONS and (text := own.get(reason) or str(DESK_REASONS[reason][1])):
            lines.append(text)
    return list(dict.fromkeys(lines))
