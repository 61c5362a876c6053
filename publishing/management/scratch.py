"""A house for one measurement: a fresh database, pretend networks, connected accounts, a worker and the clock.

Nothing of it touches what is already there, and nothing of it is left behind.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

import psycopg2
import redis
import requests
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connections
from django.test.utils import override_settings
from psycopg2 import sql

from networks import registry
from networks.actions import connect
from networks.models import Account
from networks.protocol import Content, Credentials, Media, MediaKind, RemoteAccount
from publishing.management.clip import small_clip
from workspaces.actions import found_workspace
from workspaces.models import Member, User, Workspace
from workspaces.tenancy import entered

_NUMBERS = itertools.count(1_000_000)
ALIASES = ("default", "owner")
WORKER = [sys.executable, "-m", "celery", "--quiet", "-A", "smm", "worker", "-P", "threads"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
# The pretend networks of a measurement have no limits, so ours are out of the way as well.
NOTHING: Mapping[str, str] = {}
NO_LIMITS = {"PUBLISH_ACCOUNT_BUDGET": "1e9,1e9", "PUBLISH_APP_BUDGET": "1e9,1e9"}


@dataclass(frozen=True)
class Scratch:
    """The house while it stands. `environment` is what its processes are started with."""

    workspace: Workspace
    owner: Member
    sandbox: str
    environment: dict[str, str]
    clip: Media
    log: Path
    lean: bool = False
    slugs: tuple[str, ...] = ()  # the networks that the lean counterpart and the bare loop know

    def accounts(self, slug: str, count: int) -> list[Account]:
        """`count` fresh brands of the pretend network, connected; none where the sandbox has no such network."""
        if self.lean:
            return [self._connect(slug, _made_up()) for _ in range(count)]
        asked = {"network": slug, "count": count, "prefix": f"bench{slug}"}
        answer = requests.post(f"{self.sandbox}/_control/accounts", json=asked, timeout=30)
        if answer.status_code != 200:
            return []
        return [self._connect(slug, brand) for brand in answer.json()["accounts"]]

    def found(self, count: int) -> list[Scratch]:
        """As many houses more in the same town: each with a workspace of its own."""
        return [replace(self, workspace=workspace, owner=owner) for workspace, owner in _people(count)]

    def _connect(self, slug: str, brand: dict[str, Any]) -> Account:  # Any: a JSON object
        token = brand["token"]
        credentials = Credentials(access_token=token["id"], scopes=tuple(token.get("scopes", ())))
        remote = RemoteAccount(uid=brand["id"], name=brand["name"], handle=brand["handle"], credentials=credentials)
        with entered(self.workspace.pk):
            return connect(remote, network=slug, by=self.owner)

    @staticmethod
    def takes_films(account: Account) -> bool:
        return registry.get(account.network).limits.media_required is MediaKind.VIDEO

    def fitting(self, account: Account, content: Content) -> Content:
        """`content` with what the account's network does not go without."""
        limits = registry.get(account.network).limits
        media = (self.clip,) if self.takes_films(account) else ()
        return replace(content, title=content.title if limits.title else "", media=media)

    @staticmethod
    def swept() -> None:
        """As autovacuum has done in a table that has stood for a while."""
        connections["owner"].ensure_connection()
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE publishing_publication, compliance_verdict, networks_account")

    def shown(self, accounts: Iterable[Account]) -> Iterator[str]:
        """The words of every post that the networks show of these accounts."""
        if self.lean:
            yield from (words for _, _, words, _ in requests.get(f"{self.sandbox}/_lean/book", timeout=60).json())
            return
        for account in accounts:
            where = {"network": account.network, "account": account.uid}
            posts = requests.get(f"{self.sandbox}/_control/posts", params=where, timeout=60).json()
            yield from (post["text"] for post in posts if not post.get("parent"))

    @contextmanager
    def publishing(
        self, *, workers: int, queues: str = "publish", hands: int = 64, told: Mapping[str, str] = NOTHING
    ) -> Iterator[list[Watched]]:
        """The clock and `workers` workers, with `told` in their environment; stopped at the end (SIGTERM).

        Workers for other `queues` come without a clock.
        """
        surroundings = {**self.environment, **told}
        with ExitStack() as stack:
            log = stack.enter_context(self.log.open("ab"))
            watched = []
            for number in range(workers):
                command = [*WORKER, "-Q", queues, "-c", str(hands), "-n", f"bench{number}{queues[0]}@%h"]
                watched.append(Watched(stack.enter_context(process(command, surroundings, log)).pid))
            if queues == "publish":
                poller = [sys.executable, "manage.py", "poller"]
                stack.enter_context(process(poller, surroundings, log))
            yield watched


