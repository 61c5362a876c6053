"""What stands in the shop window: tracked links and visits, share buttons, feeds, and how pages look when shared."""

from smo.models.buttons import ButtonSet, ButtonVersion
from smo.models.checks import CheckedPage, PageLook, State, Walk
from smo.models.clicks import DaySalt, LinkDay, LinkSplit, SeenToday, SpoolTaken
from smo.models.incoming import Item, Source
from smo.models.links import Domain, LinkSetting, TargetChange, TrackedLink, UtmPreset
from smo.models.out import Entry, Feed
from smo.models.visits import Conversion, Credit, Site, Touch, VisitDay

__all__ = [
    "ButtonSet",
    "ButtonVersion",
    "CheckedPage",
    "Conversion",
    "Credit",
    "DaySalt",
    "Domain",
    "Entry",
    "Feed",
    "Item",
    "LinkDay",
    "LinkSetting",
    "LinkSplit",
    "PageLook",
    "SeenToday",
    "Site",
    "Source",
    "SpoolTaken",
    "State",
    "TargetChange",
    "Touch",
    "TrackedLink",
    "UtmPreset",
    "VisitDay",
    "Walk",
]
