"""Builds a house of its own, then drills in it: `manage.py drill` and `manage.py outage` start this."""

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

SCENES = ("deploy", "redis", "redis-frozen", "postgres", "both", "connections", "network")
# What is drilled is not how fast an account may send, and a house that is drilled is not told to die.
UNLIKE_CHAOS = ("CHAOS_ARMED",)


def options(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py drill|outage", description=__doc__)
    parser.add_argument("scene", choices=SCENES)
    parser.add_argument("--rounds", type=int, default=20, help="deploy: how often everything is replaced")
    parser.add_argument("--seconds", type=float, default=60, help="an outage: how long it is away")
    parser.add_argument("--rate", type=float, default=0, help="posts a second; 0: 50 in a deploy, 5 in an outage")
    parser.add_argument("--accounts", type=int, default=8, help="on each network")
    parser.add_argument("--hurry", action="store_true", help="with the chaos run's short waits, for a quick look")
    parser.add_argument("--keep", type=Path, help="keep the processes' logs in this folder")
    return parser.parse_args(given)


def main() -> None:
    chosen = options(sys.argv[1:])
    folder = Path(tempfile.mkdtemp(prefix="gardu-drill-"))
    folder.chmod(0o700)
    try:
        with servers.prepared(folder) as ground:
            for name in (*UNLIKE_CHAOS, *(() if chosen.hurry else servers.HURRY)):
                ground.environment.pop(name, None)
                os.environ.pop(name, None)
            ground.environment |= {"WEB_GRACE": "20", "PUBLISH_THREADS": "32"}
            if chosen.scene == "deploy":
                ground.environment |= {"PUBLISH_ACCOUNT_BUDGET": "500,500", "PUBLISH_APP_BUDGET": "2000,2000"}
            os.environ.update(ground.environment)
            os.environ["DJANGO_SETTINGS_MODULE"] = "smm.settings"
            sys.path.insert(0, str(folder / "plug"))
            django.setup()
            status: int = importlib.import_module("smm.drill.run").run(chosen, ground)  # only now is there a database
    finally:
        if chosen.keep:
            shutil.copytree(folder / "logs", chosen.keep, dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
