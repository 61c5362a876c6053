"""Whether what a post discloses is enough: the right words, in the right place, medium and language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from compliance.protocol import Context, Severity
from compliance.rules.reading.alphabet import BRAND, Disguise
from compliance.rules.reading.mentions import Mention, Span, piles_in
from compliance.rules.reading.phrases import NATURE, Says, Weight, every_language
from compliance.rules.reading.places import Place, place
from compliance.rules.reading.post import ABOUT, GLUED, Post, read
from networks.protocol import Content

RANK = {Severity.BLOCK: 2, Severity.REVIEW: 1, Severity.ADVICE: 0}
TIMED = re.compile(r"\[\d{1,2}:\d{2}")
PERSISTENT = re.compile(r"\b(?:persistent|permanent|throughout|whole (?:stream|video)|always on|banner)\b")
WORDS_BEFORE_LATE = 3

SPOKEN_BEFORE_LATE = 20
PROSE_WORD = re.compile(r"(?<![#@\w])\w+")
TAGS_AND_WORDS = re.compile(r"[#@][\w.]+|https?://\S+|(\w+)")
AFTER = 30  # letters beyond a phrase in which the brand may be named
HARD_TO_SEE = re.compile(
    r"\b(?:tiny|minuscule|faint|barely|low contrast|(?:light )?gr[ae]y(?: on|text| text|,|\))|[1-9] ?px|"
    r"small (?:print|text|grey|gray)|"
    r"in (?:the |a )?corner|(?:bottom|top|lower|upper)[ -](?:left |right )?corner|flash\w*|blink\w*|"
    r"(?:0[.,]\d+|half a|less than a|one|1) ?(?:s|sec|second)\b|(?:hidden|covered) (?:by|behind|under))"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a mention is not enough; `code` is the rule that tells of it."""

    code: str
    severity: Severity
    mention: Mention | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a post stands: the problems of its best disclosure; none when it is adequate or nothing has to be said."""

    problems: tuple[Problem, ...] = ()

    def of(self, code: str) -> Problem | None:
        """The worst problem that the rule `code` tells of, if any."""
        if not self.problems:
            return None
        mine = [problem for problem in self.problems if problem.code == code]
        return max(mine, key=lambda problem: RANK[problem.severity], default=None)


def standing(content: Content, context: Context) -> Standing:
    """How the post's disclosure stands under `context`, for all places together: the strictest wins."""
    return read(content, context).once(standing_of)


def standing_of(post: Post) -> Standing:
    """How a post that was read stands."""
    if post.ties and post.unread:
        return Standing((Problem("unknown_language", Severity.REVIEW),))
    if not post.duty:
        return Standing()
    places = tuple(place(code) for code in post.context.places)
    said = [mention for mention in post.mentions if not mention.denied and _concerns(mention, post)]
    weighed = {mention: tuple(_problems(mention, post, places)) for mention in said}
    if post.surface == "live":
        return Standing(_live(post, weighed))
    if post.surface == "story" or (post.video and _video_is_known(post)):
        return Standing(_moving(post, weighed, places))
    beside = [m for m in said if m.part not in ABOUT]
    best = _best(post, {m: problems for m, problems in weighed.items() if m.part in {"text", "title", "overlay"}})
    if best is None:
        return Standing(_nothing_said(post, beside, places))
    if post.video and not best and not post.in_video:
        return Standing((Problem("video_unknown", Severity.REVIEW),))
    return Standing(best)


# --- what is said, mention by mention --------------------------------------------------------------


def _problems(mention: Mention, post: Post, places: Iterable[Place]) -> Iterator[Problem]:
    """Why `mention` would not be enough, as far as its own words and position tell."""
    if mention.blanket:
        yield Problem("ambiguous", Severity.BLOCK, mention)
    if mention.disguise is not Disguise.NONE:
        severity = Severity.BLOCK if mention.disguise is Disguise.TINY else Severity.REVIEW
        yield Problem("disguised", severity, mention)
    for where in places:
        yield from _worded(mention, post, where)
    if mention.part == "text":
        yield from _placed(mention, post, places)
    if mention.part == "overlay" and HARD_TO_SEE.search(post.letters("overlay").text):
        yield Problem("hard_to_see", Severity.REVIEW, mention)
    if mention.part == "spoken" and _comes_last(post.parts["spoken"], mention):
        yield Problem("late", Severity.REVIEW, mention)


