"""What is said in a conversation, what colleagues note beside it, and who has read how far."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from networks.models import Account
from publishing.models import Publication
from social_crm.models.conversations import Conversation
from social_crm.models.people import Identity
from workspaces.models import Member
from workspaces.tenancy import TenantModel


class Message(TenantModel):
    """One thing said, by them or by us. `network_at` orders the thread; `ingested_at` is when we heard."""

    class Direction(models.TextChoices):
        IN = "in", _("From the customer")
        OUT = "out", _("From us")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
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
    liked = models.BooleanField(default=False, db_default=False)
    media = models.JSONField(default=list, blank=True, db_default=[])  # [{"kind", "key" or "url", "name", "alt"}]
    failed_at = models.DateTimeField(null=True, blank=True)  # when it was found that our answer did not go out

    class Meta(TenantModel.Meta):
        ordering = ["network_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "remote_id"],
                condition=Q(remote_id__isnull=False),
                name="a_network_message_is_kept_once",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "network_at", "id"], name="message_of_thread"),
            models.Index(
                fields=["publication"],
                condition=Q(direction="out", remote_id__isnull=True, failed_at__isnull=True, publication__isnull=False),
                name="answer_under_way",
            ),
        ]

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


class Seen(TenantModel):
    """How far one member has read one conversation: everything up to the message with this number."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    message = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["conversation", "member"], name="a_member_has_read_so_far"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} read {self.conversation_id} up to {self.message}"
