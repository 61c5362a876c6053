"""A post read once for all rules: its parts, its language, whether it praises, and what it discloses where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from compliance.protocol import IN_VIDEO, ConnectionKind, Context, Tie
from compliance.rules.reading.alphabet import BRAND
from compliance.rules.reading.asking import asked_once
from compliance.rules.reading.brands import branded
from compliance.rules.reading.language import classified, language_of
from compliance.rules.reading.letters import Letters, fold_letters
from compliance.rules.reading.mentions import Denial, Mention, denials_in, mentions_in
from compliance.rules.reading.phrases import NATURE, Says, Signal, Weight, every_language, sieve
from networks.protocol import Content, MediaKind
from networks.protocol.limits import Counting
from networks.text import LINK_WEIGHT, fold

ABOUT = ("text", "title", "overlay", "spoken")
"""The parts that are the post itself; the others stand beside it."""
BESIDE = ("image_text", "first_comment", "link_preview", "bio")
ADDRESSES = "addresses"
"""What short links of the post stand for, one a line: nobody reads it, but it says where readers end up."""
TRACKED = re.compile(
    r"https?://\S{0,300}[?&](?:ref|aff|affid|aff_id|affiliate|tag|partner|coupon|promo|c|irclickid|subid)="
)
QUESTION = re.compile(
    r"^\W*(?:can|could|does|do|is|are|anyone|any|who|what|when|where|how|has|which|adakah|ada|siapa|kapan|di mana|"
    r"bagaimana|jam berapa|wer|wo|wann|hat|kann|weiss|quelqu'un|qui|ou|quand|a quelle heure|alguien|donde|cuando|quien|"
    r"a que hora)\b[^!?]{0,300}\?[^?]{0,60}$",
    re.DOTALL,
)
BUSINESS = re.compile(
    r"\b(?:hiring|vacanc\w+|apply|job|role|joined|joining|first day|anniversary|congratulations|congrats|"
    r"conference|summit|"
    r"panel|webinar|meetup|lowongan|bergabung|selamat|stellenangebot|wir suchen|recrut\w+|contrata\w+)\b"
)
AROUND = 60  # letters on each side in which whoever gave something is looked for
SENTENCE_END = re.compile(r"[.!?\n]+(?:\s|$)")
HOSTED = re.compile(
    r"@\w|\b(?:team|brand|hotel\w*|resort\w*|company|folks|crew|restaurant\w*|villa|spa|lodge|hostel|posada|gasthaus|auberge|"
    r"tourism|tourismus|nights?|noches?|nuits?|nachte?|malam)\b"
)
GIVER = re.compile(
    r"@\w|\b(?:brands?|company|team|pr|shop|store|hotel|restaurant|app|label|agency|makers?|sponsors?|vpn|studio|"
    r"publisher|toko|merek|marke|hersteller|firma|marque|marca|boutique|tienda|post|video|reel|review|promo\w*|discount|"
    r"link in bio|link)\b"
)
NAME = re.compile(r"(?<![.!?\n] )(?<!^)(?<![.!?\n])\b[A-Z][a-z]{2,}(?: (?:&|and) [A-Z]\w+| [A-Z]\w+)?")
SUBJECT = re.compile(r"(?:^|[.!?\n:]\s{0,3})([A-Z][\w'-]{2,})(?: [A-Z&][\w'-]*){0,3}(?: (?:very|so|hat|kindly))?$")
"""A sentence that begins with a name, and goes on with what was given."""
NOBODY = frozenset(
    """
    you she they who someone somebody everyone nobody anyone what which this that these those here there and but then
    when ich wir sie man jemand niemand das die der elle ils elles nous vous quelqu on cela ella ellos alguien nadie que
    aku dia mereka kami kita saya gue yang semua kalau
    """.split()  # noqa: SIM905 - a paragraph is easier to read and to add to than a hundred quotes
)
KIN = re.compile(
    r"\b(?:aunt\w*|uncle|mum|mom|mother|dad|father|sister|brother|cousin|grandm\w+|grandp\w+|nana|neighbou?rs?|boss|"
    r"husband|wife|friends?|in-laws|kids?|colleagues?|tante|om|ibu|bapak|mama|papa|oma|opa|suami|istri|adik|kakak|anak|"
    r"pacar|teman|sahabat|tetangga|mertua|onkel|mutter|vater|bruder|schwester|mann|frau|freund\w*|nachbar\w*|kolleg\w+|"
    r"maman|mamie|papi|mari|soeur|frere|fils|fille|copain|copine|voisine?|collegues?|tia|tio|abuel[ao]|madre|padre|"
    r"marido|novi[ao]|hij[ao]|herman[ao]|vecin[ao]|suegr[ao]|amig[ao]s?|babysitting|wages|salary|"
    r"(?:my|the|our) rent|overtime|invoice|birthday|christmas|anniversary)\b"
)
GLUED = re.compile(
    r"#(?!\w*(?:salad|bread|road|dad|read|head|squad|load|pad|mad|glad|grad|nomad|lead|thread|spread|myriad|chad|thead)\b)"
    r"\w{4,40}(?:ad|ads|sponsored|iklan|werbung)\b"
)
Answer = TypeVar("Answer")
SHORT_TEXT = 500
SHORTEST_LINK = 4  # "t.co": no letter of a text weighs more than its share of one
LOW_VALUES = {"USD": 5, "EUR": 5, "GBP": 5, "AUD": 8, "CAD": 7, "IDR": 75_000, "INR": 400, "BRL": 25, "": 5}


class Post:
    """What was read. Everything is read when it is first asked for, once: most posts need little of it."""

    def __init__(self, content: Content, context: Context) -> None:
        self.content = content
        self.context = context
        self.ties = context.ties
        self.surface = context.surface
        around = context.around
        self.parts = {"text": content.text, "title": content.title}
        self.parts.update((name, around.get(name, "")) for name in (*ABOUT[2:], *BESIDE))
        self.addresses = around.get(ADDRESSES, "")
        self.own = context.author_role == "brand" and not context.ties
        self._letters: dict[str, Letters] = {}
        self._branded: dict[str, Letters] = {}
        self._answers: dict[Callable[[Any], Any], Any] = {}  # Any: each question has its own kind of answer

    def once(self, question: Callable[[Post], Answer]) -> Answer:
        """The answer to `question` about this post, worked out the first time it is asked."""
        if question not in self._answers:
            self._answers[question] = question(self)
        answer: Answer = self._answers[question]
        return answer

    def letters(self, part: str) -> Letters:
        """One part, folded."""
        if part not in self._letters:
            self._letters[part] = Letters(self.parts[part])
        return self._letters[part]

    @property
    def duty(self) -> bool:
        """Whether something must be disclosed: praise, and a connection the audience does not expect."""
        return bool(self.ties) and self.endorses

    @asked_once
    def kinds(self) -> frozenset[ConnectionKind]:
        return frozenset(tie.kind for tie in self.ties)

    @property
    def low_value(self) -> bool:
        """Whether all that was given is too little to matter for sure (a keyring)."""
        return bool(self.ties) and all(
            tie.value is not None and tie.value <= LOW_VALUES.get(tie.currency.upper(), 0) for tie in self.ties
        )

    @asked_once
    def brands(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tie.brand for tie in self.ties if tie.brand))

    @property
    def declared(self) -> str:
        """The language the post is said to be in (ISO 639-1), or ""."""
        declared = self.content.language or self.context.language
        return declared.split("-")[0].split("_")[0].lower()

    @asked_once
    def language(self) -> str:
        """ISO 639-1; "" when unknown."""
        prose = "\n".join(filter(None, (self.parts["title"], self.parts["text"])))
        prose = prose or self.parts["spoken"] or self.parts["overlay"]
        return language_of(prose, self.declared) or self.declared or classified(prose)

    @property
    def unread(self) -> bool:
        """Whether the post is in a language that no table of words speaks for."""
        if self.declared in every_language():  # whatever the little words tell, it is one that is known here
            return False
        return bool(self.language) and self.language not in every_language()

    @asked_once
    def mentions(self) -> tuple[Mention, ...]:
        """Over all parts, in their order."""
        found = [
            mention
            for part, text in self.parts.items()
            if text
            for mention in mentions_in(part, self.letters(part), self.branded(part))
        ]
        if len({mention.phrase.language for mention in found}) < 2:
            return tuple(found)
        return _in_own_tongue(found, self.language or "en")

    @asked_once
    def denials(self) -> tuple[Denial, ...]:
        """Over the parts that are the post itself."""
        return tuple(denial for part in ABOUT if self.parts[part] for denial in denials_in(part, self.letters(part)))

    @asked_once
    def endorses(self) -> bool:
        return bool(self.ties) and (self.context.promotes or _endorses(self))

    @asked_once
    def signals(self) -> tuple[Mention, ...]:
        """What a text shows of a connection that is not on record."""
        if self.own or self.ties:
            return ()
        found = (m for m in self.mentions if m.part in ABOUT and not m.blanket)
        shown = tuple(m for m in found if _is_signal(m, self.letters(m.part)))
        return () if shown and self.denials else shown

    @asked_once
    def incentive(self) -> tuple[str, tuple[int, int]] | None:
        """The first reward a text offers, as (part, span)."""
        if self.own:
            return None
        found = next(_incentives(self), None)
        return None if found and self.denials else found

    @asked_once
    def video(self) -> bool:
        return any(media.kind is MediaKind.VIDEO for media in self.content.media)

    @property
    def in_video(self) -> str:
        """What the author confirmed of the video itself: shown, said, both, or ""."""
        confirmed = self.content.options.get(IN_VIDEO, "")
        if confirmed is True:
            return "both"
        return confirmed if isinstance(confirmed, str) and confirmed in {"shown", "said", "both"} else ""

    @property
    def short(self) -> bool:
        """Whether the network leaves room for a few words only."""
        return self.context.limits.text <= SHORT_TEXT

    def shows(self, end: int) -> bool:
        """Whether readers see the text up to `end` without opening it."""
        limits = self.context.limits
        heaviest = -(-LINK_WEIGHT // SHORTEST_LINK) if limits.counting is Counting.WEIGHTED else 1
        if end * heaviest <= limits.fold_characters and "\n" not in self.parts["text"][:end]:
            return True
        return end <= self._visible

    @asked_once
    def _visible(self) -> int:
        return len(fold(self.parts["text"], self.context.limits))

    def branded(self, part: str) -> Letters:
        """One part, folded, with the brands' names marked."""
        if not self.ties:
            return self.letters(part)
        if part not in self._branded:
            self._branded[part] = branded(self.letters(part), self.brands)
        return self._branded[part]

    @asked_once
    def named(self) -> bool:
        """Whether the post names or tags a brand on record, or links to it."""
        if any(BRAND in self.branded(part).text for part in (*ABOUT, "image_text", "link_preview") if self.parts[part]):
            return True
        return any(BRAND in branded(fold_letters(one), self.brands).text for one in self._links if one)

    @property
    def _links(self) -> tuple[str, str]:
        return self.content.link, self.addresses


