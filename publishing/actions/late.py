"""What is older news than its workspace sends: asked about, left out, or sent all the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from publishing.actions.move import move
from publishing.actions.queue import hold_children
from publishing.models import Publication
from publishing.rules import too_late
from workspaces.models import Workspace

State = Publication.State


def gone_late(publication: Publication, now: datetime) -> bool:
    """Whether it is too late by its workspace's rule; then it is missed or called back, with what continues it."""
    most = timedelta(minutes=publication.workspace.max_lateness_minutes)
    rule = publication.workspace.late_rule
    if not too_late(publication.due_at, now, most) or rule == Workspace.LateRule.SEND:
        return False
    if rule == Workspace.LateRule.SKIP:
        move(publication, State.CANCELLED, reason=gettext_noop("It was too late, and late posts are left out here."))
    else:
        why = publication.reason or gettext_noop("It could not be sent in time.")
        move(publication, State.MISSED, reason=why)
    hold_children(publication)
    return True
