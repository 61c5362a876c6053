"""Hearing: keep what a network told us, then put it where it belongs, however often and in whatever order it came."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from networks.models import Account
from networks.protocol import Event, EventKind
from publishing.models import Publication
from social_crm import rules
from social_crm.actions.sharing import share
from social_crm.actions.standing import heard, restand
from social_crm.models import Contact, Conversation, Identity, InboundEvent, Message
from social_crm.protocol import as_json, from_json
from workspaces.live import touch

logger = logging.getLogger(__name__)
State = InboundEvent.State
INBOX = "inbox"


def keep(account: Account, events: Iterable[Event]) -> list[int]:
    """Keep events of `account` as they came; the ids of those that are new. Safe to call twice with the same."""
    kept = []
    newest = account.heard_at
    for event in events:
        row, created = InboundEvent.objects.get_or_create(
            account=account, key=event.key, defaults={"payload": as_json(event)}
        )
        if created:
            kept.append(row.pk)
        newest = max(newest, event.at) if newest else event.at
    if newest and newest != account.heard_at:
        Account.objects.filter(pk=account.pk).update(heard_at=newest)
    return kept


def process(event_id: int) -> InboundEvent | None:
    """Put one kept event into its conversation. A failure is kept with its reason and tried again later.

    None when somebody else has it in hand or it is done. The workspace must be entered.
    """
    row = InboundEvent.objects.select_for_update(skip_locked=True).filter(pk=event_id).first()
    if row is None or row.state in (State.PROCESSED, State.PARKED):
        return None
    try:
        with transaction.atomic():
            place(row.account, from_json(row.payload))
    except (IntegrityError, KeyError, ValueError) as error:
        return _failed(row, error)
    row.state, row.processed_at, row.error = State.PROCESSED, timezone.now(), ""
    row.save(update_fields=["state", "processed_at", "error"])
    return row


def replay(row: InboundEvent) -> InboundEvent:
    """Give a parked or failed event another try from the start."""
    row.state, row.tries, row.retry_at = State.RECEIVED, 0, None
    row.save(update_fields=["state", "tries", "retry_at"])
    return row


def _failed(row: InboundEvent, error: Exception) -> InboundEvent:
    row.tries += 1
    wait = rules.retry_after(row.tries)
    row.state = State.FAILED if wait else State.PARKED
    row.retry_at = timezone.now() + wait if wait else None
    row.error = f"{type(error).__name__}: {error}"[:2000]
    row.save(update_fields=["state", "tries", "retry_at", "error"])
    logger.warning("event %s of account %s: %s", row.key, row.account_id, row.error)
    return row


def place(account: Account, event: Event) -> Message | None:
    """Write what `event` tells into its conversation; the newer network time wins."""
    if event.kind is EventKind.DELETED:
        return _take_away(account, event)
    message = Message.objects.select_for_update().filter(account=account, remote_id=event.message_id).first()
    if message is not None:
        return _say_again(message, event)
    echo = _our_own(account, event)
    if echo is not None:
        return echo
    if event.author.uid == account.uid and Publication.objects.filter(account=account, remote_id=event.message_id):
        return None  # a post or first comment of ours, not a word to us
    conversation = _conversation(account, event)
    return _say(account, conversation, event)


def _take_away(account: Account, event: Event) -> Message | None:
    message = Message.objects.filter(account=account, remote_id=event.message_id).first()
    if message is None:
        # It overtook what it removes: remember that it is gone, so that a late original does not come to life.
        conversation = _conversation(account, event)
        gone: Message = Message.objects.create(
            account=account,
            conversation=conversation,
            direction=Message.Direction.IN,
            remote_id=event.message_id,
            network_at=event.at,
            removed_at=event.at,
        )
        return gone
    if message.removed_at is None:
        message.removed_at = event.at
        message.save(update_fields=["removed_at"])
        restand(message.conversation)
        _changed(message.conversation)
    return message


def _say_again(message: Message, event: Event) -> Message:
    """An edit, a duplicate, or an original that came after its own removal."""
    known_at = message.edited_at or message.network_at
    if event.kind is EventKind.EDITED and event.at > known_at and event.text != message.text:
        message.text, message.edited_at = event.text, event.at
        message.save(update_fields=["text", "edited_at"])
        _changed(message.conversation)
    elif event.kind is not EventKind.EDITED and event.at < message.network_at and message.text:
        message.network_at, message.edited_at = event.at, message.edited_at or message.network_at
        message.save(update_fields=["network_at", "edited_at"])
    elif event.kind is not EventKind.EDITED and message.author is None and message.removed_at and event.text:
        _come_late(message, event)
    return message


def _come_late(message: Message, event: Event) -> None:
    """The original of what was already taken away: its words and author are kept, in the thread it belongs to."""
    placeholder = message.conversation
    message.conversation = _conversation(message.account, event)
    message.text, message.author = event.text, _identity(message.account, event)
    message.network_at, message.parent_remote_id = event.at, event.parent_id
    message.save()
    if placeholder.pk != message.conversation_id and not placeholder.messages.exists():
        placeholder.delete()
    if message.conversation.contact_id is None:
        message.conversation.contact_id = message.author.contact_id
    _changed(message.conversation)


def _our_own(account: Account, event: Event) -> Message | None:
    """Our answer coming back as an event, known by its receipt or, before the receipt is written, by its words."""
    if event.author.uid != account.uid:
        return None
    unclaimed = Message.objects.filter(account=account, direction=Message.Direction.OUT, remote_id__isnull=True)
    message = unclaimed.filter(publication__remote_id=event.message_id).first()
    if message is None and event.parent_id:
        message = unclaimed.filter(parent_remote_id=event.parent_id, text=event.text).first()
    if message is not None:
        message.remote_id, message.url, message.network_at = event.message_id, event.url, event.at
        message.save(update_fields=["remote_id", "url", "network_at"])
    return message


def _conversation(account: Account, event: Event) -> Conversation:
    """The conversation `event` belongs to, locked; made when it is the first word of it."""
    known = None
    if event.parent_id:
        known = Message.objects.filter(account=account, remote_id=event.parent_id).first()
    kind = EventKind.COMMENT if event.kind in (EventKind.DELETED, EventKind.EDITED) else event.kind
    found = Conversation.objects.select_for_update()
    if known is not None:
        return found.get(pk=known.conversation_id)
    conversation, created = found.get_or_create(
        account=account,
        kind=kind,
        object_id=rules.thread_of(event),
        defaults={
            "post_id": event.post_id,
            "publication": Publication.objects.filter(account=account, remote_id=event.post_id).first(),
            "network": account.network,
            "last_activity": event.at,
            "opened_at": event.at,
        },
    )
    if created and event.author.uid != account.uid:
        share(conversation)
    return conversation


def _say(account: Account, conversation: Conversation, event: Event) -> Message:
    ours = event.author.uid == account.uid
    identity = None if ours else _identity(account, event)
    message = Message.objects.create(
        account=account,
        conversation=conversation,
        direction=Message.Direction.OUT if ours else Message.Direction.IN,
        remote_id=event.message_id,
        parent_remote_id=event.parent_id,
        author=identity,
        text=event.text,
        url=event.url,
        network_at=event.at,
    )
    conversation.newest_message = max(conversation.newest_message, message.pk)
    if ours:
        restand(conversation)
        _changed(conversation)
    else:
        _customer_wrote(conversation, message, identity)
    return message


def _customer_wrote(conversation: Conversation, message: Message, identity: Identity | None) -> None:
    if conversation.contact_id is None and identity is not None:
        conversation.contact_id = identity.contact_id
    if message.network_at >= conversation.last_activity or not conversation.preview:
        conversation.preview = message.text[: rules.PREVIEW]
    conversation.last_activity = max(conversation.last_activity, message.network_at)
    conversation.customer_at = max(conversation.customer_at or message.network_at, message.network_at)
    conversation.unread += 1
    heard(conversation, message)
    _changed(conversation)


def _changed(conversation: Conversation) -> None:
    conversation.version += 1
    conversation.save()
    touch(conversation.workspace_id, INBOX)


def _identity(account: Account, event: Event) -> Identity:
    who = event.author
    known = {"name": who.name or who.handle or who.uid, "handle": who.handle, "avatar_url": who.avatar_url}
    identity = Identity.objects.filter(network=account.network, uid=who.uid).first()
    if identity is None:
        contact = Contact.objects.create(name=known["name"])
        return Identity.objects.create(contact=contact, network=account.network, uid=who.uid, **known)
    if who.name and (identity.name, identity.avatar_url) != (known["name"], known["avatar_url"]):
        Identity.objects.filter(pk=identity.pk).update(**known)
    return identity
