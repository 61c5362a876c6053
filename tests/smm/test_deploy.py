"""The container files say what they promise: one image, no root, a health check each, and the owner's password once."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import yaml

from smm.embedded import binaries, keys
from smm.embedded.postgres import Postgres

ROOT = Path(__file__).parents[2]
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = {"migrate", "web", "worker", "worker-inbox", "worker-watch", "beat", "poller", "sandbox"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_every_part_of_the_house_is_there() -> None:
    assert set(SERVICES) == OURS | {"postgres", "valkey"}
    assert SERVICES["sandbox"]["profiles"] == ["sandbox"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_ours_share_one_image(name: str) -> None:
    assert SERVICES[name]["image"] == "gardu"


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate", "web"}))
def test_each_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


def test_the_web_has_the_images_health_check() -> None:
    assert "HEALTHCHECK" in DOCKERFILE
    assert "healthcheck" not in SERVICES["web"]


def test_only_migrate_can_log_in_as_the_owner() -> None:
    for name in OURS - {"migrate"}:
        assert "GARDU_OWNER_PASSWORD:?" not in str(SERVICES[name]), name
        assert not SERVICES[name]["environment"]["GARDU_OWNER_PASSWORD"]
    assert "gardu_owner:${GARDU_OWNER_PASSWORD" in SERVICES["migrate"]["environment"]["DATABASE_OWNER_URL"]


def test_nothing_listens_beyond_this_machine() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_every_queue_has_a_worker() -> None:
    routed = {"publish", "inbox", "media", "insights", "watch", "celery"}
    words = [SERVICES[name]["command"] for name in ("worker", "worker-inbox", "worker-watch")]
    assert set(",".join(command[command.index("-Q") + 1] for command in words).split(",")) == routed


def test_the_image_does_not_run_as_root_and_installs_by_hash() -> None:
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"(?m)^USER gardu$", last)
    assert last.index("USER gardu") < last.index("CMD")
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    assert "npm ci --ignore-scripts" in DOCKERFILE


def test_what_the_image_copies_exists() -> None:
    copied = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", DOCKERFILE)
    names = {name for line in copied for name in line.split()}
    assert {"package-lock.json", "requirements.lock", "."} <= names
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_secrets_and_data_never_get_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".data", ".git"} <= set(ignored)


def test_the_first_start_of_postgresql_makes_the_two_logins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script that the container runs, against a real server that has no roles of ours yet."""
    if not (binaries.postgres() / "psql").exists():
        pytest.skip("no psql beside this PostgreSQL")
    monkeypatch.setattr(Postgres, "_furnish", lambda self, admin: admin.close())
    made = keys.load(tmp_path)
    server = Postgres(tmp_path / "server", made, durable=False)
    port = str(server.start())
    try:
        subprocess.run(
            ["sh", str(ROOT / "docker" / "roles.sh")],
            env={
                "PATH": f"{binaries.postgres()}{os.pathsep}{os.environ['PATH']}",
                "PGHOST": "127.0.0.1",
                "PGPORT": port,
                "PGPASSWORD": made["POSTGRES_PASSWORD"],
                "POSTGRES_USER": "postgres",
                "GARDU_OWNER_PASSWORD": "it's $ours",
                "GARDU_APP_PASSWORD": "theirs",
            },
            check=True,
            capture_output=True,
        )
        for user, password, may in (("gardu_app", "theirs", (False,)), ("gardu_owner", "it's $ours", (True,))):
            login = psycopg2.connect(host="127.0.0.1", port=port, user=user, password=password, dbname="gardu")
            with login.cursor() as cursor:
                cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
                assert cursor.fetchone() == may
            login.close()
    finally:
        server.stop()
