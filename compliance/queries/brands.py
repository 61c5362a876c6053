"""Whether two spellings name one brand."""

from __future__ import annotations

import re

from compliance.rules.reading.letters import fold_letters

SHORTEST_NAME = 4


def same_brand(one: str, other: str) -> bool:
    """Whether two spellings name one brand: "Teras Kopi", "teraskopi" and "Teras Kopi Indonesia" do.

    Rather too much than too little: a connection that is overlooked lets a hidden advertisement out.
    """
    first, second = (re.sub(r"[\W_]", "", fold_letters(name).text) for name in (one, other))
    shorter, longer = sorted((first, second), key=len)
    return shorter == longer or (len(shorter) >= SHORTEST_NAME and shorter in longer)
