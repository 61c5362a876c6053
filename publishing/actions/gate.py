"""The one gate: pages, API, content plans and replies all pass here, and once more when the clock strikes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.utils import timezone

from compliance.actions import Asked, passing, screen
from compliance.models import Endorser, Verdict
from compliance.protocol import Outcome
from compliance.queries import passes
from networks import registry
from networks.models import Account
from networks.protocol import Content, Misfit, Network, Replies, TargetKind
from publishing.models import Publication
from publishing.protocol import Blocked, NeedsReview

SURFACES = {
    TargetKind.THREAD: "post",
    TargetKind.COMMENT: "comment",
    TargetKind.COMMENT_REPLY: "reply",
    TargetKind.MENTION_REPLY: "reply",
    TargetKind.MESSAGE: "reply",
}


def clear(
    content: Content,
    *,
    account: Account,
    endorser: Endorser | None = None,
    kind: TargetKind | None = None,
    brands: Collection[str] = (),
    around: Mapping[str, str] | None = None,
    on: date | None = None,
) -> Verdict:
    """The passing verdict on `content` for `account`; the workspace must be entered. Safe to call at any time.

    `kind`: what sort of answer or continuation it is; None for a post. `on`: the day whose records count, in the
    workspace's zone; the claim says the database's, so that no other clock lets anything out. Raises Blocked when it
    does not fit the network or customs stop it, NeedsReview when an officer must decide first; both carry the reasons.
    """
    network = registry.get(account.network)
    misfits = misfits_of(content, network, kind)
    if misfits:
        raise Blocked(misfits=misfits)
    verdict = screen(
        content,
        account_network=account.network,
        endorser=endorser,
        workspace=account.workspace,
        on=on or account.workspace.day(timezone.now()),
        surface=SURFACES[kind] if kind else "post",
        brands=brands,
        around=around,
    )
    if passes(verdict):
        return verdict
    stopped = Blocked if verdict.outcome == Outcome.BLOCK else NeedsReview
    raise stopped(findings=verdict.findings, verdict_id=verdict.pk)


def standing(publications: Sequence[Publication], *, on: date) -> dict[int, int]:
    """Publication id -> the verdict on record that lets its bytes pass just now; what is left out needs `clear`.

    All of the entered workspace; a few queries, however many there are.
    """
    asked = {one.pk: _asked(one) for one in publications if not _misfits(one)}
    if not asked:
        return {}
    found = passing(list(asked.values()), workspace=publications[0].workspace, on=on)
    return {pk: verdict for pk, verdict in zip(asked, found, strict=True) if verdict is not None}


def _kind(publication: Publication) -> TargetKind | None:
    return TargetKind(publication.target_kind) if publication.target_kind else None


def _misfits(publication: Publication) -> list[Misfit]:
    return misfits_of(publication.sealed, registry.get(publication.account.network), _kind(publication))


def _asked(publication: Publication) -> Asked:
    kind = _kind(publication)
    return Asked(
        content=publication.sealed,
        account_network=publication.account.network,
        endorser=publication.endorser,
        surface=SURFACES[kind] if kind else "post",
        brands=publication.brands,
        around=publication.around,
    )


def misfits_of(content: Content, network: Network, kind: TargetKind | None) -> list[Misfit]:
    """Why the network would not take `content` as a post or, with `kind`, as an answer."""
    if kind is None:
        return network.misfits(content)
    if not isinstance(network, Replies) or kind not in network.answers:
        return [Misfit("target", "This network does not let an app send this kind of answer.")]
    if kind is TargetKind.THREAD:
        return network.misfits(content)
    length, limit = network.count(content.text), network.limits.comment or network.limits.text
    if length > limit:
        return [Misfit("text", "This is longer than an answer on this network may be.", limit, length)]
    return []
