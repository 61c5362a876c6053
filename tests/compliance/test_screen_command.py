"""`manage.py screen`: an archive of posts in, one verdict a line out, and no database."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROWS = (
    {"id": "a", "network": "instagram", "text": "Love my Tarn bag", "connection": {"type": "payment", "brand": "Tarn"}},
    {"id": "b", "network": "instagram", "text": "Ad: my Tarn bag", "connection": {"type": "payment", "brand": "Tarn"}},
)


def screened(file: Path, **options: object) -> tuple[list[dict[str, object]], str]:
    out, err = file.with_suffix(".out"), StringIO()
    try:
        call_command("screen", str(file), output=str(out), stderr=err, **options)
    except CommandError as error:
        err.write(str(error))
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()], err.getvalue()


def test_each_line_gets_a_verdict_with_its_findings(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    told, _ = screened(file)
    assert [(row["id"], row["verdict"]) for row in told] == [("a", "block"), ("b", "allow")]
    finding = told[0]["findings"][0]  # type: ignore[index]
    assert set(finding) == {"code", "severity", "part", "span", "reason", "advice", "source", "place"}
    assert finding["advice"] == {"part": "text", "start": 0, "end": 0, "insert": "Ad: "}


def test_a_bad_line_is_named_by_its_number_and_the_others_go_on(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    lines = [json.dumps(ROWS[0]), "{broken", '{"text": "no network"}', "[1]", json.dumps(ROWS[1])]
    file.write_text("\n".join(lines), encoding="utf-8")
    told, errors = screened(file)
    assert [row["id"] for row in told] == ["a", "b"]
    assert "line 2: not JSON" in errors and "line 3: network is missing" in errors and "line 4:" in errors
    assert "3 bad lines" in errors


def test_a_video_is_told_about_its_description(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(
        json.dumps({**ROWS[0], "text": "", "description": "Love my Tarn bag", "jurisdiction": ["US", "GB"]}), "utf-8"
    )
    (told,), _ = screened(file)
    (finding,) = told["findings"]  # type: ignore[misc]
    assert (finding["part"], finding["advice"]["part"]) == ("description", "description")  # type: ignore[has-type]


def test_several_processes_answer_the_same_in_the_same_order(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    lines = [json.dumps({**ROWS[number % 2], "id": number}) for number in range(450)]
    file.write_text("\n".join([*lines, "{broken"]), encoding="utf-8")
    alone, errors = screened(file)
    together, same_errors = screened(file, jobs=2)
    assert [row["id"] for row in alone] == list(range(450))
    assert (alone, errors) == (together, same_errors)


def test_csv_goes_in_as_well(tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(
        "id,network,text,connection_type,connection_brand,jurisdiction\n"
        '7,instagram,"Love my Tarn bag, always",payment,Tarn,US;GB\n8,instagram,Rain again,,,US\n',
        encoding="utf-8",
    )
    told, _ = screened(file)
    assert [(row["id"], row["verdict"]) for row in told] == [("7", "block"), ("8", "allow")]


def test_a_file_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(CommandError, match="Cannot open"):
        call_command("screen", "/nowhere/posts.jsonl")


def test_it_runs_without_any_database(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(json.dumps(ROWS[0]), encoding="utf-8")
    nowhere = "import os; os.environ.update(DATABASE_URL='postgres://nobody@127.0.0.1:1/x', DATABASE_OWNER_URL='');"
    run = f"{nowhere} os.environ['DJANGO_SETTINGS_MODULE']='smm.settings'; import django; django.setup(); "
    run += f"from django.core.management import call_command; call_command('screen', {str(file)!r})"
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, timeout=60, check=False)
    assert json.loads(done.stdout)["verdict"] == "block", done.stderr


def test_children_must_be_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    tagged = {**ROWS[1], "text": "#ad my Tarn bag", "audience_age": "under_13"}
    rows = (tagged, {**tagged, "audience_age": "25_44"}, {**tagged, "text": "Tarn paid me to show you this bag."})
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    told, _ = screened(file)
    assert [row["verdict"] for row in told] == ["review", "allow", "allow"]
    assert [finding["code"] for finding in told[0]["findings"]] == ["for_children"]  # type: ignore[attr-defined]
