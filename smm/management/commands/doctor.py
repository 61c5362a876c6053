"""Look for what is wrong here, and say how to mend it; exit code 1 when something keeps Gardu from working."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from smm.ailments import Finding, examine


class Command(BaseCommand):
    help = "Look for what is wrong here, and say how to mend it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        findings = []
        for finding in examine():
            findings.append(finding)
            self._tell(finding)
        broken = [finding for finding in findings if not finding.well and finding.fatal]
        warned = [finding for finding in findings if not finding.well and not finding.fatal]
        self.stdout.write(f"{len(findings)} things looked at: {len(broken)} broken, {len(warned)} to mind")
        if broken:
            sys.exit(1)

    def _tell(self, finding: Finding) -> None:
        style = self.style.SUCCESS if finding.well else self.style.ERROR if finding.fatal else self.style.WARNING
        mark = "ok" if finding.well else "BROKEN" if finding.fatal else "mind"
        self.stdout.write(f"{style(f'{mark:<7}')}{finding.what:<20}{finding.found}")
        if not finding.well:
            self.stdout.write(f"{'':<7}{'':<20}-> {finding.mend}")
