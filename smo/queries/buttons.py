"""How many people came through each share button of a set, over all its versions."""

from __future__ import annotations

from collections import Counter

from django.db.models import Sum
from django.utils.translation import gettext as _

from smo.models import ButtonSet, ButtonVersion, LinkDay
from smo.rules.places import SHEET, places


def came_through(found: ButtonSet) -> list[tuple[str, str, int]]:
    """(slug, name, clicks) of every counted button, the busiest first; nothing where none is counted. Two queries."""
    slug_of: dict[str, str] = {}
    for links in ButtonVersion.objects.filter(button_set=found).values_list("links", flat=True):
        slug_of |= {short.rstrip("/").rsplit("/", 1)[-1]: slug for slug, short in links.items()}
    if not slug_of:
        return []
    days = LinkDay.objects.filter(link__code__in=slug_of).values_list("link__code").annotate(clicks=Sum("clicks"))
    counted = Counter(dict.fromkeys(slug_of.values(), 0))
    for code, clicks in days:
        counted[slug_of[code]] += clicks
    names = {slug: place.name for slug, place in places().items()} | {SHEET: _("The phone's share sheet")}
    return [(slug, names.get(slug, slug), clicks) for slug, clicks in counted.most_common()]
