"""Bring the database up to date through its owner's login: the app's own may not change a table."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections

LOCK_WAIT = "2s"  # a change that waits for a table makes everybody else wait behind it: no longer than this
BETWEEN = 0.5  # seconds to let the others through
TRIES = 120
LOCKED = "55P03"


class Command(migrate.Command):
    """Django's own `migrate` over the `owner` connection, which never holds up people who work meanwhile."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        patiently(
            lambda: super(Command, self).handle(*args, **options), say=self.stdout.write, alias=options["database"]
        )


def patiently(change: Callable[[], object], *, say: Callable[[str], object], alias: str = "owner") -> None:
    """Make a change of tables; where one is in use, let its users through and try again.

    What was done already stays done: each migration is a transaction of its own. Raises OperationalError after a
    minute or more in which the table was never free.
    """
    for left in reversed(range(TRIES)):
        with connections[alias].cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_WAIT}'")
        try:
            change()
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != LOCKED or not left:
                raise
            say("a table is in use; letting its users through")
            time.sleep(BETWEEN)
        else:
            return