def read(content: Content, context: Context) -> Post:
    """`content` as its readers take it in under `context`. Linear in its length; remembered for all the rules."""
    newest = _newest[0]
    if newest is None or newest.content is not content or newest.context is not context:
        newest = _newest[0] = Post(content, context)
    return newest


# All rules ask about the same two objects one after another.
_newest: list[Post | None] = [None]


def _in_own_tongue(mentions: list[Mention], language: str) -> tuple[Mention, ...]:
    """Without what only looks like a phrase of another language: the same letters are one of the post's own."""
    own = [mention for mention in mentions if mention.phrase.language == language]

    def shadowed(mention: Mention) -> bool:
        return any(
            other.part == mention.part and other.span[0] < mention.span[1] and mention.span[0] < other.span[1]
            for other in own
        )

    if len(own) == len(mentions):
        return tuple(mentions)
    return tuple(m for m in mentions if m.phrase.language == language or not shadowed(m))


def _endorses(post: Post) -> bool:
    """Whether the post speaks for a product: it names or tags the brand, links with a reward, or praises goods."""
    if any(_speaks(mention, post.parts, post.ties) for mention in post.mentions) or post.denials:
        return True
    parts = [post.letters(part) for part in ABOUT if post.parts[part]]
    if any(TRACKED.search(part.text) or GLUED.search(part.text) for part in parts) or TRACKED.search(post.content.link):
        return True
    if TRACKED.search(post.addresses):
        return True
    if any(_announced(mention) for mention in post.mentions):
        return True
    praised = {language for part in parts for _, language in sieve("praise").found(part)}
    if post.named:
        return bool(praised) or not any(QUESTION.search(part.text) or BUSINESS.search(part.text) for part in parts)
    goods = {language for part in parts for _, language in sieve("goods").found(part)}
    return bool(praised & goods) or (post.surface == "story" and bool(goods))


