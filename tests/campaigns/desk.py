"""A writing desk for tests: channels, drafts and times, made in a few words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from campaigns.actions.writing import draft
from campaigns.models import Post
from campaigns.protocol import Draft, Version
from campaigns.rules import wall_time
from networks import registry
from networks.models import Account
from networks.protocol import HandsOver
from workspaces.models import Member

ZONE = "Asia/Jakarta"
PLAIN = "Biji kopi Gayo baru datang pagi ini. Mampir ke Kemang, kami seduhkan."


def channel(network: str, handle: str = "teraskopi") -> Account:
    return Account.objects.create(
        network=network, uid=f"{network}-{handle}", name=f"Teras Kopi {network}", handle=handle
    )


def wordy() -> list[str]:
    """Networks that take a text alone from us, by slug."""
    ours = [n for n in registry.every() if not isinstance(n, HandsOver)]
    return [n.slug for n in ours if not n.limits.media_required and not n.limits.title_required]


def soon(minutes: int = 120) -> datetime:
    """A wall time in Jakarta, naive."""
    return wall_time(timezone.now() + timedelta(minutes=minutes), ZONE).replace(second=0, microsecond=0)


def written(by: Member, *accounts: Account, text: str = PLAIN, **more: object) -> Post:
    versions = tuple(Version(account.pk) for account in accounts)
    given = {"language": "id", **more}
    return draft(Draft(text=text, versions=versions, **given), by=by)  # type: ignore[arg-type]
