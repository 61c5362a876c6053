"""How rules write their examples: one line a post."""

from __future__ import annotations

from compliance.protocol import ConnectionKind, Context, Example, Tie
from compliance.rules.reading.folds import limits_without_adapter
from networks.protocol import Content, Media, MediaKind

PICTURE_POST, SHORT_POST = "instagram", "threads"


def payment(brand: str, value: float = 300) -> Tie:
    return Tie(ConnectionKind.PAYMENT, brand, value, "USD")


def gift(brand: str, value: float = 60) -> Tie:
    return Tie(ConnectionKind.FREE_PRODUCT, brand, value, "USD")


def tie(kind: ConnectionKind, brand: str) -> Tie:
    return Tie(kind, brand)


def post(
    text: str,
    *ties: Tie,
    finds: bool,
    place: str = "US",
    language: str = "",
    role: str = "influencer",
    network: str = PICTURE_POST,
    label: bool = False,
    video: bool = False,
    surface: str = "post",
    audience_age: str = "",
    substantiated: tuple[str, ...] = (),
    why: str = "",
    **around: str,
) -> Example:
    """An example post under the connections `ties`, judged in `place` on a network with a short fold."""
    media = (Media(MediaKind.VIDEO, "example", "video/mp4", "0" * 64, 1),) if video else ()
    return Example(
        content=Content(text=text, language=language, media=media),
        context=Context(
            network=network,
            limits=limits_without_adapter(network),
            ties=ties,
            author_role=role,
            places=(place,),
            audience_age=audience_age,
            platform_label=label,
            surface=surface,
            substantiated=frozenset(substantiated),
            around=around,
        ),
        finds=finds,
        why=why,
    )
