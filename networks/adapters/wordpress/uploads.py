"""Pictures into a blog's media library, each once, with its alternative text."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence

from networks.adapters.wordpress.site import MEDIA, Site
from networks.adapters.wordpress.words import Picture
from networks.protocol import Media, OpenMedia
from networks.wire import opened

KEPT = 6 * 3600.0
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}
Key = tuple[str, str]


class Uploads:
    """Remembers for some hours what is on a blog already, so that a second try uploads nothing twice."""

    def __init__(self) -> None:
        self._known: dict[Key, tuple[Picture, float]] = {}
        self._lock = threading.Lock()

    def bring(self, site: Site, media: Sequence[Media], open_media: OpenMedia) -> list[Picture]:
        """The pictures on the blog, in order. Raises TryLater, Reconnect, Refused."""
        return [self._one(site, one, open_media) for one in media]

    def used(self, site: Site, media: Sequence[Media]) -> None:
        """Forget what went out: the owner may take it from the library at any time."""
        with self._lock:
            for one in media:
                self._known.pop(_named(site, one), None)

    def _one(self, site: Site, media: Media, open_media: OpenMedia) -> Picture:
        named = _named(site, media)
        with self._lock:
            known, until = self._known.get(named, (None, 0.0))
        if known is not None and until > time.monotonic():
            return known
        with opened(open_media, media) as stream:
            data = stream.read()
        made = site.upload(data, mime=media.mime, filename=_filename(media))
        number = int(made["id"])
        if media.alt:
            site.post(f"{MEDIA}/{number}", {"alt_text": media.alt})
        picture = Picture(number, str(made.get("source_url", "")), media.alt)
        with self._lock:
            now = time.monotonic()
            self._known = {key: value for key, value in self._known.items() if value[1] > now}
            self._known[named] = (picture, now + KEPT)
        return picture


def _named(site: Site, media: Media) -> Key:
    return site.root, f"{media.sha256}:{media.alt}"


def _filename(media: Media) -> str:
    """A plain name with the ending of its type: WordPress believes the ending."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", media.filename.rpartition(".")[0] or media.filename).strip("-.")
    return f"{stem[:60] or media.sha256[:16]}{ENDINGS[media.mime]}"
