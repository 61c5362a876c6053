"""Pages that are checked for how they look when shared: each look at one, and site maps that were walked."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from smo.rules.pages import Facts, Finding
from workspaces.tenancy import TenantModel


class CheckedPage(TenantModel):
    """One page; `score` and `before` are of the last two looks that succeeded. `due_at`: looked at every week."""

    url = models.CharField(max_length=1000)
    title = models.CharField(max_length=300, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    before = models.PositiveSmallIntegerField(null=True, blank=True)
    trouble = models.CharField(max_length=20, blank=True)  # the word of the last look that failed, "" when it did not
    looked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["-looked_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "url"], name="a_page_is_kept_once")]
        indexes = [models.Index(fields=["due_at"], name="pages_to_look_at")]

    def __str__(self) -> str:
        return self.title or self.url


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Under way")
    DONE = "done", _("Checked")
    FAILED = "failed", _("Not read")


class Walk(TenantModel):
    """One site map, walked page by page: `done` of `total`; `left_out`: pages beyond the bound."""

    url = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    trouble = models.CharField(max_length=20, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    by_name = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.url


class PageLook(TenantModel):
    """One look at a page: what was found, and what it scores. `step` of STEPS tells how far it is."""

    STEPS = 5

    page = models.ForeignKey(CheckedPage, on_delete=models.CASCADE, related_name="looks")
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, null=True, blank=True, related_name="looks")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    step = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=20, blank=True)
    kept = models.JSONField(default=dict)
    found = models.JSONField(default=list)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    thumb = models.BinaryField(null=True, blank=True)  # the card's picture, small, as JPEG
    by_name = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=State.DONE) | models.Q(score__isnull=False),
                name="a_look_that_is_done_has_a_score",
            )
        ]
        indexes = [models.Index(fields=["page", "-id"], name="looks_of_a_page")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.state}"

    @property
    def facts(self) -> Facts | None:
        """What was found; nothing while it is not done."""
        return Facts.from_json(self.kept) if self.kept else None

    @property
    def findings(self) -> list[Finding]:
        """What could be better, as it was judged then."""
        return [Finding(**row) for row in self.found]
