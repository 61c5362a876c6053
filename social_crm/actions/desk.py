"""What agents do with a conversation: answer, note, take, resolve, open again."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from networks import registry
from networks.actions import sender
from networks.protocol import Content, EventKind, Moderates
from publishing import actions as post_office
from social_crm import rules
from social_crm.models import Conversation, Draft, Message, Note
from social_crm.protocol import Overtaken
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

UNDO = timedelta(seconds=10)
INBOX = "inbox"


@transaction.atomic
def answer(
    conversation: Conversation, *, text: str, last_seen: int, by: Member, resolve: bool = False, anyway: bool = False
) -> Message:
    """Queue an answer to the customer's newest message; it leaves in ten seconds, by the same door as posts.

    `last_seen`: the id of the newest message the person had on the screen. Raises Overtaken when somebody wrote since
    (unless `anyway`), Blocked or NeedsReview from customs, ValueError when there is nothing to answer or say.
    """
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    messages = list(Message.objects.filter(conversation=locked).select_related("author").order_by("network_at", "pk"))
    newest = max((message.pk for message in messages), default=0)
    if newest > last_seen and not anyway:
        raise Overtaken(_("Somebody wrote here while you were typing. Look first; your words are kept."))
    question = next((m for m in reversed(messages) if m.direction == Message.Direction.IN and not m.removed_at), None)
    if question is None or question.author is None:
        raise ValueError(_("There is nothing here to answer."))
    if not text.strip():
        raise ValueError(_("Write an answer first."))
    publication = post_office.enqueue(
        Content(text=text.strip()),
        account=locked.account,
        due_at=timezone.now() + UNDO,
        by=by,
        target=rules.target_of(
            EventKind(locked.kind),
            post_id=locked.post_id,
            message_id=question.remote_id or "",
            author_uid=question.author.uid,
        ),
    )
    message = Message.objects.create(
        account=locked.account,
        conversation=locked,
        direction=Message.Direction.OUT,
        parent_remote_id=question.remote_id or "",
        by=by,
        publication=publication,
        text=text.strip(),
        network_at=timezone.now(),
    )
    _answered(locked, by=by, resolve=resolve)
    Draft.objects.filter(conversation=locked, member=by).delete()
    record(locked.workspace_id, by=by, verb="answered", thing=f"conversation:{locked.pk}", publication=publication.pk)
    return message


def _answered(conversation: Conversation, *, by: Member, resolve: bool) -> None:
    status = Conversation.Status.RESOLVED if resolve else Conversation.Status.WAITING
    conversation.status = status
    conversation.assignee = conversation.assignee or by
    conversation.unread = 0
    conversation.waiting_since = conversation.due_at = None
    _save(conversation)


@transaction.atomic
def take_back(message: Message, *, by: Member) -> str:
    """Undo an answer before it leaves; its words, to write on. Raises publishing's NotPossible when it is too late."""
    assert message.publication is not None
    post_office.cancel(message.publication, by=by)
    text = message.text
    conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    question = conversation.messages.filter(direction=Message.Direction.IN).order_by("-network_at").first()
    message.delete()
    conversation.status = Conversation.Status.OPEN
    if question is not None:
        conversation.waiting_since, conversation.due_at = question.network_at, rules.due_at(question.network_at)
    _save(conversation)
    save_draft(conversation, text=text, by=by)
    record(conversation.workspace_id, by=by, verb="took back", thing=f"conversation:{conversation.pk}")
    return text


def save_draft(conversation: Conversation, *, text: str, by: Member) -> None:
    """Keep what `by` has begun to write."""
    if text.strip():
        Draft.objects.update_or_create(conversation=conversation, member=by, defaults={"text": text})
    else:
        Draft.objects.filter(conversation=conversation, member=by).delete()


@transaction.atomic
def note(conversation: Conversation, *, text: str, by: Member) -> Note:
    """Leave a word for colleagues. Raises ValueError when it is empty."""
    if not text.strip():
        raise ValueError(_("Write a note first."))
    made = Note.objects.create(conversation=conversation, by=by, text=text.strip())
    _save(conversation)
    record(conversation.workspace_id, by=by, verb="noted", thing=f"conversation:{conversation.pk}")
    return made


@transaction.atomic
def resolve(conversation: Conversation, *, by: Member) -> Conversation:
    """Nothing more to do here, until the customer writes again."""
    return _to(conversation, Conversation.Status.RESOLVED, verb="resolved", by=by)


@transaction.atomic
def reopen(conversation: Conversation, *, by: Member) -> Conversation:
    """Back to work."""
    return _to(conversation, Conversation.Status.OPEN, verb="reopened", by=by)


def _to(conversation: Conversation, status: Conversation.Status, *, verb: str, by: Member) -> Conversation:
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if locked.status == status:
        return locked
    locked.status = status
    if status == Conversation.Status.RESOLVED:
        locked.unread, locked.waiting_since, locked.due_at = 0, None, None
    _save(locked)
    record(locked.workspace_id, by=by, verb=verb, thing=f"conversation:{locked.pk}")
    return locked


@transaction.atomic
def assign(conversation: Conversation, *, to: Member | None, by: Member) -> Conversation:
    """Hand the conversation to somebody, or to nobody."""
    conversation.assignee = to
    _save(conversation)
    record(
        conversation.workspace_id,
        by=by,
        verb="assigned",
        thing=f"conversation:{conversation.pk}",
        to=str(to.user) if to else None,
    )
    return conversation


def read(conversation: Conversation) -> None:
    """Nothing in it is new any more."""
    if conversation.unread:
        conversation.unread = 0
        _save(conversation)


def hide(message: Message, *, hidden: bool, by: Member) -> Message:
    """Hide a comment from the network's readers, or show it again. Talks to the network: no transaction may be open.

    Raises the network's errors; ValueError where the network has no such thing.
    """
    network = registry.get(message.account.network)
    if not isinstance(network, Moderates) or message.remote_id is None:
        raise ValueError(_("%(network)s does not let an app hide this.") % {"network": network.name})
    network.hide(sender(message.account), message.remote_id, hidden=hidden)
    return message


@transaction.atomic
def hidden_now(message: Message, *, hidden: bool, by: Member) -> Message:
    """Write down that the network hid a comment, or shows it again."""
    message.hidden = hidden
    message.save(update_fields=["hidden"])
    _save(message.conversation)
    record(message.workspace_id, by=by, verb="hid" if hidden else "unhid", thing=f"message:{message.pk}")
    return message


def _save(conversation: Conversation) -> None:
    conversation.version += 1
    conversation.save()
    touch(conversation.workspace_id, INBOX)
