"""Says whether this installation publishes, and turns it off or on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from publishing.actions import publisher
from publishing.models import Publisher, PublisherTurn
from publishing.protocol import NotPossible


class Command(BaseCommand):
    help = (
        "Whether this installation publishes. After a restore it is off until an operator has looked: "
        "`manage.py publisher release --by NAME --because WHY`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", nargs="?", choices=["show", "release", "stop"], default="show")
        parser.add_argument("--by", default="", help="who you are")
        parser.add_argument("--because", default="", help="why")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        verb, by, because = options["verb"], options["by"], options["because"]
        if verb != "show" and not (by and because):
            raise CommandError("Say who you are and why: --by NAME --because WHY")
        try:
            if verb == "release":
                publisher.release(by=by, reason=because)
            elif verb == "stop":
                publisher.turn_off(by=by, reason=because)
        except NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        self._show()

    def _show(self) -> None:
        now = Publisher.objects.first()
        if now is None:
            self.stdout.write("The publisher's clock has not begun here.")
            return
        self.stdout.write("on" if now.on else f"OFF since {now.off_since}: {now.get_why_display()}")
        self.stdout.write(f"mark {now.mark} at {now.marked_at}")
        for turn in PublisherTurn.objects.all()[:10]:
            word = "released" if turn.on else f"off ({turn.why})"
            self.stdout.write(f"  {turn.at}  {word}  {turn.by or 'by itself'}  {turn.reason}")
