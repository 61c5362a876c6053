"""What the clock does at the desk: wake what was snoozed, notice missed promises, settle answers, fold the numbers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from publishing.models import Publication
from social_crm.actions.standing import restand
from social_crm.actions.telling import FAILED, LATE, WOKE, holders, tell
from social_crm.models import Conversation, Message
from social_crm.protocol import INBOX
from workspaces.actions import record
from workspaces.live import touch

Status = Conversation.Status


@transaction.atomic
def wake(pk: int) -> Conversation | None:
    """Bring back a snoozed conversation whose time has come, however long ago that was; None when it is not so."""
    asleep = Conversation.objects.filter(pk=pk, status=Status.SNOOZED, snoozed_until__lte=timezone.now())
    conversation: Conversation | None = asleep.select_for_update(of=("self",), skip_locked=True).first()
    if conversation is None:
        return None
    key = conversation.snoozed_until.isoformat() if conversation.snoozed_until else ""
    conversation.status, conversation.snoozed_until, conversation.woke = Status.OPEN, None, "time"
    conversation.unread = max(conversation.unread, 1)
    _save(conversation)
    sleeper = conversation.assignee or conversation.snoozed_by
    tell([sleeper] if sleeper else holders(conversation), conversation, note=WOKE, key=key)
    record(conversation.workspace_id, by=None, verb="woke", thing=f"conversation:{conversation.pk}")
    return conversation


@transaction.atomic
def miss(pk: int) -> Conversation | None:
    """Note that a promise has passed, once, and tell those who hold it; None when it is not so any more."""
    now = timezone.now()
    late = Conversation.objects.filter(pk=pk, lane=Conversation.Lane.ACTIVE, due_at__lte=now, missed_at__isnull=True)
    conversation: Conversation | None = late.select_for_update(of=("self",), skip_locked=True).first()
    if conversation is None or conversation.due_at is None:
        return None
    conversation.missed_at = now
    conversation.version += 1
    conversation.save()
    touch(conversation.workspace_id, INBOX)
    tell(holders(conversation), conversation, note=LATE, key=conversation.due_at.isoformat())
    record(
        conversation.workspace_id,
        by=None,
        verb="missed a promise",
        thing=f"conversation:{conversation.pk}",
        owed=conversation.due_for,
    )
    return conversation


@transaction.atomic
def settle(pk: int) -> Message | None:
    """Write down what became of an answer: it is live, or it failed and the conversation is back to work."""
    under_way = Message.objects.filter(pk=pk, remote_id__isnull=True, failed_at__isnull=True)
    message: Message | None = under_way.select_related("publication", "by__user").first()
    if message is None or message.publication is None:
        return None
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=message.conversation_id)
    publication = message.publication
    if publication.state == Publication.State.PUBLISHED:
        return _live(message, publication)
    message.failed_at = timezone.now()
    message.save(update_fields=["failed_at"])
    if conversation.status in (Status.WAITING, Status.RESOLVED):
        conversation.status, conversation.resolved_at = Status.OPEN, None
    conversation.woke, conversation.unread = "failed", max(conversation.unread, 1)
    _save(conversation)
    told = [message.by] if message.by else holders(conversation)
    tell(told, conversation, note=FAILED, key=str(message.pk), reason=publication.reason, text=message.text[:200])
    return message


def _live(message: Message, publication: Publication) -> Message:
    """The receipt's address; an echo that was taken for a word of ours from elsewhere was this one."""
    echo = Message.objects.filter(account_id=message.account_id, remote_id=publication.remote_id).first()
    if echo is not None:
        echo.delete()
    message.remote_id, message.url = publication.remote_id, publication.url
    message.network_at = publication.published_at or message.network_at
    message.save(update_fields=["remote_id", "url", "network_at"])
    return message


def _save(conversation: Conversation) -> None:
    restand(conversation)
    conversation.version += 1
    conversation.save()
    touch(conversation.workspace_id, INBOX)
