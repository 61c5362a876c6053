"""What becomes of what a watched feed brings: an idea, a draft or a scheduled post, by templates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.post import Post
from smo.models import Item, Source
from workspaces.models import Member
from workspaces.tenancy import TenantModel

TEMPLATE = "{title}\n\n{summary}\n\n{link}\n{tags}"


class Recipe(TenantModel):
    """For one watched feed: for which channels, in which words, how many a day. `by`: in whose name it writes."""

    class Into(models.TextChoices):
        IDEA = "idea", _("Ideas")
        DRAFT = "draft", _("Drafts")
        QUEUE = "queue", _("Scheduled: the next free slot")
        SPREAD = "spread", _("Scheduled: spread over days")

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField(_("on"), default=False)
    into = models.CharField(_("becomes"), max_length=6, choices=Into.choices, default=Into.DRAFT)
    accounts = models.JSONField(default=list, blank=True)  # ids
    template = models.TextField(_("words"), default=TEMPLATE, max_length=5000)
    own = models.JSONField(default=dict, blank=True)  # account id (as a word) -> its own template
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    a_day = models.PositiveSmallIntegerField(_("at most a day"), default=5)
    every_days = models.PositiveSmallIntegerField(_("one every so many days"), default=1)
    at = models.TimeField(_("at"), default="10:00")
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(a_day__gte=1, a_day__lte=50), name="a_recipe_never_floods"),
            models.CheckConstraint(condition=Q(every_days__gte=1, every_days__lte=60), name="a_recipe_goes_forward"),
        ]

    def __str__(self) -> str:
        return f"recipe for {self.source_id}"


class FeedPost(TenantModel):
    """What was made of one item: once, whatever happens. `reason`: why it is a draft and not scheduled."""

    recipe = models.ForeignKey(Recipe, on_delete=models.CASCADE, related_name="made")
    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+")
    post = models.OneToOneField(Post, null=True, on_delete=models.SET_NULL, related_name="from_feed")
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["recipe", "made_at"], name="feed_post_by_day")]

    def __str__(self) -> str:
        return f"post {self.post_id} of item {self.item_id}"
