"""The queue: one row a conversation with all its list shows, and the numbers beside each view.

The database itself keeps `lane`, `urgency` and `network` of a conversation, the copies of them in `Labelled`, and the
numbers in `Tally` (migration 0004), so that no writer can forget them.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from networks.models import Account
from networks.protocol import EventKind
from publishing.models import Publication
from social_crm.models.desk import Label, Team
from social_crm.models.people import Contact
from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel, TenantQuerySet

LAST = (F("urgency").desc(), F("id").desc())


class ConversationQuerySet(TenantQuerySet["Conversation"]):
    """The queue, in the words of the people who work it."""

    def active(self) -> Self:
        """What somebody has to do something about, now or when the customer answers."""
        return self.filter(lane=Conversation.Lane.ACTIVE)

    def held_by(self, member: Member) -> Self:
        return self.filter(assignee=member)

    def unassigned(self) -> Self:
        return self.filter(assignee__isnull=True)

    def in_queue_order(self) -> Self:
        """What is due soonest first; what is due never, by its newest word."""
        return self.order_by("-urgency", "-id")

    def after(self, urgency: int, pk: int) -> Self:
        """What comes behind this place of the queue, however deep that is."""
        return self.filter(Q(urgency__lt=urgency) | Q(urgency=urgency, id__lt=pk), urgency__lte=urgency)


class Conversation(TenantModel):
    """One thread with one customer on one account: a comment and its answers, a mention, or private messages."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting for the customer")
        SNOOZED = "snoozed", _("Snoozed")
        RESOLVED = "resolved", _("Resolved")
        SPAM = "spam", _("Spam")

    class Lane(models.IntegerChoices):
        """Which of the queues it stands in; the database derives it from the status."""

        ACTIVE = 1, _("Open or waiting")
        SNOOZED = 2, _("Snoozed")
        RESOLVED = 3, _("Resolved")
        SPAM = 4, _("Spam")

    class Priority(models.IntegerChoices):
        LOW = -1, _("Low")
        NORMAL = 0, _("Normal")
        HIGH = 1, _("High")
        URGENT = 2, _("Urgent")

    class Owed(models.TextChoices):
        """What `due_at` is about."""

        FIRST = "first", _("First answer")
        NEXT = "next", _("Next answer")
        RESOLUTION = "resolution", _("Resolution")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    network = models.CharField(max_length=40, blank=True)  # the account's; written by the database
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in EventKind])
    object_id = models.CharField(max_length=250)  # the root comment, the mentioning post, or the private thread
    post_id = models.CharField(max_length=250, blank=True)  # the network's id of the post it hangs on
    publication = models.ForeignKey(Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="conversations", db_index=False
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    assignee = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL, db_default=0)
    escalated_to = models.CharField(max_length=20, blank=True, default="", db_default="")  # whose word it waits for
    to_approve = models.BooleanField(default=False, db_default=False)  # an answer of ours waits for somebody's word
    version = models.PositiveBigIntegerField(default=0)
    # Written with every message, so that the list needs no other table.
    preview = models.CharField(max_length=280, blank=True)
    last_activity = models.DateTimeField()
    unread = models.PositiveIntegerField(default=0)
    newest_message = models.PositiveBigIntegerField(default=0, db_default=0)  # what a reply must have seen
    customer_at = models.DateTimeField(null=True, blank=True)  # their newest word: reply windows count from it
    waiting_since = models.DateTimeField(null=True, blank=True)  # the customer's oldest unanswered word
    # What we owe, and when: worked out at each write.
    due_at = models.DateTimeField(null=True, blank=True)
    due_for = models.CharField(max_length=10, choices=Owed.choices, blank=True, default="", db_default="")
    opened_at = models.DateTimeField(null=True, blank=True)  # since when it is to be resolved
    resolve_due_at = models.DateTimeField(null=True, blank=True)
    resolve_left = models.PositiveIntegerField(null=True, blank=True)  # minutes, while we wait for the customer
    missed_at = models.DateTimeField(null=True, blank=True)  # when it was found that `due_at` had passed
    resolved_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snoozed_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    woke = models.CharField(max_length=200, blank=True, default="", db_default="")  # why it is back
    lane = models.SmallIntegerField(default=Lane.ACTIVE, db_default=1, editable=False)
    urgency = models.BigIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(ConversationQuerySet)()  # type: ignore[misc,assignment]  # with verbs of its own

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "object_id"], name="one_conversation_per_thread"),
            models.CheckConstraint(
                condition=~Q(status="snoozed") | Q(snoozed_until__isnull=False), name="snoozed_means_it_wakes_again"
            ),
        ]
        indexes = [
            models.Index(F("workspace"), F("lane"), *LAST, name="queue_by_lane"),
            models.Index(F("workspace"), F("status"), *LAST, name="queue_by_status"),
            models.Index(F("workspace"), F("assignee"), F("lane"), *LAST, name="queue_by_assignee"),
            models.Index(F("workspace"), F("team"), F("lane"), *LAST, name="queue_by_team"),
            models.Index(F("workspace"), F("network"), F("lane"), *LAST, name="queue_by_network"),
            models.Index(F("workspace"), F("kind"), F("lane"), *LAST, name="queue_by_kind"),
            models.Index(F("workspace"), F("lane"), *LAST, condition=Q(unread__gt=0), name="queue_unread"),
            models.Index(F("workspace"), F("lane"), *LAST, condition=Q(priority__gt=0), name="queue_pressing"),
            models.Index(F("workspace"), *LAST, condition=Q(to_approve=True), name="queue_to_approve"),
            models.Index(F("workspace"), F("lane"), *LAST, condition=~Q(escalated_to=""), name="queue_escalated"),
            models.Index(F("contact"), F("last_activity").desc(), F("id").desc(), name="conversation_of_contact"),
            models.Index(
                fields=["due_at"],
                condition=Q(lane=1, due_at__isnull=False, missed_at__isnull=True),
                name="conversation_overdue",
            ),
            models.Index(fields=["snoozed_until"], condition=Q(status="snoozed"), name="conversation_to_wake"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Labelled(TenantModel):
    """A label on a conversation, with its place in the queue, so that a label's list is one walk along an index."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="labelled")
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="+", db_index=False)
    lane = models.SmallIntegerField(default=0, db_default=0, editable=False)
    urgency = models.BigIntegerField(default=0, db_default=0, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["conversation", "label"], name="a_label_is_put_on_once")]
        indexes = [
            models.Index(
                F("workspace"),
                F("label"),
                F("lane"),
                F("urgency").desc(),
                F("conversation").desc(),
                name="queue_by_label",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label_id} on {self.conversation_id}"


class Tally(TenantModel):
    """How many conversations a view holds: the sum of its rows. The database adds a row with every change."""

    facet = models.CharField(max_length=60)
    n = models.IntegerField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workspace", "facet"], include=["n"], name="tally_of_view")]

    def __str__(self) -> str:
        return f"{self.facet} {self.n:+d}"
