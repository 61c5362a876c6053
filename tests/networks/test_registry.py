"""What is plugged in is found, made once, and shared."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from django.template import Context, Template

from networks import registry
from networks.protocol import Counting, Limits, Reconcile
from networks.wire import PerThread

PLUGIN = """
from datetime import timedelta
from networks.protocol import Counting, Limits, Reconcile

class Adapter:
    slug = "plugged"
    name = "Plugged"
    limits = Limits(text=10, counting=Counting.CHARACTERS, fold_characters=5)
    reconcile = Reconcile.NONE
    listing_lag = timedelta()
    scopes = ()

    def __init__(self, app, reach):
        self.app, self.reach = app, reach

    def count(self, text):
        return len(text)

    def misfits(self, content):
        return []
"""


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package that brings a network of its own."""
    package = tmp_path / "plugged_network"
    package.mkdir()
    (package / "__init__.py").write_text(PLUGIN)
    (package / "icon.svg").write_text('<svg id="plugged"></svg>')
    monkeypatch.syspath_prepend(str(tmp_path))
    entry = EntryPoint("plugged", "plugged_network:Adapter", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry] if group == registry.ENTRY_POINTS else [])
    registry._places.cache_clear()
    yield package
    sys.modules.pop("plugged_network", None)
    registry._places.cache_clear()


def test_every_folder_is_a_network() -> None:
    folders = {path.parent for path in Path(registry.__file__).parent.glob("adapters/*/__init__.py")}
    moulds = {folder for folder in folders if (folder / "mould.py").exists()}
    assert set(registry.slugs()) >= {folder.name for folder in folders - moulds}
    assert not set(registry.slugs()) & {mould.name for mould in moulds}, "a mould is no network by itself"


def test_an_installed_package_adds_a_network_without_a_change_of_ours(plugged: Path) -> None:
    assert "plugged" in registry.slugs()
    assert "plugged_network" not in sys.modules  # listing imports no adapter
    assert registry.get("plugged").name == "Plugged"
    assert registry.folder("plugged") == plugged
    page = Template(
        "{% load networks %}{% network_icon 'plugged' %}|{% network_name 'plugged' %}|{% network_limits 'plugged' %}"
    )
    icon, name, limits = page.render(Context()).split("|")
    assert icon == '<svg id="plugged"></svg>'
    assert name == "Plugged"
    assert "&quot;text&quot;: 10" in limits


def test_an_unknown_slug_is_said_clearly() -> None:
    with pytest.raises(registry.UnknownNetwork, match="No network is called 'nowhere'; there are: "):
        registry.get("nowhere")
    page = Template("{% load networks %}{% network_icon 'nowhere' %}{% network_name 'nowhere' %}")
    assert page.render(Context()).endswith("</svg>nowhere")


def test_threads_share_one_instance_and_each_has_its_own_session(plugged: Path) -> None:
    sessions = PerThread(registry.reach().session)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: (registry.get("plugged"), sessions()), range(64)))
    assert len({id(network) for network, _ in made}) == 1
    assert sessions() is sessions()
    assert all(session is not sessions() for _, session in made)


def test_other_settings_give_another_instance(plugged: Path, settings: pytest.FixtureRequest) -> None:
    settings.SANDBOX_URL, settings.NETWORKS = "", {"plugged": {"client_id": "ours", "version": "7"}}
    real = registry.get("plugged")
    assert (real.app.client_id, dict(real.app.extra)) == ("ours", {"version": "7"})
    assert real.reach.url("https://api.example/2/x") == "https://api.example/2/x"
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    settings.NETWORKS = {}
    pretend = registry.get("plugged")
    assert pretend.app.client_id == "sandbox-plugged-client"
    assert pretend.reach.url("https://api.example/2/x?y=1") == "http://127.0.0.1:9/api.example/2/x?y=1"


def test_a_secret_is_never_in_a_repr(settings: pytest.FixtureRequest) -> None:
    settings.NETWORKS = {"abc": {"client_id": "1", "client_secret": "hush", "verify_token": "quiet", "key": "still"}}
    assert not re.search("hush|quiet|still", repr(registry.app_key("abc")))


def test_limits_name_a_field_for_every_fact() -> None:
    for network in registry.every():
        limits: Limits = network.limits
        assert isinstance(limits.counting, Counting)
        assert isinstance(network.reconcile, Reconcile)
        assert set(limits.facts) <= set(Limits.__dataclass_fields__)
