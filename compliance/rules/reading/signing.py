"""How long an endorser's own word is good, where counsel asks for it."""

from __future__ import annotations

from compliance.protocol import Parameter, ParameterKind, gettext_noop

DAYS = Parameter("days", gettext_noop("Good for (days)"), ParameterKind.NUMBER, default=365, low=1, high=3650)
