"""How long a text is by each way of counting, and how much of it a reader sees before "more"."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

import emoji
import regex
import tldextract

from networks.protocol import Counting, Limits

# twitter-text 3, config/v3.json (2018-09, still in force by docs.x.com/fundamentals/counting-characters, 2026-08).
LINK_WEIGHT = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
HEAVY_WEIGHT = 2
# Emoji in Unicode's list that X draws as letters unless a variation selector follows.
VARIATION = "\ufe0f"
LETTERS = frozenset("\u00a9\u00ae")


def count(text: str, counting: Counting) -> int:
    """The length of `text`. Raises ValueError for ESCAPED, which only that network's own folder knows."""
    if counting is Counting.WEIGHTED:
        return weighted(text)
    if counting is Counting.GRAPHEMES:
        return graphemes(text)
    if counting is Counting.BYTES:
        return utf8_bytes(text)
    if counting is Counting.CHARACTERS:
        return utf16_units(text)
    raise ValueError(f"{counting} is counted by its network only")


def weighted(text: str) -> int:
    """twitter-text 3 over the NFC form: a link 23, an emoji 2, most scripts 1 a code point, others (CJK) 2."""
    return sum(weight for _, _, weight in _weighed(unicodedata.normalize("NFC", text)))


def graphemes(text: str) -> int:
    """What a person sees as characters (Unicode UAX 29 extended clusters)."""
    return sum(1 for _ in _clusters(text))


def utf8_bytes(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def utf16_units(text: str) -> int:
    """UTF-16 code units: the length JavaScript tells."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def links(text: str) -> list[tuple[int, int]]:
    """Where X finds links, as (start, end) in code points: with http(s), or a bare name under a real domain ending."""
    if "." not in text:
        return []
    return [match.span() for match in _link().finditer(text)]


def fold(text: str, limits: Limits) -> str:
    """The part of `text` that a reader sees without opening it: the whole of it where nothing is folded.

    Characters are counted as a reader sees them (on a weighing network, by its weights, since it cuts there); a line
    is what a line break ends, because where a long line wraps depends on the screen. Never cuts inside a character.
    """
    end = len(text)
    if limits.fold_lines:
        end = _end_of_line(text, limits.fold_lines)
    if limits.fold_characters:
        end = min(end, _end_of_characters(text, limits.fold_characters, limits.counting))
    return text[:end]


def _end_of_line(text: str, lines: int) -> int:
    breaks = [match.start() for match in regex.finditer(r"\r\n|[\n\r\u2028\u2029]", text)]
    return breaks[lines - 1] if len(breaks) >= lines else len(text)


def _end_of_characters(text: str, most: int, counting: Counting) -> int:
    pieces = _weighed(text) if counting is Counting.WEIGHTED else ((s, e, 1) for s, e in _clusters(text))
    end = used = 0
    for _, stop, weight in pieces:
        used += weight
        if used > most:
            return end
        end = stop
    return len(text)


def _weighed(text: str) -> Iterator[tuple[int, int, int]]:
    """The pieces of a text as (start, end, weight): links and what a person sees as one character."""
    at = 0
    for start, end in links(text):
        yield from _weighed_clusters(text, at, start)
        yield start, end, LINK_WEIGHT
        at = end
    yield from _weighed_clusters(text, at, len(text))


def _weighed_clusters(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    for left, right in _clusters(text[start:end]):
        cluster = text[start + left : start + right]
        yield start + left, start + right, _weight(cluster)


def _weight(cluster: str) -> int:
    if len(cluster) == 1 and ord(cluster) <= LIGHT[0][1]:
        return 1
    weight = at = 0
    while at < len(cluster):
        length = _emoji_length(cluster, at)
        weight += HEAVY_WEIGHT if length else _code_point_weight(ord(cluster[at]))
        at += length or 1
    return weight


def _emoji_length(cluster: str, at: int) -> int:
    """Length of the longest emoji that begins at `at`; 0 when none does."""
    known: Mapping[str, object] = emoji.EMOJI_DATA
    for end in range(len(cluster), at, -1):
        candidate = cluster[at:end]
        bare = candidate.removesuffix(VARIATION)
        if (candidate in known or bare in known) and candidate not in LETTERS:
            return end - at
    return 0


def _code_point_weight(code: int) -> int:
    return 1 if any(first <= code <= last for first, last in LIGHT) else HEAVY_WEIGHT


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    if text.isascii() and "\r" not in text:
        yield from ((at, at + 1) for at in range(len(text)))
        return
    for match in _CLUSTER.finditer(text):
        yield match.span()


_CLUSTER = regex.compile(r"\X")

# The classes of twitter-text's url grammar, shortened: what it allows before, in and at the end of a link. Every run
# is bounded or atomic, so that no text however odd makes counting slow.
_LATIN = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289"
_ASCII = rf"[a-z0-9{_LATIN}]"
_ANY = r"[^\s\p{C}!-,./:-@\[-\^`{-~\-_]"
_PATH = rf"[a-z\p{{Cyrillic}}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]"
_PATH_END = rf"[+\-a-z\p{{Cyrillic}}0-9=_#/{_LATIN}]"
_PARENS = rf"(?>\((?:{_PATH}|\({_PATH}*+\)){{1,200}}\))"
_END = r"(?:\L<endings>|xn--[a-z0-9]+)(?=[^0-9a-z@+\-]|$)"
_REST = (
    rf"(?::[0-9]+)?(?:/(?>(?:{_PATH}|{_PARENS})*(?<={_PATH_END}|\)|/)|))?"
    r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?"
)


def _name(character: str, most: int = 30) -> str:
    return rf"(?>{character}{{1,63}}(?:[\-_]{{1,3}}{character}{{1,63}}){{0,10}}\.){{1,{most}}}"


@cache
def _link() -> regex.Pattern[str]:
    return regex.compile(
        r"(?<![A-Za-z0-9@＠$#＃])"
        rf"(?:https?://{_name(_ANY)}{_END}|(?<![\-_./]){_name(_ASCII)}{_END})"
        rf"{_REST}",
        flags=regex.IGNORECASE,
        endings=_endings(),
    )


def _endings() -> set[str]:
    """The top-level domains of the packaged Public Suffix List; nothing is fetched."""
    suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None).tlds
    return {suffix for suffix in suffixes if "." not in suffix}
