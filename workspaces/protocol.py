"""What a notice is made of: words with a subject, a sentence, and exactly one action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Note:
    """One kind of notice. Its words are translated for each reader, with the facts of the case in their places.

    `slug`: its name for settings and webhooks. `title`, `body`, `action`: "%(account)s must be connected again".
    `about`: what a person ticks to have it by mail. `door`: where a mail's button leads when that opens without
    signing in: the path for (workspace id, member id, the notice's url), made when the mail is. A second Note with the
    same slug raises ValueError.
    """

    slug: str
    title: Words
    body: Words
    action: Words
    about: Words
    door: Callable[[int, int, str], str] | None = None

    def __post_init__(self) -> None:
        if KINDS.setdefault(self.slug, self) is not self:
            raise ValueError(f"there is already a kind of notice called {self.slug}")


KINDS: dict[str, Note] = {}
"""Every kind of notice that the house knows, in the order in which the apps define them."""
