"""Take something away that the house needs, on servers of its own, give it back, and count who noticed."""

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "outage --of redis|redis-frozen|postgres|both|connections|network [--seconds N] [--rate R]; exit 1 on a miss"
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        """In a process of its own, before which no server is looked for: the user's database is never touched."""
        words = [word for word in argv[2:] if word != "--of"]
        sys.exit(subprocess.call([sys.executable, "-m", "smm.drill", *words], cwd=settings.BASE_DIR))

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        self.run_from_argv([*sys.argv[:1], "outage", *map(str, args)])
