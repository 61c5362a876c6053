"""Production refuses to start with an unsafe default, and says which."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from smm.safety import UNSAFE_SECRET_KEY, reasons_not_to_start

SAFE = {
    "SECRET_KEY": "k3Jw9-vQ2mXz7LrT4bNc8YhP1sDf6GaE0uVi5oWq_Rt",
    "DEBUG": False,
    "VAULT_KEYS": "a:" + base64.b64encode(bytes(range(32))).decode(),
    "PUBLIC_URL": "https://gardu.example",
    "ALLOWED_HOSTS": ["gardu.example"],
    "SANDBOX_URL": "",
    "SITES_PRIVATE_HOSTS": [],
    "DATABASE_URL": "postgres://gardu_app:a@db/gardu",
    "DATABASE_OWNER_URL": "postgres://gardu_owner:b@db/gardu",
    "REDIS_URL": "redis://cache/0",
    "PUBLISHER_WITNESS": "/data/publisher",
}


def test_safe_settings_are_accepted() -> None:
    assert reasons_not_to_start(SAFE) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", UNSAFE_SECRET_KEY),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", ""),
        ("DEBUG", True),
        ("VAULT_KEYS", ""),
        ("VAULT_KEYS", "a:c2hvcnQ="),
        ("VAULT_KEYS", "a:not base64!"),
        ("VAULT_KEYS", ":" + base64.b64encode(bytes(32)).decode()),
        ("PUBLIC_URL", "http://gardu.example"),
        ("PUBLIC_URL", "https://localhost"),
        ("ALLOWED_HOSTS", ["*"]),
        ("ALLOWED_HOSTS", ["localhost", "127.0.0.1"]),
        ("SANDBOX_URL", "http://127.0.0.1:9000"),
        ("SITES_PRIVATE_HOSTS", ["127.0.0.1"]),
        ("DATABASE_URL", "postgres://gardu@127.0.0.1:1/gardu"),
        ("DATABASE_OWNER_URL", SAFE["DATABASE_URL"]),
        ("REDIS_URL", "redis://127.0.0.1:1/0"),
        ("PUBLISHER_WITNESS", ""),
    ],
)
def test_one_unsafe_setting_is_one_reason_that_names_it(name: str, value: object) -> None:
    reasons = reasons_not_to_start({**SAFE, name: value})
    assert len(reasons) == 1
    assert name in reasons[0]


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import smm.settings"],
        cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], "ENVIRONMENT": "production", **environment},
        capture_output=True,
        text=True,
    )


def test_production_without_any_setting_does_not_start() -> None:
    refused = start()
    assert refused.returncode != 0
    for name in ("SECRET_KEY", "VAULT_KEYS", "PUBLIC_URL", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"):
        assert f"- {name}" in refused.stderr


def test_production_with_safe_settings_starts() -> None:
    given = {name: value for name, value in SAFE.items() if isinstance(value, str)}
    started = start(**given, ALLOWED_HOSTS="gardu.example")
    assert started.returncode == 0, started.stderr
