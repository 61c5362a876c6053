"""A post read once for all rules: its parts, its language, whether it praises, and what it discloses where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from compliance.protocol import IN_VIDEO, ConnectionKind, Context, Tie
from compliance.rules.reading.language import classified, language_of
from compliance.rules.reading.letters import fold_letters
from compliance.rules.reading.mentions import Denial, Mention, denials_in, mentions_in
from compliance.rules.reading.phrases import NATURE, Says, Weight, brand_pattern, sieve
from networks.protocol import Content, Limits, MediaKind
from networks.text import fold

ABOUT = ("text", "title", "overlay", "spoken")
"""The parts that are the post itself; the others stand beside it."""
BESIDE = ("image_text", "first_comment", "link_preview", "bio")
TRACKED = re.compile(
    r"https?://\S{0,300}[?&](?:ref|aff|affid|aff_id|affiliate|tag|partner|coupon|promo|c|irclickid|subid)="
)
QUESTION = re.compile(
    r"^\W*(?:can|could|does|do|is|are|anyone|any|who|what|when|where|how|has|adakah|ada|siapa|kapan|di mana|bagaimana|"
    r"wer|wo|wann|hat|kann|quelqu'un|qui|ou|quand|alguien|donde|cuando|quien)\b[^!]{0,300}\?\W*$",
    re.DOTALL,
)
BUSINESS = re.compile(
    r"\b(?:hiring|vacanc\w+|apply|job|role|joined|joining|first day|anniversary|congratulations|congrats|"
    r"conference|summit|"
    r"panel|webinar|meetup|lowongan|bergabung|selamat|stellenangebot|wir suchen|recrut\w+|contrata\w+)\b"
)
HOSTED = re.compile(r"@\w|\b(?:team|brand|hotel|resort|company|folks|crew|restaurant|villa|spa|lodge)\b")
GIVER = re.compile(
    r"@\w|\b(?:brand|company|team|pr|shop|store|they|hotel|restaurant|app|label|agency|makers?|toko|merek|marke|marque|marca)\b"
)
AFFILIATE = frozenset({"affiliate", "affiliate_de", "affilie", "afiliado", "afiliasi"})
GLUED = re.compile(
    r"#(?!\w*(?:salad|bread|road|dad|read|head|squad|load|pad|mad|glad|grad|nomad|lead|thread|spread|myriad|chad|thead)\b)"
    r"\w{4,40}(?:ad|ads|sponsored|iklan|werbung)\b"
)
SHORT_TEXT = 500
LOW_VALUES = {"USD": 5, "EUR": 5, "GBP": 5, "AUD": 8, "CAD": 7, "IDR": 75_000, "INR": 400, "BRL": 25, "": 5}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a reading depends on, hashable: one reading for all the rules of one screening."""

    text: str
    title: str
    link: str
    language: str
    video: bool
    in_video: str
    network: str
    fold_characters: int
    ties: tuple[Tie, ...]
    author_role: str
    promotes: bool
    surface: str
    around: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Post:
    """What was read. `parts` by name; `language` "" when unknown; `mentions` and `denials` over all parts."""

    parts: dict[str, str]
    visible: str
    language: str
    mentions: tuple[Mention, ...]
    denials: tuple[Denial, ...]
    endorses: bool
    signals: tuple[Mention, ...]
    incentive: tuple[str, tuple[int, int]] | None
    ties: tuple[Tie, ...]
    video: bool
    in_video: str
    surface: str
    short: bool

    @property
    def duty(self) -> bool:
        """Whether something must be disclosed: praise, and a connection the audience does not expect."""
        return self.endorses and bool(self.ties)

    @property
    def kinds(self) -> frozenset[ConnectionKind]:
        return frozenset(tie.kind for tie in self.ties)

    @property
    def low_value(self) -> bool:
        """Whether all that was given is too little to matter for sure (a keyring)."""
        return bool(self.ties) and all(
            tie.value is not None and tie.value <= LOW_VALUES.get(tie.currency.upper(), 0) for tie in self.ties
        )


def read(content: Content, context: Context) -> Post:
    """`content` as its readers take it in under `context`. Linear in its length; remembered for the last ones."""
    newest = _newest[0]
    if newest is not None and newest[0] is content and newest[1] is context:
        return newest[2]
    found = _read(_facts(content, context), _Ignored(context.limits))
    _newest[0] = (content, context, found)
    return found


# All rules ask about the same two objects one after another.
_newest: list[tuple[Content, Context, Post] | None] = [None]


def _facts(content: Content, context: Context) -> Facts:
    return Facts(
        text=content.text,
        title=content.title,
        link=content.link,
        language=content.language or context.language,
        video=any(media.kind is MediaKind.VIDEO for media in content.media),
        in_video=_in_video(content),
        network=context.network,
        fold_characters=context.limits.fold_characters,
        ties=context.ties,
        author_role=context.author_role,
        promotes=context.promotes,
        surface=context.surface,
        around=tuple(sorted(context.around.items())),
    )


def _in_video(content: Content) -> str:
    """What the author confirmed of the video itself: shown, said, both, or ""."""
    confirmed = content.options.get(IN_VIDEO, "")
    if confirmed is True:
        return "both"
    return confirmed if isinstance(confirmed, str) and confirmed in {"shown", "said", "both"} else ""


