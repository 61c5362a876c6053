"""A member's own calendar address: made, made anew, taken back."""

from __future__ import annotations

from django.core import signing

from campaigns.models import CalendarAddress
from campaigns.models.ical import fresh
from workspaces.actions import record
from workspaces.models import Member

SALT = "calendar"


def give_address(*, by: Member) -> CalendarAddress:
    """The member's address from now on; one that they had leads nowhere any more."""
    address, _made = CalendarAddress.objects.update_or_create(member=by, defaults={"nonce": fresh()})
    record(by.workspace_id, by=by, verb="made a calendar address", thing=f"member:{by.pk}")
    return address


def take_back(*, by: Member) -> None:
    """The member's address leads nowhere any more. Safe to call twice."""
    if CalendarAddress.objects.filter(member=by).delete()[0]:
        record(by.workspace_id, by=by, verb="took back a calendar address", thing=f"member:{by.pk}")


def token_of(address: CalendarAddress) -> str:
    """What stands in the address: whose it is, signed."""
    told = {"w": address.workspace_id, "m": address.member_id, "n": address.nonce}
    return signing.dumps(told, salt=SALT, compress=True)


def named_by(token: str) -> tuple[int, int, str]:
    """(workspace id, member id, nonce). Raises signing.BadSignature for one we did not make."""
    told = signing.loads(token, salt=SALT)
    return int(told["w"]), int(told["m"]), str(told["n"])
