"""A new version under load, on servers of its own: every process replaced, a migration between, and who noticed."""

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "drill deploy [--rounds N] [--rate POSTS_A_SECOND]; exit 1 on an error, a doubled or a late post"
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        """In a process of its own, before which no server is looked for: the user's database is never touched."""
        sys.exit(subprocess.call([sys.executable, "-m", "smm.drill", *argv[2:]], cwd=settings.BASE_DIR))

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        self.run_from_argv([*sys.argv[:1], "drill", *map(str, args)])
