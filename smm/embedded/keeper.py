"""A keeper is the small process that holds one server for as long as anybody uses it.

    first command ──starts──> keeper ──holds──> PostgreSQL (or Valkey)
    every command ──shares──> users.lock         the kernel lets go of a lock when its process ends, however it ends
    keeper ──asks for users.lock alone──> gets it when nobody is left ──> stops the server, ends

So a server never outlives its last user, even one that was killed, and two commands never start it twice.
"""

import argparse
import contextlib
import fcntl
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import IO

from smm.embedded import keys
from smm.embedded.postgres import Postgres
from smm.embedded.valkey import Valkey

SERVERS: dict[str, type[Postgres] | type[Valkey]] = {"postgres": Postgres, "valkey": Valkey}


def main() -> None:
    """Start the server, write down where it is, hold it until nobody uses it or we are told to stop."""
    arguments = _arguments()
    folder: Path = arguments.data / arguments.server
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    with (folder / "keeper.lock").open("a") as ours, (folder / "users.lock").open("a") as users:
        fcntl.flock(ours, fcntl.LOCK_EX)  # a keeper that is just ending lets us in when its server is down
        server = SERVERS[arguments.server](folder, keys.load(arguments.data), durable=not arguments.throwaway)
        note = folder / "state.json"
        try:
            port = server.start()
        except Exception as error:
            server.stop()
            _answer({"error": str(error)})
            raise
        note.write_text(json.dumps({"pid": os.getpid(), "port": port}))
        _answer({"port": port})
        while server.alive() and not stop.wait(0.2) and not _alone(users):
            pass
        died = not server.alive()
        note.unlink(missing_ok=True)
        server.stop()
        sys.exit(1 if died else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server", choices=SERVERS)
    parser.add_argument("data", type=Path)
    parser.add_argument("--throwaway", action="store_true")
    return parser.parse_args()


def _alone(users: IO[str]) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _answer(line: dict[str, object]) -> None:
    """One line to whoever started us, who may be gone already."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, json.dumps(line).encode() + b"\n")


if __name__ == "__main__":
    main()
