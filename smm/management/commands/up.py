"""Start everything: database, broker, pretend networks, web, workers and clock, until Ctrl-C."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from smm.up.console import Console
from smm.up.house import open_house


class Command(BaseCommand):
    help = "Start everything until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        sys.exit(open_house(Console()))
