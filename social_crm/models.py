"""The reply desk's books: what came in, who said it, which conversation it belongs to, and what we answered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from networks.models import Account
from networks.protocol import EventKind
from publishing.models import Publication
from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel, TenantQuerySet


class InboundEvent(TenantModel):
    """One thing a network told us, kept as it came before anybody understands it: never lost, never twice."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        PROCESSED = "processed", _("Processed")
        FAILED = "failed", _("Failed")
        PARKED = "parked", _("Parked")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=250)
    payload = models.JSONField()  # the event in the shared vocabulary, with the network's own JSON in `raw`
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="an_event_is_kept_once")]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(state__in=["received", "failed"]), name="event_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"


class Contact(TenantModel):
    """A person we talk to, over one network or several."""

    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Identity(TenantModel):
    """Who a contact is on one network. `uid` is the network's own, stable id."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="identities")
    network = models.CharField(max_length=40)
    uid = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    handle = models.CharField(max_length=200, blank=True)
    avatar_url = models.CharField(max_length=1000, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "network", "uid"], name="one_identity_per_network_uid"),
        ]

    def __str__(self) -> str:
        return self.name


class ConversationQuerySet(TenantQuerySet["Conversation"]):
    """The queue, in the words of the people who work it."""

    def unresolved(self) -> ConversationQuerySet:
        return self.exclude(status=Conversation.Status.RESOLVED)

    def resolved(self) -> ConversationQuerySet:
        return self.filter(status=Conversation.Status.RESOLVED)

    def held_by(self, member: Member) -> ConversationQuerySet:
        return self.filter(assignee=member)

    def unassigned(self) -> ConversationQuerySet:
        return self.filter(assignee__isnull=True)

    def newest_first(self) -> ConversationQuerySet:
        return self.order_by("-last_activity", "-pk")


class Conversation(TenantModel):
    """One thread with one customer on one account: a comment and its answers, a mention, or private messages."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting for the customer")
        RESOLVED = "resolved", _("Resolved")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in EventKind])
    object_id = models.CharField(max_length=250)  # the root comment, the mentioning post, or the private thread
    post_id = models.CharField(max_length=250, blank=True)  # the network's id of the post it hangs on
    publication = models.ForeignKey(Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="conversations")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    assignee = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveBigIntegerField(default=0)
    # Written with every message, so that the list needs no other table.
    preview = models.CharField(max_length=280, blank=True)
    last_activity = models.DateTimeField()
    unread = models.PositiveIntegerField(default=0)
    waiting_since = models.DateTimeField(null=True, blank=True)  # the customer's oldest unanswered word
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(ConversationQuerySet)()  # type: ignore[misc,assignment]  # with verbs of its own

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "object_id"], name="one_conversation_per_thread"),
        ]
        indexes = [
            models.Index(
                F("workspace"), F("status"), F("last_activity").desc(), F("id").desc(), name="conversation_queue"
            ),
            models.Index(fields=["workspace", "due_at"], condition=Q(due_at__isnull=False), name="conversation_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Message(TenantModel):
    """One thing said, by them or by us. `network_at` orders the thread; `ingested_at` is when we heard."""

    class Direction(models.TextChoices):
        IN = "in", _("From the customer")
        OUT = "out", _("From us")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    remote_id = models.CharField(max_length=250, null=True, blank=True)  # noqa: DJ001 - null until our answer is live
    parent_remote_id = models.CharField(max_length=250, blank=True)
    author = models.ForeignKey(Identity, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    publication = models.OneToOneField(
        Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="answer"
    )
    text = models.TextField(blank=True)
    url = models.CharField(max_length=1000, blank=True)
    network_at = models.DateTimeField()
    ingested_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    hidden = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        ordering = ["network_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "remote_id"],
                condition=Q(remote_id__isnull=False),
                name="a_network_message_is_kept_once",
            ),
        ]
        indexes = [models.Index(fields=["conversation", "network_at"], name="message_thread")]

    def __str__(self) -> str:
        return f"{self.direction} {self.remote_id}"


class Note(TenantModel):
    """A word between colleagues about a conversation; the customer never sees it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text[:40]


class Draft(TenantModel):
    """What a member has begun to answer: kept on the server, per person and conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["conversation", "member"], name="one_draft_per_person_and_conversation"),
        ]

    def __str__(self) -> str:
        return self.text[:40]
