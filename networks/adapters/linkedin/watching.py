"""Which post on LinkedIn a public address opens. LinkedIn lets no app read what members or other pages post."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from networks.protocol import Spotted

HOSTS = frozenset({"linkedin.com", "www.linkedin.com"})
UPDATE = re.compile(r"/(?:feed/update|embed/feed/update)/(?P<urn>urn:li:(?:share|ugcPost|activity):\d{5,25})/?")
POST = re.compile(r"/posts/(?P<handle>[^/_]+)_.*?(?P<kind>activity|share|ugcPost)-(?P<id>\d{5,25})(?:-[\w-]*)?/?")


def spot(url: str) -> Spotted | None:
    parts = urlsplit(url)
    if (parts.hostname or "") not in HOSTS and not (parts.hostname or "").endswith(".linkedin.com"):
        return None
    path = unquote(parts.path)
    if found := UPDATE.fullmatch(path):
        return Spotted(found["urn"])
    if found := POST.fullmatch(path):
        return Spotted(f"urn:li:{found['kind']}:{found['id']}", handle=found["handle"])
    return None
