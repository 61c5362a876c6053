"""What the officer's pages show: a case with numbered findings on its text, and the queue it stands in."""

from __future__ import annotations

from compliance.context.case import Shown, may_decide, media_of, shown
from compliance.context.found import Found, found_in

__all__ = ["Found", "Shown", "found_in", "may_decide", "media_of", "shown"]
