"""A post, its version for each account, the media it shows and the word of who approved it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, Prefetch, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.media import MediaAsset
from campaigns.models.plan import Plan
from campaigns.models.wall import WallTimeField
from compliance.models import Endorser
from compliance.queries import overridden
from networks.models import Account
from publishing.models import Publication
from smo.models import LinkSetting
from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel, TenantQuerySet

P = Publication.State
# The first state that any of a post's publications is in, names the post: what asks for a person comes first.
LOUDEST = (
    ("failed", {P.REFUSED, P.NEEDS_ATTENTION, P.MISSED}),
    ("held", {P.HELD}),
    ("handed", {P.HANDED}),
    ("publishing", {P.PUBLISHING, P.RECONCILING}),
    ("awaiting_approval", {P.AWAITING_APPROVAL}),
    ("scheduled", {P.SCHEDULED}),
    ("published", {P.PUBLISHED, P.DELETED_REMOTE}),
)


class PostQuerySet(TenantQuerySet["Post"]):
    """Reads on posts, as sentences."""

    def between(self, start: datetime, end: datetime) -> Self:
        """Posts due from `start` until before `end` (UTC)."""
        return self.filter(due_at__gte=start, due_at__lt=end)

    def unplaced(self) -> Self:
        """Ideas and drafts without a time."""
        return self.filter(due_at__isnull=True).exclude(stage=Post.Stage.MODEL)

    def told(self) -> Self:
        """With all a card shows: campaign, variants, accounts, publications, media. Four queries for any number."""
        variants = Variant.objects.select_related("account", "publication").order_by("account__network", "account_id")
        media = PostMedia.objects.select_related("asset").order_by("order", "id")
        seen = self.select_related("campaign__endorser", "author__user", "endorser")
        seen = seen.annotate(workspace_tracks=Exists(LinkSetting.objects.filter(track=True)))
        shown = (Prefetch("variants", queryset=variants), Prefetch("post_media", queryset=media))
        return seen.prefetch_related(*shown)  # type: ignore[type-var]  # the stubs lose a generic manager's row

    def carded(self) -> Self:
        """With what a card on the calendar shows, and no more: five queries for any number."""
        variants = (
            Variant.objects.select_related("publication")
            .prefetch_related("account")  # a handful of accounts, made once instead of once for each variant
            .only(
                "workspace_id",
                "post_id",
                "account_id",
                "publication__workspace_id",
                "publication__state",
                "publication__url",
            )
            .annotate(overridden=overridden("publication__verdict_id"))
            .order_by("account__network", "account_id")
        )
        media = PostMedia.objects.select_related("asset").order_by("order", "id")
        shown = (Prefetch("variants", queryset=variants), Prefetch("post_media", queryset=media))
        seen = self.select_related("campaign")
        return seen.prefetch_related(*shown)  # type: ignore[type-var]  # the stubs lose a generic manager's row


class Post(TenantModel):
    """One thing to say. `local_at` with `zone` is what the person meant; `due_at` (UTC) is when that is."""

    class Stage(models.TextChoices):
        IDEA = "idea", _("Idea")
        DRAFT = "draft", _("Draft")
        AWAITING_APPROVAL = "awaiting_approval", _("Needs approval")
        IN_REVIEW = "in_review", _("With compliance")  # an officer must decide before it may be placed
        LATE = "late", _("Held: its time passed")  # nobody decided before its slot, so it waits for its author
        MODEL = "model", _("Model")  # what a series repeats; itself it never goes anywhere
        PLACED = "placed", _("Placed")  # handed to the post office: its publications tell the rest

    class State(models.TextChoices):
        IDEA = "idea", _("Idea")
        DRAFT = "draft", _("Draft")
        NEEDS_APPROVAL = "awaiting_approval", _("Needs approval")
        SCHEDULED = "scheduled", _("Scheduled")
        HANDED = "handed", _("With a person")
        PUBLISHING = "publishing", _("Publishing")
        PUBLISHED = "published", _("Published")
        PARTLY = "partly", _("Partly published")
        FAILED = "failed", _("Failed")
        HELD = "held", _("Held")

    author = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts")
    endorser = models.ForeignKey(Endorser, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts")
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.DRAFT)
    text = models.TextField(blank=True)
    title = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=1000, blank=True)
    language = models.CharField(max_length=8, blank=True)
    local_at = WallTimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    queued = models.BooleanField(default=False)  # the queue chose its time, and may give it another
    thread = models.JSONField(default=list, blank=True)  # texts that continue it, where a network has threads
    comment_minutes = models.PositiveIntegerField(default=0)  # how long after the post its first comment follows
    track_links = models.BooleanField(null=True, blank=True)  # null: as its campaign, or the workspace, has it
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = TenantManager.from_queryset(PostQuerySet)()  # type: ignore[misc,assignment]  # with verbs of its own

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__isnull=True, local_at__isnull=True)
                | Q(due_at__isnull=False, local_at__isnull=False),
                name="a_time_is_kept_both_ways",
            ),
            models.CheckConstraint(
                condition=~Q(stage="placed") | Q(due_at__isnull=False), name="a_placed_post_has_a_time"
            ),
        ]
        indexes = [
            models.Index(F("workspace"), F("due_at"), name="post_by_time"),
            models.Index(fields=["due_at"], condition=Q(stage="in_review"), name="post_in_review"),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60] or str(_("Empty post"))

    @property
    def speaks_for(self) -> Endorser | None:
        """Who endorses: the post's own endorser, else its campaign's."""
        return self.endorser or (self.campaign.endorser if self.campaign else None)

    @property
    def overridden(self) -> bool:
        """Whether officers overrode a block for one of its versions, as read with `carded`; the mark stays."""
        return any(getattr(variant, "overridden", False) for variant in self.variants.all())

    @cached_property
    def states(self) -> Counter[str]:
        """How many of its publications are in which state, as read with `variants` (once: read the post anew)."""
        return Counter(str(v.publication.state) for v in self.variants.all() if v.publication)

    @property
    def state(self) -> Post.State:
        """What a person calls it, read from its stage and its publications."""
        if self.stage != Post.Stage.PLACED:
            return {
                Post.Stage.IDEA: Post.State.IDEA,
                Post.Stage.AWAITING_APPROVAL: Post.State.NEEDS_APPROVAL,
                Post.Stage.IN_REVIEW: Post.State.HELD,
                Post.Stage.LATE: Post.State.HELD,
            }.get(Post.Stage(self.stage), Post.State.DRAFT)
        there = self.states
        for name, loud in LOUDEST:
            if any(there[state] for state in loud):
                return Post.State.PARTLY if name == "published" and self.live < there.total() else Post.State(name)
        return Post.State.DRAFT

    @property
    def live(self) -> int:
        """How many of its publications are live."""
        return self.states[P.PUBLISHED] + self.states[P.DELETED_REMOTE]

    @property
    def is_open(self) -> bool:
        """Whether its words may still change: nothing of it is live or on its way."""
        there = self.states
        return not any(there[state] for state in (P.PUBLISHING, P.RECONCILING, P.NEEDS_ATTENTION)) and not self.live


class Variant(TenantModel):
    """The post for one account. Null means "as shared"; `own_media` lists asset ids of the post's media."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="variants")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    own_text = models.TextField(null=True, blank=True)  # noqa: DJ001 - null is "as shared", empty is "say nothing"
    own_title = models.CharField(max_length=300, null=True, blank=True)  # noqa: DJ001 - the same
    own_media = models.JSONField(null=True, blank=True)
    options = models.JSONField(default=dict, blank=True)
    first_comment = models.TextField(blank=True)
    publication = models.OneToOneField(
        Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="variant"
    )

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["post", "account"], name="a_post_goes_to_an_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} for {self.account_id}"

    @property
    def text(self) -> str:
        return self.post.text if self.own_text is None else self.own_text

    @property
    def title(self) -> str:
        return self.post.title if self.own_title is None else self.own_title


class PostMedia(TenantModel):
    """One asset's place in a post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="post_media")
    asset = models.ForeignKey(MediaAsset, on_delete=models.PROTECT, related_name="uses")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["post", "asset"], name="a_post_shows_an_asset_once")]

    def __str__(self) -> str:
        return f"{self.asset_id} in {self.post_id}"


class Approval(TenantModel):
    """Somebody's word on a post as it was: other words, another fingerprint, and it counts no more."""

    class Choice(models.TextChoices):
        APPROVE = "approve", _("Approved")
        ASK = "ask", _("Asked for a change")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="approvals")
    fingerprint = models.CharField(max_length=64)
    choice = models.CharField(max_length=8, choices=Choice.choices)
    note = models.TextField(blank=True)
    author = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("author")), name="nobody_approves_their_own_post"),
        ]

    def __str__(self) -> str:
        return f"{self.choice} {self.fingerprint[:8]}"
