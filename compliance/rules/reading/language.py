"""Which language a post is written in: its little words first, and a trained classifier where they do not tell."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import py3langid.langid as langid

from compliance.rules.reading.letters import fold_letters

LITTLE_WORDS = {
    "en": "the and is to of in you it this that with for my was are on have i so not but be they we your just from "
    "at me all these our what been had as there one can do if get an its it's i'm i've don't how who when will more "
    "out up by about would has he she her his them than then some any no after before over into only very here now "
    "which first did were got too like because every still",
    "id": "yang dan di ke dari ini itu untuk dengan aku saya kamu gak nggak tidak bisa banget juga ada udah sudah "
    "buat lagi sama nya kita mau aja karena pakai bikin punya satu hari kak sih dong deh nih bener suka jadi "
    "lebih kalau sampai setiap pagi semua masih baru dapat bayar oleh kami kalian mereka akan telah pada adalah "
    "seperti tapi kok yuk ya tuh gue ga enak pake biar waktu minggu terus bukan belum pernah sangat para",
    "de": "der die das und ist ich nicht mit ein eine einen fur auf zu von den im habe mir mich euch ihr wir auch "
    "sehr diese dieser dieses dem hat es wie aber schon noch bei so ganz mein meine seit wurde war sind haben uber "
    "zum zur nach nur wenn dass was alle oder aus um werden kann jetzt mehr heute immer hier man unser unsere sich vom",
    "fr": "le la les des un une et est je pas avec pour dans sur que qui ce cette ces mon ma mes nous vous plus tout "
    "bien du au aux tres suis ai j'ai c'est depuis elle il en par fait de ne se ou mais sont son sa ses leur nos notre "
    "votre vos on y a ete quand comme encore si toujours moi toi ca chez sans",
    "es": "el la los las un una y es que de en con por para mi me no se lo este esta esto muy mas pero ya yo han ha "
    "he del al como todo te sus su mis dos desde hoy llevo nos hemos son fue cuando tambien sin sobre hay porque "
    "si tu os vuestra nuestro nuestra cada solo le les donde ser estoy tengo",
    "it": "il lo la gli un una e che di in con per mi non si questo questa sono ho molto piu ma della nel ci anche "
    "mio mia hanno ha come quando dal alla del dei delle le i al da nella sul ne cosa perche tutto solo ogni sempre "
    "vi noi abbiamo essere stato",
    "nl": "de het een en is ik niet met voor op van dat deze dit mijn je we heb ook er zijn maar aan bij te heel nu "
    "nog wat hebben om uit dan naar als ze hij wij ons onze jullie door over kan wel geen meer al weer zo",
    "pt": "o a os as um uma e que de em com por para meu minha nao se isso esta este muito mais mas eu voce do da no "
    "na foi tem ja pra dos das ao pelo pela como quando sem nos todo toda cada tudo ser estou sao esse essa gente ate "
    "so hoje porque",
}
WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
NOT_PROSE = re.compile(r"https?://\S{1,500}|[#@][\w.]{1,100}")
ENOUGH, ENOUGH_TO_DOUBT = 2, 5
SHORTEST_TO_CLASSIFY = 24
SAMPLE = 1500
SURE = 0.4
NEAR = {"ms": "id", "jv": "id", "gl": "es"}  # a short text in the one is often taken for the other
UNKNOWN = ""


@cache
def _owners() -> dict[str, tuple[str, ...]]:
    """Little word -> the languages it is one in."""
    found: dict[str, list[str]] = {}
    for language, words in LITTLE_WORDS.items():
        for word in set(words.split()):
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


def language_of(text: str, declared: str = "") -> str:
    """The language of `text` (ISO 639-1) by its little words, or "" when they do not tell; tags do not count.

    Where another language is `declared` whose little words nobody listed here, theirs may look like some of these: then
    more must be met.
    """
    enough = ENOUGH if not declared or declared in LITTLE_WORDS else ENOUGH_TO_DOUBT
    prose = NOT_PROSE.sub(" ", fold_letters(text[:SAMPLE]).text)
    words = WORDS.findall(prose)
    scores: dict[str, float] = {}
    for word in words:
        owners = _owners().get(word, ())
        for language in owners:
            scores[language] = scores.get(language, 0.0) + 1 / len(owners)
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    if ranked and ranked[0][1] >= enough and (len(ranked) == 1 or ranked[0][1] >= 1.5 * ranked[1][1]):
        return ranked[0][0]
    return UNKNOWN


def classified(text: str) -> str:
    """What a trained classifier says of `text`, or "" when it is too short or the classifier too unsure."""
    prose = NOT_PROSE.sub(" ", text[:SAMPLE]).strip()
    if len(prose) < SHORTEST_TO_CLASSIFY:
        return UNKNOWN
    language, probability = _classifier().classify(prose)
    return NEAR.get(language, str(language)) if float(probability) >= SURE else UNKNOWN


@cache
def _classifier() -> Any:  # Any: py3langid publishes no types
    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
