"""The rules that are plugged in, and the one road every text takes through them."""

from __future__ import annotations

import hashlib
import importlib
import logging
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from compliance import rules
from compliance.protocol import (
    Concern,
    Context,
    Finding,
    Outcome,
    Parameter,
    ParameterKind,
    Rule,
    Screening,
    Severity,
    gettext_noop,
)
from compliance.rules.reading.letters import fold_letters
from networks.protocol import Content

logger = logging.getLogger(__name__)

CHECKER_FAILED = "checker_failed"
_WORST = (Severity.BLOCK, Severity.REVIEW, Severity.ADVICE)
OF_EVERY_RULE = (
    Parameter(
        "severity",
        gettext_noop("What it does"),
        ParameterKind.CHOICE,
        choices=(
            ("", gettext_noop("What the rule says itself")),
            (str(Severity.BLOCK), gettext_noop("Stops the post until it is mended")),
            (str(Severity.REVIEW), gettext_noop("Asks an officer")),
            (str(Severity.ADVICE), gettext_noop("Only advises")),
        ),
    ),
    Parameter(
        "accepted",
        gettext_noop("Words it lets pass"),
        ParameterKind.WORDS,
        help=gettext_noop("One a line. A finding about exactly these words is not made."),
    ),
)
NOTHING_SET: Mapping[str, str | int | float | bool] = {}
OF_WORDINGS = frozenset({"banned_phrase", "required_phrase"})
"""The rules that carry out counsel's own phrases: each of their policies is one phrase."""


@cache
def every() -> tuple[Rule, ...]:
    """All rules, by code: every module of compliance/rules/ is one."""
    names = sorted(info.name for info in pkgutil.iter_modules(rules.__path__) if not info.ispkg)
    return tuple(importlib.import_module(f"{rules.__name__}.{name}") for name in names)


def get(code: str) -> Rule:
    """The rule called `code`. Raises KeyError."""
    for rule in every():
        if rule.code == code:
            return rule
    raise KeyError(code)


def parameters_of(rule: Rule) -> tuple[Parameter, ...]:
    """What counsel may set about `rule`: its own parameters first."""
    own: Sequence[Parameter] = getattr(rule, "parameters", ())
    return tuple(own) if rule.code in OF_WORDINGS else (*own, *OF_EVERY_RULE)


@cache
def rules_version() -> str:
    """SHA-256 over the rules' own files: another version asks for another verdict."""
    folder = Path(rules.__path__[0])
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".json", ".toml"}):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def judge(content: Content, context: Context) -> Screening:
    """What every rule in use says about `content`; the worst finding decides. Never raises: a failed rule stops."""
    findings = list(_findings(content, context))
    if len(findings) > 1:
        findings.sort(key=lambda f: (_WORST.index(f.severity), f.span or (0, 0)))
    return Screening(_outcome(findings), tuple(findings), content, context, rules_version())


def _findings(content: Content, context: Context) -> Iterator[Finding]:
    switched = context.parameters
    for concerns, rules_of_it in _by_concern():
        if concerns is not None and not _concerned(concerns, content, context):
            continue
        for rule in rules_of_it:
            used = switched.get(rule.code, NOTHING_SET) if switched else NOTHING_SET
            if used and used.get("on", True) is False:
                continue
            try:
                found = rule.check(content, context)
                yield from _as_used(found, used, content) if used else found
            except Exception:  # whatever goes wrong in a rule, the text must not pass because of it
                logger.exception("The rule %s failed", rule.code)
                yield _failed(rule)


@cache
def _by_concern() -> tuple[tuple[Concern | None, tuple[Rule, ...]], ...]:
    """The rules that share a question, behind it: where it is answered no, none of them has anything to find."""
    found: dict[Concern | None, list[Rule]] = {}
    for rule in every():
        found.setdefault(getattr(rule, "concerns", None), []).append(rule)
    return tuple((concerns, tuple(shared)) for concerns, shared in found.items())


def _concerned(concerns: Concern, content: Content, context: Context) -> bool:
    try:
        return concerns(content, context)
    except Exception:  # a question that fails is answered yes: its rules fail in turn, and that stops the text
        return True


def _as_used(
    found: Sequence[Finding], used: Mapping[str, str | int | float | bool], content: Content
) -> Iterator[Finding]:
    """The findings as counsel wants the rule used: with its severity, and without what it lets pass."""
    accepted = {fold_letters(line).text.strip() for line in str(used.get("accepted", "")).splitlines()} - {""}
    severity = str(used.get("severity", ""))
    for finding in found:
        if accepted and fold_letters(_words(finding, content)).text.strip() in accepted:
            continue
        yield replace(finding, severity=Severity(severity)) if severity else finding


def _words(finding: Finding, content: Content) -> str:
    shown = {"text": content.text, "title": content.title}.get(finding.part, "")
    return shown[slice(*finding.span)] if finding.span and shown else str(finding.parameters.get("words", ""))


def _failed(rule: Rule) -> Finding:
    return Finding(
        code=CHECKER_FAILED,
        severity=Severity.REVIEW,
        reason=gettext_noop("The check itself failed (%(rule)s), so a person must look."),
        source=rule.source,
        parameters={"rule": rule.code},
    )


def _outcome(findings: Sequence[Finding]) -> Outcome:
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities:
        return Outcome.BLOCK
    return Outcome.REVIEW if Severity.REVIEW in severities else Outcome.ALLOW
