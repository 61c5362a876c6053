"""What tests of watching need: an endorser at the pretend networks, and the clock's turn at any moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from compliance import tasks
from compliance.actions import asking
from compliance.actions.sources import watch
from compliance.models import Ask, Connection, Endorser, Sighting, Source
from compliance.queries.asking import compose
from networks.actions import connect
from networks.models import Account
from networks.protocol import Credentials, RemoteAccount
from tests.cast import Cast
from tests.sandbox_process import SandboxProcess
from workspaces.tenancy import entered

PRAISE = "Cold brew Teras Kopi ini enak banget, wajib coba!"
MENDED = f"Iklan: Teras Kopi mengirimi aku ini gratis. {PRAISE}"


@dataclass
class Watchers:
    """A workspace that watches Nadia on one network, with one account of its own there."""

    cast: Cast
    sandbox: SandboxProcess
    network: str
    nadia: dict[str, Any]
    endorser: Endorser
    source: Source

    def posts(self, text: str, **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.sandbox.control(
            "post", network=self.network, author=self.nadia["id"], text=text, **more
        )
        return made

    def edits(self, post: dict[str, Any], text: str) -> None:
        self.sandbox.control("edit", network=self.network, post=post["id"], text=text)

    def removes(self, post: dict[str, Any]) -> None:
        self.sandbox.control("remove", network=self.network, post=post["id"])

    def turn(self) -> None:
        """Everything that the clock would do by now, as if every wait were over."""
        with entered(self.cast.workspace.pk):
            Source.objects.filter(due_at__isnull=False).update(due_at=long_ago())
            Sighting.objects.filter(look_at__isnull=False).update(look_at=long_ago())
            Ask.objects.filter(mail_due_at__isnull=False).update(mail_due_at=long_ago())
        with (
            patch.object(tasks.look, "apply_async", run(tasks.look)),
            patch.object(tasks.tend_watch, "apply_async", run(tasks.tend_watch)),
        ):
            tasks.sweep_watch()

    def first(self) -> int:
        """The number of the first post that was seen."""
        with entered(self.cast.workspace.pk):
            return Sighting.objects.earliest("pk").pk

    def only(self) -> Sighting:
        with entered(self.cast.workspace.pk):
            return Sighting.objects.select_related("case", "verdict", "endorser").get()


def run(task: Callable[..., None]) -> Callable[..., None]:
    """The task at once, in this transaction, instead of by a worker."""
    return lambda args, **_: task(*args)


def long_ago() -> datetime:
    """Due for certain, also by the database's clock, which stands still inside a test's transaction."""
    return timezone.now() - timedelta(hours=1)


def watchers(cast: Cast, sandbox: SandboxProcess, network: str = "x") -> Watchers:
    asked = {"network": network, "kind": "person", "name": "Nadia Putri", "extra": {"page": True}}
    nadia = sandbox.control("accounts", **asked)["accounts"][0]
    with entered(cast.workspace.pk, user_id=cast.alice.user_id):
        connected(cast, sandbox, network)
        endorser = Endorser.objects.create(
            name="Nadia Putri",
            handles={network: nadia["handle"]},
            place="ID",
            language="id",
            email="nadia@endorser.example",
        )
        today = timezone.now().date()
        Connection.objects.create(
            endorser=endorser, brand="Teras Kopi", kind="free_product", starts_on=today - timedelta(days=30)
        )
        (source,) = watch(endorser, by=cast.omar)
    return Watchers(cast, sandbox, network, nadia, endorser, source)


def connected(cast: Cast, sandbox: SandboxProcess, network: str) -> Account:
    """An account of our own at the network; inside `entered`."""
    made = sandbox.account(network)
    token = made["token"]
    remote = RemoteAccount(
        made["id"], made["name"], made["handle"], Credentials(token["id"], scopes=tuple(token["scopes"]))
    )
    return connect(remote, network=network, by=cast.alice)


def send(nadia: Watchers, *, way: str) -> Ask:
    one = nadia.only()
    with entered(nadia.cast.workspace.pk):
        version = one.versions.get()
        message = compose(one, version, workspace=nadia.cast.workspace)
        return asking.ask(one, message, way=way, to=nadia.endorser.email, by=nadia.cast.omar)
