"""Writing a click down before the visitor is sent on: one line at the end of this process's own file.

A written line outlives its process, however that ends: it is the kernel's. Only a machine that loses its power can
lose the clicks of the last seconds before they were counted.
"""

from __future__ import annotations

import fcntl
import os
import threading
import uuid
from pathlib import Path

ENDING = ".clicks"
ROTATE_BYTES = 32 * 2**20


class Spool:
    """The open file of this process, locked while it lives so that nobody takes it for a dead one's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opening = threading.Lock()
        self._file = -1
        self._before = -1
        self._process = 0
        self._written = 0

    def write(self, line: bytes) -> None:
        """Append `line` whole. Raises OSError when the disk takes no more."""
        if self._process != os.getpid() or self._written > ROTATE_BYTES:
            self._open()
        if os.write(self._file, line) != len(line):
            raise OSError("a click was written in part")
        self._written += len(line)

    def _open(self) -> None:
        with self._opening:
            if self._process == os.getpid() and self._written <= ROTATE_BYTES:
                return
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self.folder / f"{uuid.uuid4().hex}{ENDING}"
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            if self._before >= 0 and self._process == os.getpid():
                os.close(self._before)  # nobody writes there any more: 32 MB ago they wrote to the next one
            # The last one stays open: other threads may be about to write to it still.
            self._before = self._file if self._process == os.getpid() else -1
            self._file, self._written, self._process = file, 0, os.getpid()