class _Ignored:
    """The limits beside the facts: they follow from the network and the fold, so the memory need not compare them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ignored)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _read(facts: Facts, beside: _Ignored) -> Post:
    limits = beside.limits
    around = dict(facts.around)
    parts = {"text": facts.text, "title": facts.title, **{name: around.get(name, "") for name in (*ABOUT[2:], *BESIDE)}}
    brands = tuple(dict.fromkeys(tie.brand for tie in facts.ties if tie.brand))
    mentions = tuple(m for name, text in parts.items() if text for m in mentions_in(name, text, brands))
    language = _language(parts, facts.language)
    mentions = _in_own_tongue(mentions, language or "en")
    denials = tuple(d for name in ABOUT if parts[name] for d in denials_in(name, parts[name]))
    own = facts.author_role == "brand" and not facts.ties
    return Post(
        parts=parts,
        visible=fold(facts.text, limits)
        if len(facts.text) > limits.fold_characters // 2 or "\n" in facts.text
        else facts.text,
        language=language,
        mentions=mentions,
        denials=denials,
        endorses=not own
        and bool(facts.ties)
        and (facts.promotes or _endorses(parts, facts, brands, mentions, denials)),
        signals=() if own or facts.ties or denials else _signals(mentions, parts),
        incentive=None if own or denials else _incentive(parts),
        ties=facts.ties,
        video=facts.video,
        in_video=facts.in_video,
        surface=facts.surface,
        short=limits.text <= SHORT_TEXT,
    )


def _language(parts: dict[str, str], declared: str) -> str:
    prose = "\n".join(parts[name] for name in ("title", "text") if parts[name]) or parts["spoken"] or parts["overlay"]
    declared = declared.split("-")[0].split("_")[0].lower()
    return language_of(prose) or declared or classified(prose)


def _in_own_tongue(mentions: tuple[Mention, ...], language: str) -> tuple[Mention, ...]:
    """Without what only looks like a phrase of another language: the same letters are one of the post's own."""
    own = [mention for mention in mentions if mention.phrase.language == language]

    def shadowed(mention: Mention) -> bool:
        return any(
            other.part == mention.part and other.span[0] < mention.span[1] and mention.span[0] < other.span[1]
            for other in own
        )

    return tuple(m for m in mentions if m.phrase.language == language or not shadowed(m))


def _endorses(
    parts: dict[str, str],
    facts: Facts,
    brands: tuple[str, ...],
    mentions: tuple[Mention, ...],
    denials: tuple[Denial, ...],
) -> bool:
    """Whether the post speaks for a product: it names or tags the brand, links with a reward, or praises goods."""
    folded = fold_letters(" \n ".join(parts[name] for name in ABOUT if parts[name]) + " " + facts.link).text
    if (
        any(_speaks(m, parts, facts.ties) for m in mentions)
        or denials
        or TRACKED.search(folded)
        or GLUED.search(folded)
    ):
        return True
    praised = {language for _, language in sieve("praise").found(folded)}
    named = bool(re.search(brand_pattern(brands), folded)) if brands else False
    if named and not praised and (QUESTION.search(folded) or BUSINESS.search(folded)):
        return False
    goods = {language for _, language in sieve("goods").found(folded)}
    return named or bool(praised & goods) or (facts.surface == "story" and bool(goods))


def _speaks(mention: Mention, parts: dict[str, str], ties: tuple[Tie, ...]) -> bool:
    """Whether a phrase is about the connection on record, and not about the writer's own life."""
    says = mention.phrase.says
    if mention.part not in ABOUT:
        return False
    if says is Says.HINT:
        return parts[mention.part][mention.span[0]] in "#([" or mention.phrase.term == "sp"
    if says in {Says.LABEL, Says.PAID, Says.COMMISSION} or mention.phrase.weight is Weight.UNSURE:
        return True
    return any(says in NATURE[tie.kind] for tie in ties)


def _signals(mentions: tuple[Mention, ...], parts: dict[str, str]) -> tuple[Mention, ...]:
    """What a text shows of a connection that is not on record."""
    return tuple(m for m in mentions if m.part in ABOUT and not m.blanket and _is_signal(m, parts[m.part]))


def _is_signal(mention: Mention, text: str) -> bool:
    phrase = mention.phrase
    sentence = fold_letters(text[max(0, mention.span[0] - 60) : mention.span[1] + 60]).text
    if phrase.term in {"gifted", "pr", "pr_sample", "endorse", "recebido"}:
        return phrase.label and text[mention.span[0]] == "#"
    if phrase.term in {"hosted", "sent"}:
        return bool(HOSTED.search(sentence))
    if phrase.term in AFFILIATE:
        return text[mention.span[0]] != "#"
    if phrase.weight is not Weight.CLEAR:
        return False
    if phrase.says in {Says.LABEL, Says.PAID, Says.COMMISSION}:
        return True
    return phrase.says in {Says.FREE, Says.TRIP, Says.EARLY, Says.LOAN} and bool(GIVER.search(sentence))


def _incentive(parts: dict[str, str]) -> tuple[str, tuple[int, int]] | None:
    for name in ("text", "title", "overlay", "spoken"):
        letters = fold_letters(parts[name])
        for match, _ in sieve("incentives").found(letters.text):
            return name, letters.span(*match.span())
    return None
