"""When a day is over, what could tell its visitors apart is thrown away: the salt, and every hash made with it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from smo.actions.taking import forget_taken
from smo.models import DaySalt, SeenToday, Touch
from smo.queries.sweeping import days_to_forget
from workspaces.models import Workspace
from workspaces.tenancy import entered


def forget(folder: Path, now: datetime | None = None) -> int:
    """Throw away what belongs to days that are over in their own time zone; how many rows. Safe to call at any time."""
    now = now or timezone.now()
    gone = 0
    for workspace in Workspace.objects.filter(pk__in=days_to_forget(now)):
        with entered(workspace.pk):
            today = now.astimezone(ZoneInfo(workspace.zone)).date()
            gone += SeenToday.objects.filter(day__lt=today).delete()[0]
            gone += Touch.objects.filter(day__lt=today).delete()[0]
            forget_taken(folder)
    for salt in DaySalt.objects.all():
        if salt.day < now.astimezone(ZoneInfo(salt.zone)).date():
            gone += salt.delete()[0]
    return gone
