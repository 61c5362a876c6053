"""Answering a customer: the guard against answering past a colleague, the network's window, approval, and undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from networks import registry
from networks.protocol import Content, EventKind, Media, Replies, Target
from publishing import actions as post_office
from publishing.models import Publication
from social_crm import rules
from social_crm.actions.rating import ask_rating
from social_crm.actions.standing import restand
from social_crm.actions.telling import APPROVE, tell
from social_crm.models import Conversation, DeskRules, Draft, Message
from social_crm.protocol import INBOX, Overtaken
from social_crm.queries.opening import room_of
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.queries import members_who_may

Status = Conversation.Status
State = Publication.State
UNDO = timedelta(seconds=10)


@transaction.atomic
def answer(
    conversation: Conversation,
    *,
    text: str,
    last_seen: int,
    by: Member,
    resolve: bool = False,
    anyway: bool = False,
    media: Sequence[Media] = (),
) -> Message:
    """Queue an answer to the customer's newest message; it leaves in ten seconds, by the same door as posts.

    `last_seen`: the id of the newest message the person had on the screen. Raises Overtaken when somebody wrote since
    (unless `anyway`), Blocked or NeedsReview from customs, ValueError when there is nothing to answer or say, or the
    network lets nobody answer (any more). Where the desk wants it, it waits for somebody's approval.
    """
    locked = Conversation.objects.select_for_update(of=("self",)).select_related("account").get(pk=conversation.pk)
    if locked.newest_message > last_seen and not anyway:
        raise Overtaken(_("Somebody wrote here while you were typing. Look first; your words are kept."))
    content = Content(text=text.strip(), media=tuple(media))
    if not content.text and not media:
        raise ValueError(_("Write an answer first."))
    question = _question(locked)
    target = _target(locked, question)
    room = room_of(locked)
    if room.closed:
        raise ValueError(_(room.closed))
    if room.option:
        content = Content(text=content.text, media=content.media, options={room.option: True})
    freely = not _must_ask(by)
    publication = post_office.enqueue(
        content, account=locked.account, due_at=timezone.now() + UNDO, by=by, target=target, approved=freely
    )
    message = _written(locked, question, content, publication, by)
    if freely:
        _answered(locked, by=by, resolve=resolve)
    else:
        locked.to_approve = True
        asked = [member for member in members_who_may("approve_replies") if member.pk != by.pk]
        tell(asked, locked, note=APPROVE, key=str(message.pk), by=str(by.user), text=content.text[:280])
    _save(locked)
    Draft.objects.filter(conversation=locked, member=by).delete()
    record(locked.workspace_id, by=by, verb="answered", thing=f"conversation:{locked.pk}", publication=publication.pk)
    if freely and resolve:
        ask_rating(locked)
    return message


def _question(conversation: Conversation) -> Message:
    said = Message.objects.filter(conversation=conversation, direction=Message.Direction.IN, removed_at__isnull=True)
    found: Message | None = said.select_related("author").order_by("-network_at", "-pk").first()
    if found is None or found.author is None:
        raise ValueError(_("There is nothing here to answer."))
    return found


def _target(conversation: Conversation, question: Message) -> Target:
    assert question.author is not None
    target = rules.target_of(
        EventKind(conversation.kind),
        post_id=conversation.post_id,
        message_id=question.remote_id or "",
        author_uid=question.author.uid,
    )
    network = registry.get(conversation.network)
    if not isinstance(network, Replies) or target.kind not in network.answers:
        raise ValueError(_("%(network)s lets no app answer this.") % {"network": network.name})
    return target


def _written(
    conversation: Conversation, question: Message, content: Content, publication: Publication, by: Member
) -> Message:
    message: Message = Message.objects.create(
        account=conversation.account,
        conversation=conversation,
        direction=Message.Direction.OUT,
        parent_remote_id=question.remote_id or "",
        by=by,
        publication=publication,
        text=content.text,
        media=[{"kind": str(m.kind), "key": m.key, "name": m.filename, "alt": m.alt} for m in content.media],
        network_at=timezone.now(),
    )
    conversation.newest_message = max(conversation.newest_message, message.pk)
    return message


def _must_ask(member: Member) -> bool:
    """Whether somebody else lets this member's answers go. One query."""
    found = DeskRules.objects.first()
    return found is not None and member.role in found.approved_roles


def _answered(conversation: Conversation, *, by: Member, resolve: bool) -> None:
    conversation.status = Status.RESOLVED if resolve else Status.WAITING
    if resolve:
        conversation.resolved_at, conversation.escalated_to = timezone.now(), ""
    conversation.assignee = conversation.assignee or by
    conversation.unread, conversation.woke, conversation.snoozed_until = 0, "", None
    restand(conversation)


@transaction.atomic
def approve(message: Message, *, by: Member) -> Message:
    """Let an answer go that waited for somebody's word. Raises NotPossible, and ValueError for one's own words."""
    if message.by_id == by.pk:
        raise ValueError(_("Somebody else must let your answer go."))
    locked = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    assert message.publication is not None
    if message.publication.state != State.AWAITING_APPROVAL:
        raise ValueError(_("This answer waits for nobody."))
    post_office.release(message.publication, by=by)
    locked.to_approve = _another_waits(locked, message)
    _answered(locked, by=message.by or by, resolve=False)
    _save(locked)
    record(locked.workspace_id, by=by, verb="let go", thing=f"conversation:{locked.pk}", message=message.pk)
    return message


@transaction.atomic
def take_back(message: Message, *, by: Member) -> str:
    """Undo an answer before it leaves; its words, to write on. Raises publishing's NotPossible when it is too late.

    Whoever approves may give an answer back to its writer; else only the writer takes it back.
    """
    assert message.publication is not None
    post_office.cancel(message.publication, by=by)
    text = message.text
    conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    conversation.to_approve = _another_waits(conversation, message)
    writer = message.by or by
    message.delete()
    conversation.status, conversation.resolved_at = Status.OPEN, None
    newest = Message.objects.filter(conversation=conversation).order_by("-pk").values_list("pk", flat=True).first()
    conversation.newest_message = newest or 0
    restand(conversation)
    _save(conversation)
    save_draft(conversation, text=text, by=writer)
    record(conversation.workspace_id, by=by, verb="took back", thing=f"conversation:{conversation.pk}")
    return text


def _another_waits(conversation: Conversation, message: Message) -> bool:
    waiting = Message.objects.filter(conversation=conversation, publication__state=State.AWAITING_APPROVAL)
    return bool(waiting.exclude(pk=message.pk).exists())


def save_draft(conversation: Conversation, *, text: str, by: Member) -> None:
    """Keep what `by` has begun to write."""
    if text.strip():
        Draft.objects.update_or_create(conversation=conversation, member=by, defaults={"text": text})
    else:
        Draft.objects.filter(conversation=conversation, member=by).delete()


def _save(conversation: Conversation) -> None:
    conversation.version += 1
    conversation.save()
    touch(conversation.workspace_id, INBOX)
