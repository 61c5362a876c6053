"""The smallest change that mends a post: the right word, in its own language, where every reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compliance.protocol import Context, Edit, mended
from compliance.rules.reading.adequacy import standing_of
from compliance.rules.reading.phrases import every_language
from compliance.rules.reading.post import Post, read
from networks.protocol import Content
from networks.protocol.limits import Counting
from networks.text import count, utf16_units

OF_PLACE = {"US": "en", "GB": "en", "DE": "de", "FR": "fr", "ES": "es", "IT": "it", "NL": "nl", "BR": "pt", "ID": "id"}
LEADING = 4
SEPARATORS = re.compile(r"[\s,.:;!?-]*")
LAST_TAG = re.compile(r"\s*#\w+\W*$")
MOST_TAGS_GIVEN_UP = 5
ESCAPED = re.compile(r"[\\|{}@\[\]()<>#*_~]")  # what a network that escapes writes as two signs
MENDED_OTHERWISE = frozenset({"video_unknown"})


def disclosure(content: Content, context: Context) -> Edit | None:
    """The word to put before the text so that all is said that must be; None when no word would do, or fit.

    Where there is no room for it, tags at the end are given up, the last first.
    """
    return read(content, context).once(_disclosure)


def lacks_room(content: Content, context: Context) -> int:
    """By how many signs a disclosure would make the text too long; 0 when it fits, or nothing is to be said."""
    return read(content, context).once(_lacking)


def _disclosure(post: Post) -> Edit | None:
    return next((edit for edit in _mending(post) if _length(mended(post.content, edit), post) <= _most(post)), None)


def _lacking(post: Post) -> int:
    if not _to_be_said(post) or post.once(_disclosure) is not None:
        return 0
    lengths = [_length(mended(post.content, edit), post) for edit in _mending(post)]
    return max(0, min(lengths, default=0) - _most(post))


def _mending(post: Post) -> Iterator[Edit]:
    """The edits after which nothing is left to say, the smallest first; some may make the text too long."""
    for edit in _edits(post):
        if not _to_be_said(Post(mended(post.content, edit), post.context)):
            yield edit


def _to_be_said(post: Post) -> bool:
    """Whether words are wanting, and not only an answer about the video."""
    return not {problem.code for problem in post.once(standing_of).problems} <= MENDED_OTHERWISE


def _edits(post: Post) -> Iterator[Edit]:
    inserts = tuple(_candidates(post))
    start = _leading_denial(post)  # a joke would take back whatever is put before it
    yield from (Edit(0, start, insert) for insert in inserts)
    text = post.content.text
    if _length(mended(post.content, Edit(0, start, inserts[0])), post) <= _most(post):
        return
    for _ in range(MOST_TAGS_GIVEN_UP):
        shorter = LAST_TAG.sub("", text)
        if shorter == text:
            return
        text = shorter
        yield from (Edit(0, len(post.content.text), insert + text[start:]) for insert in inserts)


def _leading_denial(post: Post) -> int:
    """Where the text stops denying, when it begins with that; 0 when it does not."""
    text = post.content.text
    spans = [denial.span for denial in post.denials if denial.part == "text"]
    end = max((end for start, end in spans if start <= LEADING), default=0)
    rest = SEPARATORS.match(text[end:]) if end else None
    return end + rest.end() if rest else end


def _candidates(post: Post) -> Iterator[str]:
    tables = every_language()
    places = (place.upper().replace("UK", "GB") for place in post.context.places)
    languages = [post.language, *(OF_PLACE.get(place, "en") for place in places), "en"]
    inserts = [tables[language].insert for language in dict.fromkeys(languages) if language in tables]
    yield from inserts
    for first in inserts:
        for second in inserts:
            if first != second:
                yield f"{first.strip(' :')} | {second}"


def _most(post: Post) -> int:
    """How long the mended text may be; a text that is too long as it stands is the composer's to refuse."""
    most = post.context.limits.text
    return most if most and _length(post.content, post) <= most else 10**9


def _length(content: Content, post: Post) -> int:
    counting = post.context.limits.counting
    if content.text.isascii() and "." not in content.text and counting is not Counting.ESCAPED:
        return len(content.text)  # no link, and every sign is one in any way of counting
    if counting is Counting.ESCAPED:
        return utf16_units(content.text) + len(ESCAPED.findall(content.text))
    return count(content.text, counting)
