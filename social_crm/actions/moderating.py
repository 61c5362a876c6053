"""What is done to a customer's comment at the network: hide, show, like, delete; where the network allows it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from networks import registry
from networks.actions import sender
from networks.protocol import Act, Likes, Moderates
from social_crm.actions.standing import restand
from social_crm.models import Conversation, Message
from social_crm.protocol import INBOX
from social_crm.queries.opening import acts_on
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

DEEDS = {
    "hide": Act.HIDE,
    "show": Act.HIDE,
    "like": Act.LIKE,
    "unlike": Act.LIKE,
    "remove": Act.REMOVE,
}


def at_network(message: Message, deed: str) -> None:
    """Do it at the network. No transaction may be open. Raises the network's errors; ValueError where it cannot."""
    network = registry.get(message.account.network)
    if deed not in DEEDS or DEEDS[deed] not in acts_on(message):
        raise ValueError(_("%(network)s lets no app do this here.") % {"network": network.name})
    assert message.remote_id is not None
    opened = sender(message.account)
    if deed in ("hide", "show"):
        assert isinstance(network, Moderates)
        network.hide(opened, message.remote_id, hidden=deed == "hide")
    elif deed == "remove":
        assert isinstance(network, Moderates)
        network.remove(opened, message.remote_id)
    else:
        assert isinstance(network, Likes)
        network.like(opened, message.remote_id, liked=deed == "like")


@transaction.atomic
def done(message: Message, deed: str, *, by: Member) -> Message:
    """Write down what the network did."""
    conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    if deed in ("hide", "show"):
        message.hidden = deed == "hide"
    elif deed == "remove":
        message.removed_at = message.removed_at or timezone.now()
    else:
        message.liked = deed == "like"
    message.save(update_fields=["hidden", "removed_at", "liked"])
    restand(conversation)
    conversation.version += 1
    conversation.save()
    touch(conversation.workspace_id, INBOX)
    _record(message, deed, by)
    return message


def _record(message: Message, deed: str, by: Member) -> None:
    thing = f"message:{message.pk}"
    if deed == "hide":
        record(message.workspace_id, by=by, verb="hid", thing=thing)
    elif deed == "show":
        record(message.workspace_id, by=by, verb="unhid", thing=thing)
    elif deed == "remove":
        record(message.workspace_id, by=by, verb="deleted at the network", thing=thing, text=message.text[:200])
    elif deed == "like":
        record(message.workspace_id, by=by, verb="liked", thing=thing)
    else:
        record(message.workspace_id, by=by, verb="took a like back", thing=thing)
