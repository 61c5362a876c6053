"""Named places where the chaos run may kill a process, as a power cut would; anywhere else there is nothing here.

    crash_point("claim.after_commit", publication.pk)

`manage.py chaos` starts its processes with CHAOS_ARMED: a folder in which a file `<name>@<subject>` means "die here,
once". Without it, and always in production, the call is an empty function.
"""

from __future__ import annotations

import os
import signal
import time
from contextvars import ContextVar
from pathlib import Path

ARMED = os.environ.get("CHAOS_ARMED", "") if os.environ.get("ENVIRONMENT") != "production" else ""
ANYBODY = "*"

if ARMED:
    _here: ContextVar[tuple[str, str]] = ContextVar("here", default=("", ANYBODY))

    def crash_point(name: str, subject: int | str = "") -> None:
        """Die here with SIGKILL if the chaos run armed this place for `subject` (or for the one last named)."""
        whose = str(subject) or _here.get()[1]
        _here.set((name, whose if isinstance(subject, int) else _here.get()[1]))  # an account is on nobody's way
        for one in (whose, ANYBODY):
            fuse = Path(ARMED) / f"{name}@{one}"
            try:
                fuse.unlink()
            except FileNotFoundError:
                continue
            with (Path(ARMED).parent / "deaths").open("a") as note:
                note.write(f"{time.time()} {os.getpid()} {name} {whose}\n")
            os.kill(os.getpid(), signal.SIGKILL)

    def last_point() -> str:
        """The place this thread or coroutine passed last."""
        return _here.get()[0]

else:

    def crash_point(name: str, subject: int | str = "") -> None:
        """Nothing."""

    def last_point() -> str:
        return ""
