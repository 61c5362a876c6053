"""Builds the ground of a chaos run, then plays it: `manage.py chaos` starts this in a process of its own."""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

from smm.chaos import servers


def options(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py chaos", description=__doc__)
    parser.add_argument("--publications", type=int, default=80)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--faults", type=float, default=0.3, help="the share of publications that meet a fault")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0.15, help="over which the publications are due")
    parser.add_argument("--accounts", type=int, default=0, help="on each network; 0: as many as fit")
    parser.add_argument("--patience", type=float, default=300, help="seconds to wait after the last is queued")
    parser.add_argument("--frozen", type=float, default=0, help="seconds Redis is frozen for; 0: 60, in a short run 2")
    parser.add_argument("--plan", action="store_true", help="only draw the plan and print its digest")
    parser.add_argument("--keep", type=Path, help="keep the run's logs and the networks' book in this folder")
    return parser.parse_args(given)


def main() -> None:
    chosen = options(sys.argv[1:])
    folder = Path(tempfile.mkdtemp(prefix="gardu-chaos-"))
    folder.chmod(0o700)
    try:
        with servers.prepared(folder) as ground:
            os.environ.update(ground.environment)
            os.environ.pop("CHAOS_ARMED")  # this process is not to die
            os.environ["DJANGO_SETTINGS_MODULE"] = "smm.settings"
            sys.path.insert(0, str(folder / "plug"))
            django.setup()
            status: int = importlib.import_module("smm.chaos.run").run(chosen, ground)  # only now is there a database
    finally:
        if chosen.keep:
            shutil.copytree(folder / "logs", chosen.keep, dirs_exist_ok=True)
            for name in ("sandbox", "deaths"):
                if (folder / name).exists():
                    shutil.move(folder / name, chosen.keep / f"{name}-{os.getpid()}")
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
