"""Reads of the writing desk: what a channel would show, what stands in the way, what lies on the desk."""

from campaigns.queries.contents import (
    approval_of,
    around_of,
    brands_of,
    comment_of,
    comments_on,
    content_of,
    draft_of,
    fingerprint_of,
    lot_of,
    options_of,
    told,
    wants_approval,
)
from campaigns.queries.desk import (
    awaiting,
    calendar,
    calendar_and_tray,
    campaigns,
    channels,
    day,
    library,
    posts_in_review,
)

__all__ = [
    "approval_of",
    "around_of",
    "awaiting",
    "brands_of",
    "calendar",
    "calendar_and_tray",
    "campaigns",
    "channels",
    "comment_of",
    "comments_on",
    "content_of",
    "day",
    "draft_of",
    "fingerprint_of",
    "library",
    "lot_of",
    "options_of",
    "posts_in_review",
    "told",
    "wants_approval",
]
