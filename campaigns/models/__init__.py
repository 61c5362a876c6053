"""The writing desk's nouns: campaigns, posts and their variants, media, approvals and imported plans."""

from campaigns.models.campaign import Campaign
from campaigns.models.fanout import FanOut, FanTurn
from campaigns.models.ical import CalendarAddress
from campaigns.models.media import MediaAsset
from campaigns.models.plan import Plan
from campaigns.models.post import Approval, Post, PostMedia, Variant
from campaigns.models.recipe import FeedPost, Recipe
from campaigns.models.series import Batch, Occurrence, Series, SeriesPost
from campaigns.models.slot import Slot

__all__ = [
    "Approval",
    "Batch",
    "CalendarAddress",
    "Campaign",
    "FanOut",
    "FanTurn",
    "FeedPost",
    "MediaAsset",
    "Occurrence",
    "Plan",
    "Post",
    "PostMedia",
    "Recipe",
    "Series",
    "SeriesPost",
    "Slot",
    "Variant",
]
