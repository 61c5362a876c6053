"""What the post office says when it will not take something: what to mend, or whom to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from networks.protocol import Misfit

_WEIGHT = {"block": 0, "review": 1, "advice": 2}


class Stopped(Exception):
    """A content that may not leave. `misfits`: what the network would not take; `findings`: what customs found.

    `findings` are JSON objects as a verdict keeps them (code, severity, reason, source, span, part, edit).
    """

    def __init__(
        self,
        *,
        misfits: Sequence[Misfit] = (),
        findings: Sequence[Mapping[str, Any]] = (),  # Any: a JSON object
        verdict_id: int | None = None,
    ) -> None:
        self.misfits = tuple(misfits)
        self.findings = tuple(findings)
        self.verdict_id = verdict_id
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """The first and weightiest reason, for a marketer."""
        findings = sorted(self.findings, key=lambda found: _WEIGHT.get(str(found.get("severity")), 0))
        said = [misfit.reason for misfit in self.misfits] + [_sentence(found) for found in findings]
        return said[0] if said else type(self).__doc__ or ""


def _sentence(finding: Mapping[str, Any]) -> str:  # Any: a JSON object
    parameters = finding.get("parameters")
    return str(finding["reason"]) % parameters if parameters else str(finding["reason"])


class Blocked(Stopped):
    """It must be changed before it may be published."""


class NeedsReview(Stopped):
    """A compliance officer must decide before it may be published."""


class Overtaken(Exception):
    """Somebody else was quicker: it is no longer in the state that this step starts from."""


class NotPossible(Exception):
    """This step does not exist from where the publication is; the text is for the person."""