@dataclass(frozen=True)
class Watched:
    """A process: what it has used so far."""

    pid: int

    def cpu(self) -> float:
        """Seconds of processor time."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident megabytes."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def scratch(options: Mapping[str, Any], *, lean: bool = False) -> Iterator[Scratch]:  # Any: options of every kind
    """Build the house; everything is taken down at the end, also after an error."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gardu-bench-")))
        urls = stack.enter_context(_database(options.get("template") or ""))
        sandbox = stack.enter_context(_sandbox(options["latency_ms"], lean=lean))
        redis_url = urlsplit(settings.REDIS_URL)._replace(path=f"/{options['redis_db']}").geturl()
        _forget_wakeups(redis_url)
        changed = {"SANDBOX_URL": sandbox, "REDIS_URL": redis_url, "MEDIA_ROOT": str(folder)}
        changed["PUBLISHER_WITNESS"] = str(folder / "publisher")
        stack.enter_context(override_settings(**changed))
        environment = {**os.environ, **urls, **changed, "VAULT_KEYS": settings.VAULT_KEYS}
        ((workspace, owner),) = _people(1)
        yield Scratch(workspace, owner, sandbox, environment, _clip(), folder / "log", lean, _known())


def _people(count: int) -> list[tuple[Workspace, Member]]:
    person, _ = User.objects.get_or_create(email="bench@example.test", defaults={"name": "Bench"})
    found = []
    for _ in range(count):
        workspace = found_workspace(name="Bench", zone="UTC", places=["ID"], by=person)
        with entered(workspace.pk):
            found.append((workspace, Member.objects.select_related("workspace", "user").get(user=person)))
    return found


def _made_up() -> dict[str, Any]:  # Any: as the sandbox's control tells an account
    number = next(_NUMBERS)
    return {
        "id": str(number),
        "name": f"Brand {number}",
        "handle": f"brand{number}",
        "token": {"id": f"token-{number}"},
    }


def _clip() -> Media:
    made = small_clip()
    default_storage.save("bench/clip.mp4", ContentFile(made.data))
    return replace(made.media, key="bench/clip.mp4")


@contextmanager
def _database(template: str) -> Iterator[dict[str, str]]:
    """A fresh, migrated database that this process uses meanwhile; yields the addresses for others.

    `template`: one that is migrated and empty, to be copied; "": it is migrated here.
    """
    before = {alias: connections[alias].settings_dict["NAME"] for alias in ALIASES}
    name = f"{before['owner']}_bench_{os.getpid()}"
    _as_owner("CREATE DATABASE {} TEMPLATE {}", name, template or "template1")
    try:
        _point_at(dict.fromkeys(ALIASES, name))
        if not template:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        given = {"DATABASE_URL": settings.DATABASE_URL, "DATABASE_OWNER_URL": settings.DATABASE_OWNER_URL}
        yield {key: urlsplit(url)._replace(path=f"/{name}").geturl() for key, url in given.items()}
    finally:
        _point_at(before)
        _as_owner("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _point_at(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _as_owner(statement: str, *names: str) -> None:
    login = connections["owner"].settings_dict
    link = psycopg2.connect(
        host=login["HOST"], port=login["PORT"], user=login["USER"], password=login["PASSWORD"], dbname="postgres"
    )
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        link.close()


@contextmanager
def _sandbox(latency_ms: int, *, lean: bool) -> Iterator[str]:
    command = [sys.executable, "-m", "sandbox.lean" if lean else "sandbox", "--port", "0"]
    command += ["--latency-ms", str(latency_ms), *([] if lean else ["--app-url", "http://127.0.0.1:9"])]
    with process(command, dict(os.environ), subprocess.PIPE) as networks:
        line = networks.stdout.readline() if networks.stdout else ""
        if not line.startswith("sandbox http://"):
            raise RuntimeError(f"the sandbox did not start: {line!r}")
        if not lean:
            requests.post(f"{line.split()[1]}/_control/settings", json={"rate_scale": 1e6}, timeout=10)
        yield line.split()[1]


def _known() -> tuple[str, ...]:
    command = [sys.executable, "-m", "sandbox.lean", "--list"]
    said = subprocess.run(command, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return tuple(said.stdout.split())


def _forget_wakeups(url: str) -> None:
    """Only our own keys: what an earlier measurement left there."""
    link = redis.Redis.from_url(url)
    old = [*cast("Sequence[bytes]", link.keys("rate:*")), b"publish"]
    link.delete(*old)
    link.close()


@contextmanager
def process(command: list[str], environment: dict[str, str], out: int | IO[bytes]) -> Iterator[subprocess.Popen[str]]:
    """It runs meanwhile, in a group of its own; what it says goes to `out`."""
    started = subprocess.Popen(  # noqa: S603 - our own commands
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        text=True,
        start_new_session=True,
        stdout=out,
        stderr=None if out == subprocess.PIPE else out,
    )
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(timeout=30)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
