"""The people and the accounts of the run: a workspace, brands on every network, and the person who reconnects them."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.functions import Now

from networks import registry
from networks.actions import connect, subscribe
from networks.models import Account
from networks.protocol import (
    Connects,
    ConnectsSites,
    Content,
    Credentials,
    Finds,
    Listens,
    Media,
    Network,
    NetworkError,
    Publishes,
    Reconcile,
    RemoteAccount,
    Replies,
    TargetKind,
)
from publishing.management.clip import Clip, small_clip
from smm.chaos import plan
from workspaces.actions import found_workspace
from workspaces.models import Member, User, Workspace
from workspaces.tenancy import entered

WORDS = (
    "Kopi baru kami sudah siap. Datang pagi ini!",
    "Sore ini kami menyeduh pelan, dan pintunya terbuka.",
    "Biji dari Gayo, disangrai kemarin di dapur kami.",
    "Roti hangat keluar dari oven jam delapan.",
)
ENDS_SOON = timedelta(seconds=30)


@dataclass
class Town:
    """Who takes part. `accounts` in the order the plan numbers them."""

    sandbox: str
    workspace: Workspace
    owner: Member
    accounts: list[Account] = field(default_factory=list)
    reconnected: int = 0
    _clip: Clip | None = None

    def control(self, verb: str, **asked: Any) -> Any:  # Any: JSON
        answer = requests.post(f"{self.sandbox}/_control/{verb}", json=asked, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def ask(self, verb: str) -> Any:  # Any: JSON
        return requests.get(f"{self.sandbox}/_control/{verb}", timeout=120).json()

    def settle(self, each: int) -> list[plan.Ground]:
        """Connect `each` brands on every network; what the plan may do with each account."""
        self.control("settings", rate_scale=10_000, repeats_allowed=True)
        for network in registry.every():
            if not isinstance(network, Publishes) or isinstance(network, ConnectsSites):
                continue  # a person posts there, or every blog is a house of its own
            # Where every doubt goes to a person there is one account: such networks are rare.
            count = 1 if network.reconcile is Reconcile.NONE else each
            brands = self.control("accounts", network=network.slug, count=count, prefix=f"chaos{network.slug}")
            for brand in brands["accounts"]:
                self.accounts.append(
                    self._connect(network, brand["id"], brand["name"], brand["handle"], brand["token"])
                )
        return [_ground(registry.get(account.network)) for account in self.accounts]

    def content(self, post: plan.Post) -> Content:
        """Words of its own for every publication, its mark among them, and a video where there must be one."""
        limits = registry.get(self.accounts[post.account].network).limits
        media: tuple[Media, ...] = ()
        if limits.media_required and post.kind == "post":
            media = (self.video(post.mark),)
        title = f"Teras Kopi {post.mark}" if limits.title and post.kind == "post" else ""
        text = f"{WORDS[post.number % len(WORDS)]} {post.mark}"
        return Content(text=text, title=title, language="id", media=media)

    def let_end(self, account: Account) -> None:
        """The access of `account` is about to end, so its next call renews it first. Inside `entered`."""
        Account.objects.filter(pk=account.pk, expires_at__isnull=False).update(expires_at=Now() + ENDS_SOON)

    def reconnect(self) -> None:
        """What a person does when told that an account lost its access."""
        with entered(self.workspace.pk):
            lost = list(Account.objects.filter(health__in=[Account.Health.RECONNECT]))
        for account in lost:
            token = self.control("tokens", network=account.network, account=account.uid)
            self._connect(registry.get(account.network), account.uid, account.name, account.handle, token)
            self.reconnected += 1

    def comment_below(self, account: Account, remote_id: str) -> dict[str, Any]:  # Any: JSON
        """A customer comments on a live post."""
        people = self.ask("state")["networks"][account.network]["people"]
        said: dict[str, Any] = self.control(
            "say", network=account.network, author=people[0]["id"], parent=remote_id, text="Buka jam berapa?"
        )
        return said

    def _connect(self, network: Network, uid: str, name: str, handle: str, token: dict[str, Any]) -> Account:
        credentials = Credentials(
            access_token=token["id"],
            refresh_token=token.get("refresh", ""),
            expires_at=_moment(token.get("expires", 0)),
            scopes=tuple(token.get("scopes", ())),
        )
        remote = RemoteAccount(uid=uid, name=name, handle=handle, credentials=credentials)
        with entered(self.workspace.pk):
            return connect(remote, network=network.slug, by=self.owner)

    def listen(self, accounts: Sequence[Account]) -> None:
        """Ask the networks to push what happens to these accounts; those that refuse are asked by the clock again."""
        for account in accounts:
            if isinstance(registry.get(account.network), Listens):
                try:
                    with entered(self.workspace.pk):
                        subscribe(account)
                except NetworkError:
                    continue

    def video(self, mark: str) -> Media:
        """A clip in the storage that no other is equal to."""
        self._clip = self._clip or small_clip()
        box = mark.encode()
        data = self._clip.data + struct.pack(">I4s", 8 + len(box), b"free") + box  # players skip what is free
        key = default_storage.save(f"chaos/{mark}.mp4", ContentFile(data))
        return replace(self._clip.media, key=key, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def found(sandbox: str) -> Town:
    """A workspace with its owner."""
    person = User.objects.create_user("chaos@example.test", name="Chaos")
    workspace = found_workspace(name="Chaos", zone="UTC", places=["ID"], by=person)
    with entered(workspace.pk):
        return Town(sandbox, workspace, Member.objects.select_related("workspace", "user").get(user=person))


def _ground(network: Network) -> plan.Ground:
    answers = network.answers if isinstance(network, Replies) else frozenset()
    has = {
        "listing": isinstance(network, Finds),
        "hooks": isinstance(network, Listens) and network.pushes,
        "token": isinstance(network, Connects) and network.uses_pkce,
        "media": network.limits.media_required is not None,
        "thread": TargetKind.THREAD in answers,
        "comment": TargetKind.COMMENT in answers,
        "reply": TargetKind.COMMENT_REPLY in answers,
    }
    return plan.Ground(network.slug, network.reconcile.value, frozenset(name for name, there in has.items() if there))


def _moment(epoch: float) -> datetime | None:
    return datetime.fromtimestamp(epoch, UTC) if epoch else None
