"""`manage.py reset` starts over, but never under somebody's feet."""

import os
import subprocess
import sys
from pathlib import Path

from smm.embedded.holding import hold

ROOT = Path(__file__).parents[2]


def reset(data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "reset", "--yes"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATA_DIR": str(data),
            "DJANGO_SETTINGS_MODULE": "smm.settings",
            "ENVIRONMENT": "development",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def test_it_refuses_while_a_server_runs_and_removes_everything_afterwards(tmp_path: Path) -> None:
    data = tmp_path / "data"
    share = hold("valkey", data, durable=False)
    (data / "media").mkdir()
    refused = reset(data)
    assert refused.returncode == 1
    assert "stop it first" in refused.stderr
    assert (data / "media").exists()

    assert share.stop()
    done = reset(data)
    assert done.returncode == 0, done.stderr
    assert not data.exists()
    assert "Nothing to remove" in reset(data).stdout
