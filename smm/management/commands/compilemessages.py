"""Turns the translations into what Django reads, without the gettext tools that a fresh machine may lack."""

from __future__ import annotations

import os
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """`manage.py compilemessages`: takes the place of Django's own command of that name."""

    help = "Compile every locale/*/LC_MESSAGES/*.po of this project; needs no gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Writes a .mo beside each .po newer than it. Raises CommandError for a catalogue that cannot be read."""
        for path in _catalogues():
            target = path.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
                continue
            try:
                catalogue = polib.pofile(str(path), check_for_duplicates=True)
            except (OSError, ValueError) as error:
                raise CommandError(f"{path}: {error}") from error
            half = target.with_suffix(f".{os.getpid()}")
            catalogue.save_as_mofile(str(half))
            half.replace(target)  # whole or not at all, also when two do it at once
            self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {catalogue.percent_translated()} % translated")


def _catalogues() -> list[Path]:
    return sorted(path for place in settings.LOCALE_PATHS for path in Path(place).glob("*/LC_MESSAGES/*.po"))
