"""A post office over the real sandbox: accounts that are really connected, and a clock turned by hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.actions import connect
from networks.models import Account
from networks.protocol import Content, Credentials, RemoteAccount, Target, TargetKind
from publishing import actions, counter, pool
from publishing.clock import Clock
from publishing.models import Attempt, Publication
from publishing.queries import Ref
from tests.cast import Cast
from tests.sandbox_process import SandboxProcess
from workspaces.tenancy import entered

TEXT = "Kopi baru kami sudah siap. Datang pagi ini!"


@dataclass
class PostOffice:
    """Everything a story about publishing needs; `network` is where it plays unless it says otherwise."""

    cast: Cast
    sandbox: SandboxProcess
    network: str = "x"
    clock: Clock = field(default_factory=lambda: Clock(broker=False))

    def account(self, network: str = "", **asked: Any) -> Account:
        """A brand of the sandbox, connected to the cast's workspace."""
        network = network or self.network
        brand = self.sandbox.account(network, **asked)
        return self.connect(network, brand)

    def connect(self, network: str, brand: dict[str, Any]) -> Account:
        token = self.sandbox.control("tokens", network=network, account=brand["id"])
        credentials = Credentials(
            access_token=token["id"], refresh_token=token.get("refresh", ""), scopes=tuple(token.get("scopes", ()))
        )
        remote = RemoteAccount(uid=brand["id"], name=brand["name"], handle=brand["handle"], credentials=credentials)
        with entered(self.cast.workspace.pk):
            return connect(remote, network=network, by=self.cast.bob)

    def schedule(
        self,
        account: Account,
        text: str = TEXT,
        *,
        due_at: datetime | None = None,
        parent: Publication | None = None,
        target: Target | None = None,
        **more: Any,
    ) -> Publication:
        """Due a second ago, unless told otherwise."""
        content = more.pop("content", None) or Content(text=text)
        due_at = due_at or datetime.now(UTC) - timedelta(seconds=1)
        with entered(self.cast.workspace.pk):
            return actions.enqueue(
                content, account=account, due_at=due_at, by=self.cast.bob, parent=parent, target=target, **more
            )

    @staticmethod
    def words(text: str) -> Content:
        return Content(text=text)

    @staticmethod
    def thread() -> Target:
        """The next part of a thread, whose address its parent brings."""
        return Target(kind=TargetKind.THREAD, post_id="")

    @staticmethod
    def comment() -> Target:
        """The first comment below a post, whose address its parent brings."""
        return Target(kind=TargetKind.COMMENT, post_id="")

    def now(self, publication: Publication) -> Publication:
        """The publication as it is on record at this moment."""
        with entered(self.cast.workspace.pk):
            return Publication.objects.select_related("account").get(pk=publication.pk)

    def attempts(self, publication: Publication) -> list[Attempt]:
        with entered(self.cast.workspace.pk):
            return list(Attempt.objects.filter(publication=publication).order_by("fence"))

    def ref(self, publication: Publication) -> Ref:
        return Ref(publication.pk, publication.workspace_id)

    def turn(self) -> None:
        """One tick of the clock, and everything it started."""
        self.clock.tick()
        for future in list(self.clock._own):
            future.result()

    def until(self, publication: Publication, *states: str, seconds: float = 20) -> Publication:
        """Turn the clock until the publication is in one of `states`."""
        return self.wait_for(lambda: self._in(publication, states), f"{states}", publication, seconds)

    def wait_for(
        self, happened: Callable[[], bool], what: str, publication: Publication, seconds: float = 20
    ) -> Publication:
        end = time.monotonic() + seconds
        while not happened():
            found = self.now(publication)
            assert time.monotonic() < end, f"waited for {what}: {found.state} {found.reason!r} {found.detail!r}"
            self.turn()
            time.sleep(0.05)
        return self.now(publication)

    def live(self, account: Account) -> list[dict[str, Any]]:
        """What readers of the network see of this account."""
        return self.sandbox.posts(account.network, account.uid)

    def close(self) -> None:
        counter.finish()
        pool.finish()

    def _in(self, publication: Publication, states: tuple[str, ...]) -> bool:
        return self.now(publication).state in states
