"""One terminal for many processes: each line says, in its colour, who spoke."""

import os
import sys
import time

from smm.logs import redact

WIDTH = 9
COLOURS = (36, 32, 35, 34, 33, 96, 92, 95)  # cyan, green, magenta, blue, yellow and their bright kin
LOUD, PLAIN = "\033[1;31m", "\033[0m"


class Console:
    """Writes to standard output; in colour when a person is looking and has not set NO_COLOR."""

    def __init__(self) -> None:
        self.colourful = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.began = time.monotonic()
        self.seen: dict[str, int] = {}

    def line(self, who: str, text: str) -> None:
        """A line of one of the parts."""
        name = f"{who:<{WIDTH}}"
        if self.colourful:
            colour = self.seen.setdefault(who, COLOURS[len(self.seen) % len(COLOURS)])
            name = f"\033[{colour}m{name}{PLAIN}"
        self._write(f"{name}| {redact(text)}")

    def say(self, text: str) -> None:
        """A line of the supervisor itself, with the seconds since it began."""
        self._write(f"{time.monotonic() - self.began:6.1f} s  {text}")

    def alarm(self, text: str) -> None:
        """Something broke: said so that nobody overlooks it."""
        line = f"!!!!!!  {text}"
        self._write(f"{LOUD}{line}{PLAIN}" if self.colourful else line)

    def plain(self, text: str) -> None:
        self._write(text)

    def _write(self, text: str) -> None:
        try:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        except OSError:  # the terminal is gone; the processes are stopped all the same
            pass
