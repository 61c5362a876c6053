"""The keys and passwords of this machine's data folder: made once, readable by nobody else."""

import base64
import os
import secrets
from pathlib import Path

Keys = dict[str, str]


def load(folder: Path) -> Keys:
    """The keys in `folder`/env, made on the first call. Callers hold the folder's lock."""
    path = folder / "env"
    known = read(path) if path.exists() else {}
    missing = {name: value for name, value in _fresh().items() if name not in known}
    if missing:
        known |= missing
        _write(path, known)
    return known


def read(path: Path) -> Keys:
    """The NAME=VALUE lines of a file; blank lines and comments are skipped."""
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


def _fresh() -> Keys:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYS": "local:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "POSTGRES_PASSWORD": secrets.token_hex(24),
        "OWNER_PASSWORD": secrets.token_hex(24),
        "APP_PASSWORD": secrets.token_hex(24),
        "VALKEY_PASSWORD": secrets.token_hex(24),
    }


def _write(path: Path, keys: Keys) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in keys.items())
    fresh.replace(path)
