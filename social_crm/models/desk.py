"""How the desk is run: its people and teams, what it promises, its labels, replies, views, and what can be undone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Member
from workspaces.tenancy import TenantModel


class DeskRules(TenantModel):
    """One workspace's own rules: when it is open, whose replies are looked at first, whether customers rate us."""

    always_open = models.BooleanField(default=True)
    week = models.JSONField(default=dict, blank=True)  # "0" (Monday) ... "6": [["09:00", "17:00"], ...]
    holidays = models.JSONField(default=list, blank=True)  # [{"date": "2026-12-25", "name": "Natal"}]
    approved_roles = models.JSONField(default=list, blank=True)  # whose replies somebody else lets go
    asks_rating = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="a_desk_has_one_set_of_rules")]

    def __str__(self) -> str:
        return "the desk's rules"


class Promise(TenantModel):
    """How soon we answer and resolve, in open minutes; the first that fits a conversation counts. 0: not promised."""

    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    networks = models.JSONField(default=list, blank=True)  # slugs; empty: all
    kinds = models.JSONField(default=list, blank=True)  # comment, mention, message; empty: all
    priority = models.SmallIntegerField(null=True, blank=True)  # this one and above; null: any
    first_minutes = models.PositiveIntegerField(default=60)
    next_minutes = models.PositiveIntegerField(default=60)
    resolve_minutes = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Team(TenantModel):
    """Colleagues who share a queue, and how new conversations reach one of them."""

    class Sharing(models.TextChoices):
        BY_HAND = "by_hand", _("By hand")
        IN_TURN = "in_turn", _("In turn")
        BY_LOAD = "by_load", _("To who has the least")

    name = models.CharField(max_length=80)
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.BY_HAND)
    networks = models.JSONField(default=list, blank=True)  # whose new conversations come here; empty: none by itself

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="a_team_has_its_own_name")]

    def __str__(self) -> str:
        return self.name


class Teammate(TenantModel):
    """A member of a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="mates")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)  # when the last one came to them in turn

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["team", "member"], name="a_member_joins_a_team_once")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.team_id}"


class Agent(TenantModel):
    """A member at the desk: whether they are there, and how much they can hold."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    away = models.BooleanField(default=False)
    capacity = models.PositiveSmallIntegerField(default=20)  # active conversations; 0: no limit
    signature = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"agent {self.member_id}"


class Label(TenantModel):
    """A word to sort by. `tone` is one of the house's eight."""

    name = models.CharField(max_length=40)
    tone = models.CharField(max_length=10, default="draft")

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="a_label_has_its_own_name")]

    def __str__(self) -> str:
        return self.name


class SavedView(TenantModel):
    """A way to look at the queue that somebody keeps. `choice` is its query string; without a member all see it."""

    name = models.CharField(max_length=60)
    choice = models.CharField(max_length=400)
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class SavedReply(TenantModel):
    """Words that are used again, with places for names; and what else is done with the conversation when they go."""

    shortcut = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    acts = models.JSONField(default=list, blank=True)  # [{"do": "label", "to": 3}, {"do": "resolve"}]
    used = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["shortcut"]
        constraints = [models.UniqueConstraint(fields=["workspace", "shortcut"], name="a_shortcut_means_one_reply")]

    def __str__(self) -> str:
        return self.title


class Deed(TenantModel):
    """What a member did to conversations, one or many, with how each was before: so that it can be undone."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    verb = models.CharField(max_length=40)
    before = models.JSONField()  # {"<conversation>": {"status": "open", ..., "labels": [1, 2]}}
    after = models.JSONField()  # the same, as the deed left them
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.verb} {len(self.before)}"


class Rating(TenantModel):
    """What a customer thought of how we helped: asked after it was resolved, answered by a link without an account."""

    conversation = models.ForeignKey("social_crm.Conversation", on_delete=models.CASCADE, related_name="ratings")
    agent = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    nonce = models.CharField(max_length=32)
    score = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 to 5
    comment = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=1, score__lte=5),
                name="a_rating_is_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return f"{self.score or '-'} for {self.conversation_id}"
