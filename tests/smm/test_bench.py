"""`manage.py bench`: a table, one summary line, and an exit code that a missed promise changes."""

import json
from io import StringIO
from types import ModuleType, SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from smm import benches
from smm.management import bench_pages


def brought(monkeypatch: pytest.MonkeyPatch, misses: list[str]) -> None:
    module = ModuleType("bench_toast")
    rows = [{"slice": "white", "seconds": 1.5}, {"slice": "rye", "seconds": 12.25}]
    module.run = lambda options: SimpleNamespace(rows=rows, summary="toast: 2 slices", misses=misses)  # type: ignore[attr-defined]
    monkeypatch.setattr(benches, "names", lambda: {"toast": "bench_toast"})
    monkeypatch.setattr(benches, "load", lambda name: {"toast": module}[name])


def test_a_kept_promise_prints_a_table_then_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    brought(monkeypatch, misses=[])
    out = StringIO()
    call_command("bench", "toast", stdout=out)
    assert out.getvalue().splitlines() == [
        "slice  seconds",
        "-----  -------",
        "white     1.50",
        "rye      12.25",
        "toast: 2 slices",
    ]


def test_a_missed_promise_is_named_and_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    brought(monkeypatch, misses=["rye: 12 s, promised 5"])
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("bench", "toast", "--json", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["misses"] == ["rye: 12 s, promised 5"]


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match="pages"):
        call_command("bench", "nothing")


@pytest.mark.django_db
def test_the_pages_bench_measures_real_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_pages, "SLOWEST_P95", 60_000.0)  # what is promised is not measured beside other tests
    out = StringIO()
    call_command("bench", "pages", "--json", "--times", "20", stdout=out)
    assert {row["page"] for row in json.loads(out.getvalue())["rows"]} >= {"/healthz", "/accounts/login/"}
