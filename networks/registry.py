"""What is plugged in: every folder of networks/adapters is one network, and an installed package may add more."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from threading import RLock

from django.conf import settings

from networks import adapters
from networks.protocol import AppKey, ConnectsSites, Network, OwnFacts
from networks.wire import Reach

ENTRY_POINTS = "smm.networks"
NAMED = frozenset({"client_id", "client_secret", "verify_token"})

_made: dict[tuple[str, AppKey, Reach], Network] = {}
_making = RLock()


class UnknownNetwork(LookupError):
    """No folder and no installed package answers to this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"No network is called {slug!r}; there are: {', '.join(slugs()) or 'none'}")
        self.slug = slug


class NotANetwork(TypeError):
    """A plug-in whose `Adapter` does not satisfy the protocol."""


Lender = Callable[[int], OwnFacts | None]
"""Tells the facts of the entered workspace's own network with this number; None to everybody else."""
_lenders: list[Lender] = []


def lend(lender: Lender) -> None:
    """Where the networks that workspaces describe themselves come from. The last one told counts."""
    _lenders[:] = [lender]


@cache
def _folders() -> tuple[list[str], list[str]]:
    """(networks, moulds): a folder with `mould.py` is no network, but what a workspace's own ones are cast from."""
    names = [info.name for info in pkgutil.iter_modules(adapters.__path__)]
    moulds = [name for name in names if any((Path(at) / name / "mould.py").exists() for at in adapters.__path__)]
    return [name for name in names if name not in moulds], moulds


@cache
def _places() -> Mapping[str, tuple[str, str]]:
    """Slug -> (module, class name); nothing is imported."""
    found = {name: (f"{adapters.__name__}.{name}", "Adapter") for name in _folders()[0]}
    for entry in entry_points(group=ENTRY_POINTS):
        found.setdefault(entry.name, (entry.module, entry.attr or "Adapter"))
    return dict(sorted(found.items()))


def slugs() -> tuple[str, ...]:
    """Every registered slug, in order. Imports no adapter (their SDKs cost memory)."""
    return tuple(_places())


def known(slug: str) -> bool:
    """Whether a network of this slug is plugged in, or one of the entered workspace's own. Imports no adapter."""
    return slug in _places() or own_facts(slug) is not None


def own_slug(number: int) -> str:
    """What a workspace's own network with this number is called."""
    return f"{_folders()[1][0]}-{number}"


def own_facts(slug: str) -> OwnFacts | None:
    """The facts of one of the entered workspace's own networks; None for any other, and for another workspace's."""
    mould, _, number = slug.rpartition("-")
    if mould not in _folders()[1] or not number.isdecimal() or not _lenders:
        return None
    return _lenders[0](int(number))


def get(slug: str) -> Network:
    """The network called `slug`, shared by all threads; its adapter is imported when first asked for.

    One of a workspace's own is there inside that workspace only. Raises UnknownNetwork, and NotANetwork for a plug-in
    that does not satisfy the protocol.
    """
    if slug not in _places():
        return _cast(slug)
    key = (slug, app_key(slug), reach())
    with _making:
        if key not in _made:
            _made[key] = _make(*key)
        return _made[key]


def _cast(slug: str) -> Network:
    facts = own_facts(slug)
    if facts is None:
        raise UnknownNetwork(slug)
    module = importlib.import_module(f"{adapters.__name__}.{slug.rpartition('-')[0]}")
    made: Network = module.Mould(facts)
    return made


def every() -> tuple[Network, ...]:
    """All networks, by slug. The first call imports every adapter."""
    return tuple(get(slug) for slug in slugs())


def _make(slug: str, app: AppKey, reach: Reach) -> Network:
    module, name = _places()[slug]
    adapter = getattr(importlib.import_module(module), name)(app, reach)
    if not isinstance(adapter, Network) or adapter.slug != slug:
        raise NotANetwork(f"{module}.{name} does not satisfy networks.protocol.Network for {slug!r}")
    return adapter


def reach() -> Reach:
    """Where the networks are, by the settings."""
    return Reach(
        base=settings.SANDBOX_URL,
        connect=settings.NETWORKS_CONNECT_SECONDS,
        read=settings.NETWORKS_READ_SECONDS,
        private=frozenset(settings.SITES_PRIVATE_HOSTS),
    )


def configured(slug: str) -> bool:
    """Whether accounts can be connected: an app is registered at the network, or its sites need none."""
    return bool(app_key(slug).client_id) or isinstance(get(slug), ConnectsSites)


def app_key(slug: str) -> AppKey:
    """Gardu's own registration at a network: from the settings, else the sandbox's standing one when it is in use."""
    given: Mapping[str, str] = settings.NETWORKS.get(slug, {})
    if not given.get("client_id") and settings.SANDBOX_URL:
        standing = {
            "client_id": f"sandbox-{slug}-client",
            "client_secret": f"sandbox-{slug}-secret",
            "verify_token": f"sandbox-{slug}-verify",
        }
        given = {**standing, **given}
    return AppKey(
        client_id=given.get("client_id", ""),
        client_secret=given.get("client_secret", ""),
        verify_token=given.get("verify_token", ""),
        extra=Extra((name, value) for name, value in given.items() if name not in NAMED),
    )


class Extra(dict[str, str]):
    """A registration's further settings; hashable, so that one key gives one adapter."""

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none; nobody changes this one
        return hash(frozenset(self.items()))


def folder(slug: str) -> Path:
    """Where a network keeps its icon, preview and README. Imports no adapter. Raises UnknownNetwork."""
    if not known(slug):
        raise UnknownNetwork(slug)
    own = f"{adapters.__name__}.{slug.rpartition('-')[0]}"
    module = _places()[slug][0] if slug in _places() else own
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise NotANetwork(f"{module} cannot be imported")
    return Path(spec.origin).parent
