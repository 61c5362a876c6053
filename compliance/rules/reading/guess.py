"""Which brand a text without a record seems to speak for, and what it seems to have given: to prefill the record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from compliance.protocol import ConnectionKind
from compliance.rules.reading.phrases import Says

AROUND = 80  # letters on each side of the telling words
LONGEST = 60
HANDLE = re.compile(r"@([\w.]{2,40}\w)")
WORD = r"[A-Z][^\W\d_]*[a-z][\w'\u2019]*"
NAME = r"(?!(?:So|The|My|Our|And|But|When|Use|Get|Huge|Big|Thanks|Thank|This|We|They)\b)" + (
    rf"{WORD}(?:(?: (?:&|and|de|la|of) | ){WORD}){{0,3}}"
)
AFTER_A_LINK_WORD = re.compile(
    r"\b(?:by|from|with|at|to|for|von|bei|mit|par|chez|avec|por|con|en|dari|oleh|sama) (?:the |la |el |le )?"
    rf"({NAME})"
)
BEFORE_A_GIFT = re.compile(
    rf"({NAME}) (?:\w+ )?(?:sent|gave|gifted|paid|flew|invited|hosted|lent|hat|m'a|me|mengirim|kirim|ngasih)\b"
)
ANY_NAME = re.compile(rf"(?<=[a-z,] )({NAME})")
SITE = re.compile(r"https?://(?:www\.|shop\.|go\.)?([\w-]{3,40})\.")
KINDS: Mapping[Says, ConnectionKind] = {
    Says.LABEL: ConnectionKind.PAYMENT,
    Says.PAID: ConnectionKind.PAYMENT,
    Says.FREE: ConnectionKind.FREE_PRODUCT,
    Says.TRIP: ConnectionKind.TRIP,
    Says.DISCOUNT: ConnectionKind.DISCOUNT,
    Says.LOAN: ConnectionKind.LOAN,
    Says.EARLY: ConnectionKind.EARLY_ACCESS,
    Says.COMMISSION: ConnectionKind.COMMISSION,
}


def kind_of(says: Says | None) -> ConnectionKind:
    """What seems to have been given; a code or a tracked link (None) earns a commission."""
    return KINDS.get(says, ConnectionKind.PAYMENT) if says else ConnectionKind.COMMISSION


def brand_near(text: str, span: tuple[int, int]) -> tuple[str, str]:
    """The brand's name and its handle, each "" when the text around `span` tells none."""
    near = text[max(0, span[0] - AROUND) : span[1] + AROUND]
    handle = HANDLE.search(near)
    name = next(_names(near), "") or next(_names(text), "") or (handle[1] if handle else "")
    return name[:LONGEST], handle[1] if handle else ""


def _names(text: str) -> Iterator[str]:
    for pattern in (AFTER_A_LINK_WORD, BEFORE_A_GIFT, ANY_NAME, SITE):
        for match in pattern.finditer(text):
            yield match[1].rstrip("'\u2019&")
