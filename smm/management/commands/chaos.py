"""Break everything on purpose, on servers of its own, and compare what went live with what is on record."""

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "chaos [--publications N] [--kills K] [--faults RATE] [--seed S] [--minutes M]; exit 1 on a miss"
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        """In a process of its own, before which no server is looked for: the user's database is never touched."""
        sys.exit(subprocess.call([sys.executable, "-m", "smm.chaos", *argv[2:]], cwd=settings.BASE_DIR))

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        self.run_from_argv([*sys.argv[:1], "chaos", *map(str, args)])
