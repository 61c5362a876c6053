"""A finding's reason in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from compliance import registry as rules


def reason_of(reason: str, parameters: Mapping[str, Any]) -> str:  # Any: JSON values
    """A finding's reason in the reader's language, its figures filled in."""
    told = {name: _(str(value)) if name == "kind" else value for name, value in parameters.items()}
    return _(reason) % told if told else _(reason)


def retold(sentence: str) -> str:
    """A finding's reason kept as a whole English sentence, in the reader's language; "" where no rule says so."""
    for reason, pattern in _patterns():
        if match := pattern.fullmatch(sentence):
            return reason_of(reason, match.groupdict())
    return ""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every rule's reason, and what it looks like with its figures filled in."""
    reasons = [str(getattr(rule, "REASON", "")) for rule in rules.every()]
    return tuple((reason, _pattern(reason)) for reason in reasons if reason)


def _pattern(reason: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", reason)
    known = (f"(?P<{part}>.+)" if at % 2 else re.escape(part.replace("%%", "%")) for at, part in enumerate(parts))
    return re.compile("".join(known), re.DOTALL)
