"""Asking the customer how it went, by a signed link that needs no account, and keeping the answer."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from networks.protocol import Content, EventKind
from publishing import actions as post_office
from publishing.protocol import Stopped
from social_crm import rules
from social_crm.models import Conversation, DeskRules, Message, Rating
from social_crm.queries.opening import room_of
from workspaces.tenancy import entered

SALT = "rating"
GOOD_FOR = timedelta(days=30)
ONCE_IN = timedelta(days=7)  # a customer is not asked more often about one conversation
AFTER = timedelta(seconds=20)  # so that an answer taken back takes the question with it


def ask_rating(conversation: Conversation) -> Rating | None:
    """Send the question after a private conversation was resolved, where the desk wants it; None when not asked."""
    desk = DeskRules.objects.first()
    if desk is None or not desk.asks_rating or conversation.kind != EventKind.MESSAGE:
        return None
    if Rating.objects.filter(conversation=conversation, asked_at__gt=timezone.now() - ONCE_IN).exists():
        return None
    said = Message.objects.filter(conversation=conversation, direction=Message.Direction.IN)
    question = said.select_related("author").order_by("-network_at").first()
    room = room_of(conversation)
    if question is None or question.author is None or room.closed:
        return None
    rating = make_rating(conversation)
    content = Content(
        text=_("How did we do? One tap tells us: %(link)s") % {"link": link_to(rating)},
        options={room.option: True} if room.option else {},
    )
    target = rules.target_of(
        EventKind(conversation.kind),
        post_id=conversation.post_id,
        message_id=question.remote_id or "",
        author_uid=question.author.uid,
    )
    try:
        with transaction.atomic():
            publication = post_office.enqueue(
                content, account=conversation.account, due_at=timezone.now() + AFTER, by=None, target=target
            )
    except Stopped:
        rating.delete()
        return None
    message = Message.objects.create(
        account=conversation.account,
        conversation=conversation,
        direction=Message.Direction.OUT,
        parent_remote_id=question.remote_id or "",
        publication=publication,
        text=content.text,
        network_at=timezone.now(),
    )
    Conversation.objects.filter(pk=conversation.pk).update(newest_message=message.pk)
    return rating


def make_rating(conversation: Conversation) -> Rating:
    """A question that waits for its answer; `link_to` is its address, for whoever sends it."""
    rating: Rating = Rating.objects.create(
        conversation=conversation, agent_id=conversation.assignee_id, nonce=secrets.token_hex(8)
    )
    return rating


def link_to(rating: Rating) -> str:
    """The question's own address, good for whoever has it until it lapses."""
    token = signing.dumps({"w": rating.workspace_id, "r": rating.pk, "n": rating.nonce}, salt=SALT, compress=True)
    path: str = reverse("social_crm:rate", args=[token])
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def read_link(token: str) -> tuple[int, int, str]:
    """(workspace id, rating id, nonce) of a link. Raises signing.BadSignature when it is forged or lapsed."""
    said = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    return int(said["w"]), int(said["r"]), str(said["n"])


def rate(token: str, *, score: int, comment: str = "") -> Rating:
    """Keep the customer's answer; the last one counts. Enters by itself.

    Raises signing.BadSignature, Rating.DoesNotExist, ValueError for a score that is none.
    """
    workspace_id, pk, nonce = read_link(token)
    if not 1 <= score <= 5:
        raise ValueError(_("Choose one to five."))
    with entered(workspace_id):
        rating: Rating = Rating.objects.select_for_update().get(pk=pk, nonce=nonce)
        rating.score, rating.comment, rating.answered_at = score, comment.strip()[:2000], timezone.now()
        rating.save(update_fields=["score", "comment", "answered_at"])
    return rating
