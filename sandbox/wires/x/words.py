"""How X counts and shows words: 280 weighted units, links 23, emoji 2, links wrapped as t.co."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass

import regex

LIMIT = 280
LONG_LIMIT = 25_000
LINK_WEIGHT = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

# An emoji as a person sees it: flags, keycaps, tag flags, joined and toned sequences.
EMOJI = regex.compile(
    r"\p{RI}\p{RI}"
    r"|[0-9#*]\uFE0F?\u20E3"
    r"|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)\p{EMod}?[\U000E0020-\U000E007F]*"
    r"(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{EMod}?)*"
    r"|\p{Extended_Pictographic}\p{EMod}(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{EMod}?)*"
    r"|\p{Extended_Pictographic}(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{EMod}?)+"
)
# Endings that make a bare domain a link: the common generic ones, and the countries'.
GENERIC = (
    "com org net edu gov mil int info biz name pro aero coop museum mobi asia cat jobs tel travel xyz top "
    "shop store online site website tech app dev page blog cloud club live life news media agency studio "
    "design digital email company coffee cafe restaurant food world today link click space fun game games "
    "social video photo photos art music film tv bank finance money insurance health care clinic school "
    "academy university love pet red blue green black pink eco bio earth city london paris berlin tokyo nyc"
)
COUNTRIES = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz "
    "ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk "
    "fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq "
    "ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh "
    "mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk "
    "pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz "
    "tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
ENDINGS = "|".join(sorted(GENERIC.split() + COUNTRIES.split(), key=len, reverse=True))
LABEL = r"[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?"
PATH = r"(?:/(?:[\p{L}\p{N}+\-=_#/&*%~@!$',;:.|()?]*[\p{L}\p{N}+\-=_#/&*%~@$|)])?)?"
QUERY = r"(?:\?[\p{L}\p{N}!?*'();:&=+$/%#\[\]\-_.,~|@]*[\p{L}\p{N}\-_&=#/])?"
TAIL = PATH + QUERY
LINK = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}@#$＠＃])(?:https?://(?:{LABEL}\.)+[\p{{L}}]{{2,}}(?::\d+)?{TAIL}"
    rf"|(?<![-_./])(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)+(?:{ENDINGS})(?![\p{{L}}\p{{N}}@-])(?::\d+)?{TAIL})",
    regex.IGNORECASE,
)
MENTION = regex.compile(r"(?<![\w@＠$#&!*])[@＠](\w{1,15})(?!\w|@|://)")
HASHTAG = regex.compile(r"(?<![\w&])[#＃]([\p{L}\p{M}\p{N}_]*[\p{L}\p{M}][\p{L}\p{M}\p{N}_]*)")
CASHTAG = regex.compile(r"(?<![\w$])\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?!\w)")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def weigh(text: str) -> int:
    """The weighted length of a text by twitter-text v3."""
    text = unicodedata.normalize("NFC", text)
    total = 0
    place = 0
    for link in LINK.finditer(text):
        total += _plain(text[place : link.start()]) + LINK_WEIGHT
        place = int(link.end())
    return total + _plain(text[place:])


def _plain(text: str) -> int:
    rest, emoji = EMOJI.subn("", text)
    return 2 * int(emoji) + sum(1 if _light(ord(sign)) else 2 for sign in rest)


def _light(point: int) -> bool:
    return any(low <= point <= high for low, high in LIGHT)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A text as the API gives it back, and where its links and names stand in it."""

    text: str
    urls: list[dict[str, object]]


def short(post_id: str, place: int) -> str:
    """The steady t.co address of a post's link."""
    number = int(post_id) * 16 + place
    made = ""
    while number:
        number, digit = divmod(number, 62)
        made = DIGITS[digit] + made
    return "https://t.co/" + made[-10:]


def wrap(text: str, post_id: str, media: int = 0) -> Wrapped:
    """Links become t.co addresses, the media's address is put behind, and & < > are escaped."""
    made = ""
    urls: list[dict[str, object]] = []
    place = 0
    for count, link in enumerate(LINK.finditer(text)):
        made += html.escape(text[place : link.start()], quote=False)
        full = link[0] if "://" in link[0] else f"http://{link[0]}"
        urls.append(_entity(made, short(post_id, count), full))
        made += short(post_id, count)
        place = link.end()
    made += html.escape(text[place:], quote=False)
    if media:
        made += " " if made else ""
        own = f"https://x.com/i/status/{post_id}/photo/1"
        urls.append(_entity(made, short(post_id, 15), own))
        made += short(post_id, 15)
    return Wrapped(made, urls)


def _entity(before: str, url: str, full: str) -> dict[str, object]:
    shown = full.split("://", 1)[-1].removeprefix("www.")
    shown = shown[:26] + "…" if len(shown) > 27 else shown
    return {
        "start": len(before),
        "end": len(before) + len(url),
        "url": url,
        "expanded_url": full,
        "display_url": shown,
    }


def shown(text: str) -> str:
    """The text as a reader sees it: links by their short display form."""
    return LINK.sub(lambda link: str(_entity("", "", link[0])["display_url"]), text)


def normal(text: str) -> str:
    """What the duplicate check compares."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
