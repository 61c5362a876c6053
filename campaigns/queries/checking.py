"""What stands in a post's way before it is scheduled: one list over all its channels, what must be mended first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from campaigns.models import Post, Variant
from campaigns.queries.contents import around_of, brands_of
from campaigns.queries.linking import Linked, shown_of
from campaigns.queries.repeats import Repeat, repeats_of
from campaigns.rules import is_web_address
from compliance import registry as rules
from compliance.protocol import IN_VIDEO_OPTION, OPTION, Finding, Severity
from compliance.queries import context_for, reason_of
from networks import registry
from networks.protocol import Content
from networks.queries import limits_of, said

STATUS = {Severity.BLOCK: "must_fix", Severity.REVIEW: "warning", Severity.ADVICE: "info"}
ORDER = ("must_fix", "warning", "info")
AROUND = 30  # characters shown on both sides of a change


@dataclass(slots=True)
class Check:
    """One finding, with the channels it was found on. `before` and `after` show the exact change, if there is one."""

    status: str
    title: str
    reason: str = ""
    code: str = ""
    part: str = "text"
    source: str = ""
    law: str = ""
    before: str = ""
    after: str = ""
    mark: str = ""
    publication_id: int = 0  # the other one that it is too like
    accounts: list[str] = field(default_factory=list)
    account_ids: list[int] = field(default_factory=list)
    nets: list[str] = field(default_factory=list)

    @property
    def fixable(self) -> bool:
        return bool(self.after or self.before)


def checks_of(post: Post) -> list[Check]:
    """Every check of the post as it is, the same finding on several channels once. A few queries a channel."""
    merged: dict[tuple[str, ...], Check] = {}
    for variant in post.variants.all():
        for check in _checks(variant):
            one = merged.setdefault(
                (check.status, check.code, check.title, check.reason, check.part, check.after), check
            )
            one.accounts.append(variant.account.name)
            one.account_ids.append(variant.account_id)
            one.nets.append(variant.account.network)
    for repeat in repeats_of(post):
        check = _repeated(repeat)
        check.accounts.append(repeat.variant.account.name)
        check.account_ids.append(repeat.variant.account_id)
        check.nets.append(repeat.variant.account.network)
        merged[("repeat", str(repeat.variant.account_id))] = check
    return sorted(merged.values(), key=lambda check: ORDER.index(check.status))


def _repeated(repeat: Repeat) -> Check:
    """The same text, or too close: said, explained, with the other one to look at."""
    when = date_format(localtime(repeat.due_at), "D j M Y, H:i")
    title = _("The same words again") if repeat.closeness == 1 else _("Nearly the same words again")
    account = repeat.variant.account
    said_before = _("%(account)s said it on %(when)s") if repeat.live else _("%(account)s says it on %(when)s")
    reason = said_before % {"account": account.name, "when": when} + f" ({repeat.percent} %)."
    if not limits_of(account.network).takes_repeats:
        name = registry.get(account.network).name
        reason += " " + _("%(network)s refuses the same words twice.") % {"network": name}
    return Check("warning", title, reason=reason, code="", publication_id=repeat.publication_id)


def _checks(variant: Variant) -> Iterator[Check]:
    shown = shown_of(variant)
    content = shown.content
    if content.link and not is_web_address(content.link):
        yield Check("must_fix", _("The link is no web address."), part="link")
    for misfit in registry.get(variant.account.network).misfits(content):
        yield Check("must_fix", said(misfit.reason), part=misfit.field)
    for finding in findings_of(variant, shown):
        yield _check(finding, content)


def findings_of(variant: Variant, shown: Linked) -> tuple[Finding, ...]:
    """What customs would say, without keeping a verdict."""
    post, content = variant.post, shown.content
    context = context_for(
        content,
        account_network=variant.account.network,
        endorser=post.speaks_for,
        workspace=post.workspace,
        on=post.workspace.day(timezone.now()),
        brands=brands_of(post),
        around=shown.around(around_of(variant)),
    )
    return rules.judge(content, context).findings


def _check(finding: Finding, content: Content) -> Check:
    before, after = _change(finding, content)
    words = _part(content, finding.part)
    return Check(
        STATUS[finding.severity],
        _title(finding.code),
        reason=reason_of(finding.reason, finding.parameters),
        code=finding.code,
        part=finding.part,
        source=finding.source,
        law=_law(finding.code),
        before=before,
        after=after,
        mark=words[slice(*finding.span)] if finding.span else "",
    )


def _title(code: str) -> str:
    """The rule's short name; a check that failed has none."""
    return next((_(rule.title) for rule in rules.every() if rule.code == code), _("A person must look at it"))


def _law(code: str) -> str:
    """The rule's own sentence, or nothing for a rule that is gone."""
    return next((_(" ".join((rule.__doc__ or "").split())) for rule in rules.every() if rule.code == code), "")


def _part(content: Content, part: str) -> str:
    return content.title if part == "title" else content.text


def _change(finding: Finding, content: Content) -> tuple[str, str]:
    """The words around the finding's edit, before and after it; empty when there is no edit."""
    edit = finding.edit
    if edit is None:
        return "", ""
    if edit.part.startswith(OPTION):
        return "", _(IN_VIDEO_OPTION.label)
    words = _part(content, edit.part)
    start, end = max(0, edit.start - AROUND), edit.end + AROUND
    return words[start:end], words[start : edit.start] + edit.insert + words[edit.end : end]
