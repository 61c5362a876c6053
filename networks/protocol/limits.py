"""What fits on one network, where each figure comes from, and why a content would not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from networks.protocol.content import MediaKind


class Counting(StrEnum):
    """How a network counts the length of a text."""

    CHARACTERS = "characters"  # UTF-16 code units, as browsers count
    GRAPHEMES = "graphemes"  # what a person sees as one character
    WEIGHTED = "weighted"  # twitter-text v3: links 23, most scripts 1, others and emoji 2
    ESCAPED = "escaped"  # LinkedIn little text, counted after its backslashes
    BYTES = "bytes"  # UTF-8


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a figure comes from, when it was read, and how sure we are of it."""

    source: str
    read_on: str  # ISO date
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What fits on one network: the composer's counter, the preview, the fold and the validator read this one table.

    Lengths in the unit of `counting`; sizes in bytes; durations in seconds. Zero means "none of these".
    `facts` maps a field's name to its source.
    """

    text: int
    counting: Counting
    fold_characters: int
    fold_lines: int = 0
    title: int = 0
    title_required: bool = False
    comment: int = 0
    images: int = 0
    image_bytes: int = 0
    image_types: tuple[str, ...] = ()
    alt: int = 0
    videos: int = 0
    video_bytes: int = 0
    video_seconds: tuple[float, float] = (0.0, 0.0)
    video_types: tuple[str, ...] = ()
    mixes_images_and_video: bool = False
    media_required: MediaKind | None = None
    text_required_without_media: bool = True
    links_in_text: bool = True
    # How much of it: posts a day from one account (or, with `day_is_apps`, from all accounts together). The day is a
    # calendar day in `day_zone`; without a zone it is any 24 hours. Answers and first comments count where they say so.
    posts_a_day: int = 0
    day_zone: str = ""
    day_is_apps: bool = False
    answers_count: bool = False
    takes_repeats: bool = True  # whether the same words may go out again on the same account
    price_post: float = 0.0  # US dollars for a post, and for one with a link in it
    price_link: float = 0.0
    handle: str = ""  # a regular expression that every account's public name fits; "" where it is not known
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Misfit:
    """One reason why a content does not fit: `field` names what to mend, `limit` and `found` say by how much."""

    field: str
    reason: str
    limit: float = 0
    found: float = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One of a network's own switches, by its name in `Content.options`. Without `choices` it is yes or no.

    `choices` are (value, words) pairs; `default` is what happens when the post says nothing. With `longest` it is
    free words, at most so many characters; `hint` says what to write.
    """

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    default: str | bool = False
    longest: int = 0
    hint: str = ""
