"""What a notice is made of: words with a subject, a sentence, and exactly one action."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Note:
    """One kind of notice. Its words are translated for each reader, with the facts of the case in their places.

    `slug`: its name for settings and webhooks. `title`, `body`, `action`: "%(account)s must be connected again".
    `about`: what a person ticks to have it by mail. A second Note with the same slug raises ValueError.
    """

    slug: str
    title: Words
    body: Words
    action: Words
    about: Words

    def __post_init__(self) -> None:
        if KINDS.setdefault(self.slug, self) is not self:
            raise ValueError(f"there is already a kind of notice called {self.slug}")


KINDS: dict[str, Note] = {}
"""Every kind of notice that the house knows, in the order in which the apps define them."""
