"""Which processes make up the house, and how each is started."""

import sys
from pathlib import Path

from smm.embedded.holding import ROOT
from smm.up.supervisor import Part

PYTHON = sys.executable
MANAGE = (PYTHON, str(ROOT / "manage.py"))
# Not told again by each worker: that a developer's machine runs it as root, and a page of settings.
CELERY = (PYTHON, "-W", "ignore:You're running the worker with superuser", "-m", "celery", "--quiet", "-A", "smm")
# Workers talk to nobody but the broker: no gossip between them, no waiting for each other at the start.
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO")

WEB, SANDBOX = 0, 1  # the stages of stopping


def web(listening: int) -> Part:
    """The pages and the API, on a socket that is open already: its port cannot be lost to anybody meanwhile."""
    command = (PYTHON, "-m", "gunicorn", "-c", "python:smm.serving", "--bind", f"fd://{listening}", "smm.wsgi")
    return Part("web", command, WEB, keep_open=(listening,))


def workers() -> list[Part]:
    """One worker that only publishes, so that nothing else delays a due post, and one for all the rest."""
    return [
        _worker("publish", "publish", threads=64),
        _worker("worker", "inbox,media,insights,watch,celery", threads=6),
    ]


def beat(data: Path) -> Part:
    """The clock of everything that happens at intervals."""
    schedule = str(data / "beat-schedule")
    return Part("beat", (*CELERY, "beat", "--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING"), WEB)


def poller() -> Part:
    """Looks every second for what is due."""
    return command("poller")


def sandbox(port: int, data: Path, public_url: str) -> Part:
    """The pretend networks."""
    words = ("--port", str(port), "--data", str(data / "sandbox"), "--app-url", public_url)
    return Part("sandbox", (PYTHON, "-m", "sandbox", *words), SANDBOX)


def command(name: str) -> Part:
    """One of our own management commands."""
    return Part(name, (*MANAGE, name), WEB)


def _worker(name: str, queues: str, *, threads: int) -> Part:
    words = ("worker", "-Q", queues, "-P", "threads", "-c", str(threads), "-n", f"{name}@%h", *ALONE)
    return Part(name, (*CELERY, *words), WEB)
