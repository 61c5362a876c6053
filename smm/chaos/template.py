"""A migrated, empty database, made once for each state of the migrations and copied for every run after that.

Migrating from nothing takes half a minute of a core; a copy of its files a second.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from smm.embedded.holding import ROOT
from smm.embedded.postgres import Postgres

KEYS = "env"  # the file that smm.embedded.keys writes


def copied_keys(folder: Path) -> None:
    """The passwords that the kept database knows, where there is one."""
    if _there():
        shutil.copy2(kept() / KEYS, folder / KEYS)


def copied(postgres: Postgres) -> bool:
    """Whether there was one to begin with; call it before the server starts for the first time."""
    if not _there():
        return False
    subprocess.run(["cp", "-a", str(kept() / "data"), str(postgres.data)], check=True)
    return True


def keep(postgres: Postgres, folder: Path) -> None:
    """Keep the database of a server that was just migrated, which is stopped for that moment. Older ones go."""
    place = kept()
    place.parent.mkdir(mode=0o700, exist_ok=True)
    if not _ours(place.parent):
        return
    for old in place.parent.iterdir():  # of other migrations, and what was broken off
        shutil.rmtree(old, ignore_errors=True)
    making = place.with_name(f"making-{os.getpid()}")
    making.mkdir(mode=0o700)
    postgres.stop()
    subprocess.run(["cp", "-a", str(postgres.data), str(making / "data")], check=True)
    postgres.again()
    shutil.copy2(folder / KEYS, making / KEYS)
    try:
        making.rename(place)
    except OSError:  # another run was quicker
        shutil.rmtree(making)


def _there() -> bool:
    return kept().exists() and _ours(kept().parent)


def _ours(folder: Path) -> bool:
    """Not one that somebody else put there for us to trust."""
    return folder.stat().st_uid == os.geteuid() and not folder.is_symlink()


def kept() -> Path:
    """Where the one for this tree's migrations lies, or would lie."""
    files = [*ROOT.glob("*/migrations/*.py"), ROOT / "workspaces" / "tenancy.py", ROOT / "requirements.lock"]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return Path(tempfile.gettempdir()) / f"gardu-ground-{os.geteuid()}" / digest.hexdigest()[:16]
