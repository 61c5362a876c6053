"""The plan as a calendar for other programs: an address of each member's own."""

from __future__ import annotations

import secrets

from django.db import models

from workspaces.models import Member
from workspaces.tenancy import TenantModel


def fresh() -> str:
    """What makes an old address worthless."""
    return secrets.token_hex(8)


class CalendarAddress(TenantModel):
    """A member's calendar is readable at a signed address until they take it back, or leave."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=16, default=fresh)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"calendar of {self.member_id}"
