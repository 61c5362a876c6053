"""A PostgreSQL and a Valkey of the run's own, that may be stopped, frozen and killed without a thought."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from smm.chaos import plain, template
from smm.embedded import keys, ports
from smm.embedded.holding import ROOT
from smm.embedded.identity import follow_into_death
from smm.embedded.postgres import Postgres
from smm.embedded.valkey import Valkey

# Every wait of the engine, shortened in proportion, so that hours of recovery fit into minutes. Told in the report.
HURRY = {
    "NETWORKS_CONNECT_SECONDS": "1",
    "NETWORKS_READ_SECONDS": "1",
    "PUBLISH_LEASE_SECONDS": "5",
    "PUBLISH_SETTLE_SECONDS": "4",
    "PUBLISH_LOOK_SECONDS": "0.4",
    "PUBLISH_BACKOFF_SECONDS": "0.3",
    "PUBLISH_LISTING_LAGS": "0.01",
    "PUBLISH_HINT_SECONDS": "3",
    "PUBLISH_THREADS": "8",
}


@dataclass
class Ground:
    """Where everything of this run is. `environment` is what its processes are started with."""

    folder: Path
    postgres: Postgres
    valkey: Valkey
    sandbox: str
    web: int
    environment: dict[str, str]
    migrated: bool  # its database is a copy of one that was migrated before

    def migrate(self) -> None:
        """All tables, in a database of this run's own. Needs Django set up for it."""
        if not self.migrated:
            call_command("migrate", verbosity=0, interactive=False)
            connections.close_all()
            template.keep(self.postgres, self.folder)

    @property
    def armed(self) -> Path:
        return self.folder / "armed"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"


@contextmanager
def prepared(folder: Path) -> Iterator[Ground]:
    """Servers, pretend networks and the four plugged-in ones; everything is gone at the end."""
    for name in ("armed", "logs", "media", "plug"):
        (folder / name).mkdir()
    plain.plug_in(folder / "plug")
    template.copied_keys(folder)
    made = keys.load(folder)
    web = ports.free()
    with ExitStack() as stack:
        postgres = Postgres(folder / "postgres", made, durable=True)
        stack.callback(shutil.rmtree, postgres.data.parent, ignore_errors=True)  # where it is not in our folder
        stack.callback(postgres.stop)
        migrated = template.copied(postgres)
        valkey = Valkey(folder / "valkey", made, durable=False)
        stack.callback(valkey.stop)
        sandbox = stack.enter_context(_pretend_networks(folder, web))
        at = f"@127.0.0.1:{postgres.start()}/gardu"
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PUBLISH_", "NETWORK"))},
            **HURRY,
            "ENVIRONMENT": "development",
            "DATABASE_URL": f"postgres://gardu_app:{made['APP_PASSWORD']}{at}",
            "DATABASE_OWNER_URL": f"postgres://gardu_owner:{made['OWNER_PASSWORD']}{at}",
            "REDIS_URL": f"redis://:{made['VALKEY_PASSWORD']}@127.0.0.1:{valkey.start()}/0",
            "SECRET_KEY": made["SECRET_KEY"],
            "VAULT_KEYS": made["VAULT_KEYS"],
            "DATA_DIR": str(folder),
            "MEDIA_ROOT": str(folder / "media"),
            "SANDBOX_URL": sandbox,
            "PUBLIC_URL": f"http://127.0.0.1:{web}",
            "CHAOS_ARMED": str(folder / "armed"),
            "PYTHONPATH": os.pathsep.join([str(folder / "plug"), str(ROOT)]),
            "WEB_WORKERS": "1",
            "WEB_GRACE": "1",
            "LOG_LEVEL": "WARNING",
        }
        yield Ground(folder, postgres, valkey, sandbox, web, environment, migrated)


@contextmanager
def _pretend_networks(folder: Path, web: int) -> Iterator[str]:
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--data", str(folder / "sandbox")]
    command += ["--app-url", f"http://127.0.0.1:{web}", "--latency-ms", "40", "--also", "sandbox.plain"]
    parent = os.getpid()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: follow_into_death(parent, 9),
        start_new_session=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("sandbox http://"):
            raise RuntimeError(f"the pretend networks did not start: {line!r}")
        yield line.split()[1]
    finally:
        process.kill()
        process.wait()


def told(environment: dict[str, str]) -> str:
    """The shortened waits, for the report."""
    return json.dumps({name: environment[name] for name in HURRY})
