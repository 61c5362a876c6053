"""Looks every second for what is due, and wakes the workers or does their work."""

from __future__ import annotations

import signal
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandParser

from publishing.clock import Clock


class Command(BaseCommand):
    help = "Look every second, and at the next due moment, for what is to be published. Stop with SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-broker", action="store_true", help="publish everything from this process")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        clock = Clock(broker=not options["no_broker"])
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: clock.stopping.set())
        # A frozen broker must not freeze the clock.
        current_app.conf.broker_transport_options = {
            **current_app.conf.broker_transport_options,
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
        }
        clock.run()