def _announced(mention: Mention) -> bool:
    """Whether what stands beside the post says that the post is advertising."""
    says = mention.phrase.says
    return mention.part in BESIDE and mention.part != "bio" and says in {Says.LABEL, Says.PAID, Says.COMMISSION}


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


def _is_signal(mention: Mention, letters: Letters) -> bool:
    signal = mention.phrase.signal
    if signal in {Signal.ALWAYS, Signal.NEVER}:
        return signal is Signal.ALWAYS
    start, end = mention.span
    if signal in {Signal.TAG, Signal.WORDS}:
        return (letters.original[start] == "#") is (signal is Signal.TAG)
    if signal is Signal.PRAISED and not sieve("praise").any(letters):
        return False
    around = _sentence(letters.original, start, end)
    folded = fold_letters(around).text
    if KIN.search(folded):
        return False
    if signal is Signal.HOST:
        return bool(HOSTED.search(folded))
    if GIVER.search(folded) or NAME.search(around):
        return True
    subject = SUBJECT.search(letters.original[max(0, start - AROUND) : start].rstrip())
    return subject is not None and subject[1].lower() not in NOBODY


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence that holds `text[start:end]`, as far as it is near."""
    before = text[max(0, start - AROUND) : start]
    after = text[end : end + AROUND]
    return SENTENCE_END.split(before)[-1] + text[start:end] + SENTENCE_END.split(after)[0]


def _incentives(post: Post) -> Iterator[tuple[str, tuple[int, int]]]:
    for part in ABOUT:
        if post.parts[part]:
            letters = post.letters(part)
            for match, _ in sieve("incentives").found(letters):
                yield part, letters.span(*match.span())
