"""Start over: removes the embedded database, the pretend networks' memory and everything uploaded."""

import shutil
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from smm.embedded import holding, postgres
from smm.up.house import is_open


class Command(BaseCommand):
    help = "Remove the data folder (never a database that DATABASE_URL names)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        data = settings.DATA_DIR
        if not data.exists():
            self.stdout.write("Nothing to remove.")
            return
        folders = (data, data / "test")  # the tests keep servers of their own
        held = [f for f in folders for server in ("postgres", "valkey") if holding.running(server, f)]
        if is_open(data) or held:
            sys.exit("It is running: stop it first (Ctrl-C where `make up` runs).")
        if not options["yes"] and sys.stdin.isatty() and input(f"Remove everything in {data}? [y/N] ").lower() != "y":
            sys.exit("Nothing was removed.")
        elsewhere = postgres.home_elsewhere(data / "postgres")
        for folder in (data, elsewhere):
            shutil.rmtree(folder, ignore_errors=True)
        self.stdout.write("Removed. `make up` starts afresh.")
