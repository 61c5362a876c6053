"""Measure something that was promised: a table, then one summary line; exit code 1 when a figure was missed."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from smm import benches


class Command(BaseCommand):
    help = "Run a bench by name."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:  # Any: Django's own
        """The parser, with the options of the bench that is asked for."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        known = benches.names()
        asked = next((word for word in sys.argv[2:] if word in known), None)
        if asked and hasattr(module := benches.load(asked), "add_arguments"):
            module.add_arguments(parser)
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="one of: " + (", ".join(benches.names()) or "none yet"))
        parser.add_argument("--json", action="store_true", help="print one JSON object instead")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        try:
            module = benches.load(options["name"])
        except KeyError:
            known = ", ".join(benches.names()) or "none yet"
            raise CommandError(f"There is no bench {options['name']}; there are: {known}.") from None
        bench = benches.run(module, options)
        if options["json"]:
            whole = {"rows": list(bench.rows), "summary": bench.summary, "misses": list(bench.misses)}
            self.stdout.write(json.dumps(whole, default=str))
        else:
            self.stdout.write(benches.as_table(bench.rows))
            for miss in bench.misses:
                self.stdout.write(f"MISSED: {miss}")
            self.stdout.write(bench.summary)
        if bench.misses:
            sys.exit(1)
