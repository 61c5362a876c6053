#!/usr/bin/env python
"""Run one of Gardu's commands; where no database or broker is named, the embedded ones run for as long as it does."""

import os
import sys

from django.core.management import execute_from_command_line

from smm.embedded import environment
from smm.embedded.binaries import ServerNotFound
from smm.embedded.postgres import DidNotStart

# These look after the servers themselves, or need none.
BY_THEMSELVES = {
    "reset", "help", "version", "check", "collectstatic", "makemessages", "compilemessages", "spectacular",
    "startapp", "diffsettings", "chaos",
}  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smm.settings")
    command = next(iter(sys.argv[1:]), "help")
    if command not in BY_THEMSELVES and not command.startswith("-"):
        try:
            if command == "up":
                environment.complete(say=say, neighbours=False)
            else:
                environment.complete()
        except (DidNotStart, ServerNotFound) as reason:
            sys.exit(str(reason))
    execute_from_command_line(sys.argv)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
