"""Small files, short functions, names that say something."""

import ast

from tests.house import tree

LONGEST = {".py": 400, ".html": 300, ".js": 200, ".mjs": 200, ".css": 400}
LONGEST_FUNCTION = 50
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "services", "service", "signals", "constants", "misc"}
IGNORE = "# type: " + "ignore"


def test_there_is_something_to_look_at() -> None:
    assert len(tree.files(".py")) > 50


def test_a_file_fits_a_persons_head() -> None:
    lengths = {str(path): (path.suffix, len(tree.read(path).splitlines())) for path in tree.files(*LONGEST)}
    assert {path: lines for path, (kind, lines) in lengths.items() if lines > LONGEST[kind]} == {}


def test_a_function_is_no_longer_than_fifty_lines() -> None:
    long = {}
    for path in tree.files(".py"):
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                long[f"{path}:{node.name}"] = node.end_lineno - node.lineno + 1
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(p) for p in tree.files(".py") if {p.stem, *p.parts[:-1]} & NAMES_THAT_SAY_NOTHING] == []


def test_a_module_begins_by_saying_what_it_is_for() -> None:
    silent = [p for p in tree.files(".py") if (m := tree.parsed(p)).body and not ast.get_docstring(m)]
    assert [str(path) for path in silent] == []


def test_an_ignored_error_carries_its_code_and_its_reason() -> None:
    bare = [
        f"{path}:{number}"
        for path in tree.files(".py")
        if path.parts[0] != "tests"  # mypy does not read them
        for number, line in enumerate(tree.read(path).splitlines(), 1)
        if IGNORE in line and not _has_code_and_reason(line)
    ]
    assert bare == []


def _has_code_and_reason(line: str) -> bool:
    code, _, reason = line.partition(IGNORE)[2].partition("]")
    return code.startswith("[") and len(reason.partition("#")[2].strip()) > 5
