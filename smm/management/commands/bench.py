"""Measure something that was promised: a table, then one summary line; exit code 1 when a figure was missed."""

import argparse
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from smm import benches


class Command(BaseCommand):
    help = "bench NAME [--json] [the bench's own options; --help after the name shows them]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="one of: " + (", ".join(benches.names()) or "none yet"))
        parser.add_argument("rest", nargs=argparse.REMAINDER, help="--json, and the bench's own options")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        name = options["name"]
        if name not in benches.names():
            known = ", ".join(benches.names()) or "none yet"
            raise CommandError(f"There is no bench {name}; there are: {known}.")
        module = benches.load(name)
        parser = argparse.ArgumentParser(prog=f"manage.py bench {name}", description=module.__doc__)
        parser.add_argument("--json", action="store_true", help="print one JSON object instead")
        if hasattr(module, "add_arguments"):
            module.add_arguments(parser)
        chosen = vars(parser.parse_args(options["rest"]))
        self._tell(benches.run(module, chosen), as_json=chosen["json"])

    def _tell(self, bench: benches.Bench, *, as_json: bool) -> None:
        if as_json:
            whole = {"rows": list(bench.rows), "summary": bench.summary, "misses": list(bench.misses)}
            self.stdout.write(json.dumps(whole, default=str))
        else:
            self.stdout.write(benches.as_table(bench.rows))
            for miss in bench.misses:
                self.stdout.write(f"MISSED: {miss}")
            self.stdout.write(bench.summary)
        if bench.misses:
            sys.exit(1)
