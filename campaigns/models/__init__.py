"""The writing desk's nouns: campaigns, posts and their variants, media, approvals and imported plans."""

from campaigns.models.campaign import Campaign
from campaigns.models.media import MediaAsset
from campaigns.models.plan import Plan
from campaigns.models.post import Approval, Post, PostMedia, Variant

__all__ = ["Approval", "Campaign", "MediaAsset", "Plan", "Post", "PostMedia", "Variant"]
