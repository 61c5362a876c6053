"""The last posts of a workspace, for counsel to try a policy on."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils import timezone

from compliance.actions import Asked, Sample, begin_trying, end_trying, try_on
from publishing.actions.gate import SURFACES
from publishing.models import Publication
from workspaces.models import Workspace
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
MOST = 1000
AT_ONCE = 50


def try_on_last_posts(run_id: int, workspace_id: int) -> None:
    """Make one dry run from beginning to end; the page sees its progress. Enters by itself. Safe to call twice."""
    with entered(workspace_id):
        ids = list(Publication.objects.order_by("-pk").values_list("pk", flat=True)[:MOST])
        run = begin_trying(run_id, total=len(ids))
    if run is None:
        return
    try:
        for batch in _batches(ids):
            with entered(workspace_id):
                workspace = Workspace.objects.get(pk=workspace_id)
                try_on(run, _samples(batch), workspace=workspace, on=workspace.day(timezone.now()))
    except Exception:
        logger.exception("dry run %s broke", run_id)
        with entered(workspace_id):
            end_trying(run, failed=True)
        return
    with entered(workspace_id):
        end_trying(run)


def _samples(ids: Sequence[int]) -> list[Sample]:
    found = Publication.objects.filter(pk__in=ids).select_related("account", "endorser", "workspace").order_by("-pk")
    return [_sample(publication) for publication in found]


def _sample(publication: Publication) -> Sample:
    content, target = publication.sealed, publication.target
    asked = Asked(
        content=content,
        account_network=publication.account.network,
        endorser=publication.endorser,
        surface=SURFACES[target.kind] if target else "post",
        brands=publication.brands,
        around=publication.around,
    )
    link = reverse("publishing:publication", args=[publication.workspace.slug, publication.pk])
    return Sample(asked, " ".join((content.title or content.text).split())[:120], link, publication.due_at.isoformat())


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