def _worded(mention: Mention, post: Post, where: Place) -> Iterator[Problem]:
    weight = where.weigh(mention.phrase)
    if (
        mention.phrase.term == "ambassador"
        and weight is Weight.CLEAR
        and not (post.short or where.accepts("ambassador"))
    ):
        weight = Weight.UNSURE
    if weight is Weight.VAGUE:
        yield Problem("ambiguous", Severity.BLOCK, mention, where.code)
    elif weight is Weight.UNSURE:
        yield Problem("ambiguous", Severity.REVIEW, mention, where.code)
    if not where.understands(mention.phrase, post.language):
        severity = Severity.REVIEW if mention.phrase.label else Severity.BLOCK
        yield Problem("wrong_language", severity, mention, where.code)


def _placed(mention: Mention, post: Post, places: Iterable[Place]) -> Iterator[Problem]:
    start, end = mention.span
    if not post.shows(end):
        yield Problem("below_fold", Severity.BLOCK, mention)
    if not mention.phrase.label:
        return
    follows = start > post.once(_late_from)
    pile = next((span for span in post.once(_piles) if span[0] <= start < span[1]), None)
    if pile is not None and start > pile[0]:
        yield Problem("buried", Severity.BLOCK, mention)
        return
    if follows and end >= post.once(_prose_end):
        strict = next((where.code for where in places if where.last_is_none), "")
        yield Problem("late", Severity.BLOCK if strict else Severity.REVIEW, mention, strict)
    elif follows:
        for where in places:
            if where.first:
                yield Problem("late", Severity.REVIEW, mention, where.code)


def _piles(post: Post) -> tuple[Span, ...]:
    return piles_in(post.letters("text"))


def _late_from(post: Post) -> int:
    """From where on a label comes after the first words, and so late."""
    words = islice(PROSE_WORD.finditer(post.parts["text"]), WORDS_BEFORE_LATE, WORDS_BEFORE_LATE + 1)
    return next((word.end() - 1 for word in words), len(post.parts["text"]))


def _prose_end(post: Post) -> int:
    """Where the last word ends that is no tag, name or link."""
    return max((found.end() for found in TAGS_AND_WORDS.finditer(post.parts["text"]) if found[1]), default=0)


def _concerns(mention: Mention, post: Post) -> bool:
    """Whether a phrase may be about the connection on record: its nature fits, or its sentence names the brand."""
    says = mention.phrase.says
    if says in {Says.LABEL, Says.HINT} or any(says in NATURE[kind] for kind in post.kinds):
        return True
    text = post.branded(mention.part).text
    start, end = mention.span
    sentence = text[text.rfind("\n", 0, start) + 1 : end + AFTER]
    return BRAND in sentence[-(end - start) - 2 * AFTER :]


def _best(post: Post, weighed: dict[Mention, tuple[Problem, ...]]) -> tuple[Problem, ...] | None:
    """The problems of the best mention; () when one is adequate; None when there is no mention at all."""
    if not weighed:
        return None
    good = [mention for mention, problems in weighed.items() if not problems]
    if good:
        return () if _tells_nature(good, post) else (Problem("understated", Severity.REVIEW, good[0]),)
    return min(weighed.values(), key=lambda problems: (max(RANK[p.severity] for p in problems), len(problems)))


def _tells_nature(mentions: Iterable[Mention], post: Post) -> bool:
    """Whether together they tell the nature of every kind of connection on record."""
    told = {mention.phrase.says for mention in mentions}
    return bool({Says.LABEL, Says.HINT} & told) or all(NATURE[kind] & told for kind in post.kinds)


