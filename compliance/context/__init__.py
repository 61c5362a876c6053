"""What the officer's pages show: a case with numbered findings on its text, and the rules as they are used here."""

from __future__ import annotations

from compliance.context.case import Shown, may_decide, media_of, shown
from compliance.context.found import Found, found_in
from compliance.context.policies import InPlace, in_place, policy_facts

__all__ = ["Found", "InPlace", "Shown", "found_in", "in_place", "may_decide", "media_of", "policy_facts", "shown"]
