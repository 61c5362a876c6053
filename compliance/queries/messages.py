"""What an author is told, reason by reason and in their own language, and the text that would do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Letter:
    """What the message to an author is made of, in the language they read: a greeting, a line a reason, an ending."""

    language: str
    ask: str
    reject: str
    lines: Mapping[str, str]
    ending: str

    def text(self, choice: str, reasons: Collection[str]) -> str:
        """The whole message for `choice` and `reasons`; approving needs none."""
        if choice not in {Decision.Choice.ASK, Decision.Choice.REJECT}:
            return ""
        said = [line for reason in reasons for line in self.lines.get(reason, "").splitlines()]
        ask = choice == Decision.Choice.ASK
        numbered = [f"{n}. {line}" for n, line in enumerate(dict.fromkeys(said), 1)]
        return "\n".join([self.ask if ask else self.reject, *numbered, *([self.ending] if ask and self.ending else [])])


def letter_to_author(case: Case) -> Letter:
    """The message to a case's author, ready to be put together. One query."""
    language = language_of_author(case)
    own = dict(ReasonText.objects.filter(language=language).values_list("reason", "text"))
    with translation.override(language):
        name = (case.author.user.name.split() or [""])[0] if case.author else ""
        hello = _("Hi %(name)s,") % {"name": name} if name else _("Hi,")
        after = mended_text(Content.from_json(case.content), case.verdict.findings)
        ending = f"\n{_('Suggested text:')}\n{after}" if after != case.content.get("text") else ""
        return Letter(
            language=language,
            ask=f"{hello} {_('please change this before it can go out:')}",
            reject=f"{hello} {_('this will not go out:')}",
            lines=_lines(case.verdict.findings, own),
            ending=ending,
        )


def message_to_author(case: Case, choice: str, reasons: Collection[str] | None = None) -> str:
    """What the author gets for `choice` and `reasons` (None: the findings'), in the language they read."""
    return letter_to_author(case).text(choice, pressing(case) if reasons is None else reasons)


def pressing(case: Case) -> list[str]:
    """The rules whose findings ask for something, not only advise; all of them where none does."""
    codes = [str(row["code"]) for row in case.verdict.findings if row["severity"] != Severity.ADVICE]
    return list(dict.fromkeys(codes or [str(row["code"]) for row in case.verdict.findings]))


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


def _lines(findings: Findings, own: Mapping[str, str]) -> dict[str, str]:
    """Reason -> what is said for it: the workspace's own words, else each finding's own sentence."""
    lines: dict[str, list[str]] = {}
    for row in findings:
        code = str(row["code"])
        said = own.get(code) or reason_of(str(row["reason"]), row.get("parameters") or {})
        lines.setdefault(code, []).append(said)
    found = {code: "\n".join(dict.fromkeys(said)) for code, said in lines.items()}
    return {**found, **{name: own.get(name) or str(words[1]) for name, words in DESK_REASONS.items()}}
