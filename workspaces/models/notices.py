"""What people are told: notices in the app and by mail, and the workspace's own webhooks."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workspaces.models.people import Member
from workspaces.tenancy import TenantManager, TenantModel, TenantQuerySet


class NoticeQuerySet(TenantQuerySet["Notice"]):
    """Notices, asked for in sentences."""

    def to(self, member: Member) -> Self:
        return self.filter(member=member)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(TenantModel):
    """One thing one member was told, in that person's language, with a link and exactly one action."""

    class Mail(models.TextChoices):
        NONE = "none", _("Not mailed")
        DUE = "due", _("To be mailed")
        SENT = "sent", _("Mailed")
        FAILED = "failed", _("The mail did not go out")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)  # the slug of its Note
    key = models.CharField(max_length=200)  # the same for the same happening
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    action = models.CharField(max_length=80)
    url = models.CharField(max_length=500)  # a path of this house
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=8, choices=Mail.choices, default=Mail.NONE)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)

    objects = TenantManager.from_queryset(NoticeQuerySet)()  # type: ignore[misc,assignment]  # with verbs of its own

    class Meta(TenantModel.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="a_member_is_told_a_thing_once"),
        ]
        indexes = [
            models.Index(fields=["member"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="notice_to_mail"),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeChoice(TenantModel):
    """Whether one member wants one kind of notice by mail as well; without a row: yes."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=60)
    mail = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["member", "kind"], name="a_member_chooses_once_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {'mail' if self.mail else 'no mail'}"


class Hook(TenantModel):
    """A customer's own server that is told what members are told. Its secret signs, and is shown once."""

    name = models.CharField(max_length=80)
    url = models.URLField(max_length=500)
    kinds = models.JSONField(default=list, blank=True)  # slugs of notes; empty: every kind
    sealed = models.BinaryField(default=b"")  # the signing secret under the workspace's data key
    secret_end = models.CharField(max_length=8, blank=True)  # its last letters, to recognise it
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Delivery(TenantModel):
    """One message to a hook: what it says, every try, and when the next one is due."""

    class State(models.TextChoices):
        DUE = "due", _("On its way")
        SENT = "sent", _("Delivered")
        FAILED = "failed", _("Given up")

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=64)  # the same for every try: the receiver knows a repetition by it
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    log = models.JSONField(default=list, blank=True)  # [{"at", "status", "ms", "said"}], newest last
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["hook", "event"], name="a_hook_hears_an_event_once"),
            models.CheckConstraint(
                condition=~Q(state="due") | Q(due_at__isnull=False), name="a_due_delivery_has_its_time"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} to {self.hook_id}: {self.state}"
