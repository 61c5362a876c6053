"""The files of this tree that the house's rules speak about: those under version control, or about to be."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def files(*endings: str) -> tuple[Path, ...]:
    """Tracked and new files with one of these endings, without migrations and what is built."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (Path(name) for name in sorted(set(listed.stdout.splitlines())))
    return tuple(p for p in paths if p.suffix in endings and "migrations" not in p.parts and (ROOT / p).exists())


def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(read(path))
