"""The writing desk's own words: what a composer hands over, and why something may not go out yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Version:
    """What one account shows. None means "as shared"; `own_media` are asset ids out of the post's media."""

    account_id: int
    own_text: str | None = None
    own_title: str | None = None
    own_media: tuple[int, ...] | None = None
    options: Mapping[str, str | bool | int] = field(default_factory=dict)
    first_comment: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as somebody wrote it. `local_at` is naive wall time in `zone` (IANA); `media` are asset ids in order."""

    text: str = ""
    title: str = ""
    link: str = ""
    language: str = ""
    campaign_id: int | None = None
    endorser_id: int | None = None
    local_at: datetime | None = None
    zone: str = ""
    media: tuple[int, ...] = ()
    versions: tuple[Version, ...] = ()
    thread: tuple[str, ...] = ()
    comment_minutes: int = 0
    track_links: bool | None = None  # None: as the campaign, or the workspace, has it
    idea: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a post may not go out. `field` names what to mend; `account_id` None: it holds for all."""

    field: str
    reason: str
    account_id: int | None = None
    account: str = ""
    code: str = ""  # the rule's, where customs found it
    next_free: str = ""  # a wall time (ISO) at which this would not stand in the way


class NotReady(Exception):
    """The post stays where it was; `obstacles` say what must be mended, account by account."""

    def __init__(self, obstacles: Iterable[Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        super().__init__("; ".join(o.reason for o in self.obstacles))


class Stale(Exception):
    """Somebody else saved in the meantime; nothing was overwritten. `version` is the newest."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"version {version} is newer")


class NotPossible(Exception):
    """The verb does not fit the thing as it is now; the text tells the person why."""


class NotTaken(Exception):
    """An upload that is refused; the text tells the person why."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of a content plan, read and looked up. `errors` stop it; `notes` are only said.

    `line` counts from 1 at the header; `local_at` is naive wall time in `zone`; `media` are paths or addresses as
    written, `alts` beside them; `own` maps an account id to its own text.
    """

    line: int
    local_at: str = ""
    zone: str = ""
    accounts: tuple[int, ...] = ()
    text: str = ""
    title: str = ""
    link: str = ""
    media: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    campaign: str = ""
    endorser_id: int | None = None
    language: str = ""
    first_comment: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:  # Any: a JSON object
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PlanRow:  # Any: a JSON object
        """The row again, from what `as_json` wrote."""
        values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in data.items()}  # Any: JSON
        return cls(**values)
