"""Which landing gets the credit for what came of it: the first, the last, or all of them evenly, to the last cent."""

from __future__ import annotations

from decimal import Decimal

UNIT = Decimal("0.0001")
WHOLE = Decimal("0.00000001")
MODELS = ("first", "last", "linear")


def shares(total: Decimal, landings: int, model: str) -> list[Decimal]:
    """`total` over so many landings, the earliest first; sums to `total` exactly. Raises ValueError for another model.

    `total` is a multiple of 0.0001. What does not divide evenly goes to the earliest, a unit each.
    """
    return _spread(total, landings, model, UNIT)


def parts(landings: int, model: str) -> list[Decimal]:
    """The same for the one conversion itself: the parts sum to 1 exactly."""
    return _spread(Decimal(1), landings, model, WHOLE)


def _spread(total: Decimal, landings: int, model: str, unit: Decimal) -> list[Decimal]:
    if model not in MODELS:
        raise ValueError(f"no such way of sharing: {model}")
    if landings < 1:
        return []
    if model != "linear":
        at = 0 if model == "first" else landings - 1
        return [total if number == at else Decimal(0) for number in range(landings)]
    units = int(total / unit)
    each, more = divmod(units, landings)
    return [(each + (number < more)) * unit for number in range(landings)]
