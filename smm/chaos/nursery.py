"""A process that has loaded the whole house once and forks workers, pollers and beats from it in a moment.

A thousand workers are killed in a long run; each that started from nothing would take seconds of a core. What is
forked is the real thing: Celery's own worker with its pool, the poller, beat.

    stdin:  {"name": "w1", "kind": "worker", "words": ["-P", "threads", ...]}
    stdout: {"name": "w1", "pid": 123}      {"gone": 123, "status": -9}
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from gunicorn.app import wsgiapp

from compliance import registry as rules
from networks import registry
from smm.celery import app
from smm.chaos import taps
from smm.embedded.identity import follow_into_death

START = "import django; django.setup(); from smm.chaos.nursery import main; main()"

LOOPS = ("w1", "p1")  # these send from an event loop, the others from threads
LATER = (  # what a worker, a beat and the web would each read by themselves, one after another
    "celery.bin.celery",
    "celery.worker.control",
    "celery.worker.request",
    "celery.contrib.migrate",
    "celery.app.trace",
    "celery.app.amqp",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.worker.consumer",
    "celery.concurrency.thread",
    "celery.concurrency.prefork",
    "kombu.asynchronous.hub",
    "kombu.transport.redis",
    "gunicorn.workers.gthread",
    "smm.urls",
    "smm.serving",
)
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]


def main() -> None:
    """Load, say so, then fork whatever is asked for until standard input ends."""
    taps.put_in()
    load()
    tell({"ready": os.getpid()})
    log = Path(sys.argv[1])
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    waiting = b""
    while True:
        ready, _, _ = select.select([0, read], [], [])
        if read in ready:
            os.read(read, 4096)
            bury()
        if 0 in ready:
            chunk = os.read(0, 65536)
            if not chunk:
                return
            *lines, waiting = (waiting + chunk).split(b"\n")
            for line in lines:
                asked = json.loads(line)
                tell({"name": asked["name"], "pid": fork(asked, log, (read, write))})


def load() -> None:
    """Everything a worker imports before its first task. No connection and no thread is begun here."""
    registry.every()
    rules.every()
    for name in LATER:
        importlib.import_module(name)
    app.loader.import_default_modules()
    app.finalize()


def fork(asked: dict[str, Any], log: Path, mine: tuple[int, int]) -> int:  # Any: JSON
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        follow_into_death(parent, signal.SIGKILL)
        os.setsid()
        for number in mine:
            os.close(number)
        out = os.open(log / f"{asked['name']}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(out, 2)
        become(asked)
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def become(asked: dict[str, Any]) -> None:  # Any: JSON
    """Be the process that was asked for, until it ends."""
    settings.PUBLISH_ASYNC = asked["name"] in LOOPS
    for name, value in asked.get("settings", {}).items():
        setattr(settings, name, value)
    match asked["kind"]:
        case "worker":
            app.worker_main(["--quiet", "worker", "-n", f"{asked['name']}@chaos", *QUIET, *asked["words"]])
        case "beat":
            app.start(["--quiet", "beat", "--pidfile", "", "--loglevel", "WARNING", *asked["words"]])
        case "poller":
            call_command("poller")
        case "web":
            sys.argv = ["gunicorn", *asked["words"]]
            wsgiapp.run()


def bury() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        tell({"gone": pid, "status": os.waitstatus_to_exitcode(status)})


def tell(line: dict[str, Any]) -> None:  # Any: JSON
    os.write(1, json.dumps(line).encode() + b"\n")