def _comes_last(spoken: str, mention: Mention) -> bool:
    """Whether a spoken disclosure ends a longer praise, when many have stopped listening."""
    before, after = spoken[: mention.span[0]], spoken[mention.span[1] :]
    return len(re.findall(r"\w+", before)) > SPOKEN_BEFORE_LATE and len(re.findall(r"\w+", after)) <= WORDS_BEFORE_LATE


# --- where it is said -------------------------------------------------------------------------------


def _nothing_said(post: Post, beside: list[Mention], places: Iterable[Place]) -> tuple[Problem, ...]:
    """Nothing in the post itself: is it said beside it, or by the network's label only?"""
    in_image = next((m for m in beside if m.part == "image_text"), None)
    if in_image is not None:
        return (Problem("elsewhere", Severity.REVIEW, in_image),)
    if post.context.platform_label:
        lenient = all(where.label_may_do for where in places)
        return (Problem("label_only", Severity.REVIEW if lenient else Severity.BLOCK),)
    if beside:
        return (Problem("elsewhere", Severity.BLOCK, beside[0]),)
    if glued := _glued(post):
        return (Problem("run_together", Severity.BLOCK, glued),)
    return (Problem("undisclosed", Severity.REVIEW if post.low_value else Severity.BLOCK),)


def _glued(post: Post) -> Mention | None:
    """A longer tag that ends in the word, if there is one."""
    match = GLUED.search(post.letters("text").text)
    if match is None:
        return None
    label = next(phrase for phrase in every_language()["en"].phrases if phrase.says is Says.LABEL)
    return Mention("text", post.letters("text").span(*match.span()), label)


def _video_is_known(post: Post) -> bool:
    return bool(post.parts["spoken"] or post.parts["overlay"])


def _moving(post: Post, weighed: dict[Mention, tuple[Problem, ...]], places: Iterable[Place]) -> tuple[Problem, ...]:
    """A video or story whose own words are known, wholly or partly."""
    shown = _best(post, {m: p for m, p in weighed.items() if m.part == "overlay"})
    said = _best(post, {m: p for m, p in weighed.items() if m.part == "spoken"})
    is_shown = shown == () or post.in_video in {"shown", "both"}
    is_said = said == () or post.in_video in {"said", "both"}
    if post.surface == "story" and not post.parts["spoken"]:
        if is_shown:
            return ()
        return shown or (Problem("story_overlay", Severity.BLOCK),)
    talks = bool(post.parts["spoken"])
    if is_shown and (is_said or not talks):
        return ()
    if is_shown or is_said:
        return (Problem("in_video", Severity.REVIEW),)
    candidates = [problems for problems in (shown, said) if problems]
    if candidates:
        return min(candidates, key=lambda problems: max(RANK[p.severity] for p in problems))
    caption = [m for m in weighed if m.part not in {"overlay", "spoken"}]
    return (Problem("in_video" if caption else "undisclosed", Severity.BLOCK, caption[0] if caption else None),)


def _live(post: Post, weighed: dict[Mention, tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """A live stream: somebody who joins late must meet it too."""
    overlay = [m for m, problems in weighed.items() if m.part == "overlay" and not problems]
    if overlay and PERSISTENT.search(post.letters("overlay").text):
        return ()
    spoken = [m for m, problems in weighed.items() if m.part == "spoken" and not problems]
    if len({_minute(post.parts["spoken"], m.span[0]) for m in spoken}) >= 2 or post.in_video == "both":
        return ()
    if spoken or overlay:
        return (Problem("live_once", Severity.BLOCK, (spoken or overlay)[0]),)
    caption = [m for m in weighed if m.part in {"text", "title"}]
    return (Problem("live_once" if caption else "undisclosed", Severity.BLOCK, caption[0] if caption else None),)


def _minute(spoken: str, at: int) -> int:
    """Which timed passage of `spoken` the letter at `at` stands in; without times, its sentence."""
    marks = TIMED if TIMED.search(spoken) else re.compile(r"[.!?]\s")
    return len(marks.findall(spoken[:at]))
