"""What a site lets a robot read, by its robots.txt (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

TOKEN = "GarduBot"  # noqa: S105 - the name robots.txt may call us by, no secret
LARGEST = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB are read; what follows is left
SLOWEST = 5.0  # seconds between two calls that we put up with


@dataclass(frozen=True, slots=True)
class Robots:
    """A site's word. `all_shut`: the site could not say, so nothing may be read (RFC 9309, 2.3.1.4)."""

    rules: Protego | None = None
    all_shut: bool = False

    def may(self, url: str) -> bool:
        """Whether this address may be read."""
        if self.all_shut:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, TOKEN))

    @property
    def pause(self) -> float:
        """Seconds to leave between two calls."""
        asked = self.rules.crawl_delay(TOKEN) if self.rules else None
        return min(float(asked or 0), SLOWEST)


OPEN, SHUT = Robots(), Robots(all_shut=True)


def read_robots(body: bytes) -> Robots:
    """The rules in a robots.txt; whatever is not understood is skipped."""
    return Robots(Protego.parse(body[:LARGEST].decode("utf-8-sig", "replace")))


def said_by(status: int) -> Robots:
    """What the lack of a robots.txt means: 4xx nothing is shut, 429 and 5xx everything is for now."""
    return OPEN if 400 <= status < 500 and status != 429 else SHUT
