"""Everything about a network is in its folder: no other code names one."""

import ast
import re
from pathlib import Path

from tests.house import tree

ADAPTERS = Path("networks/adapters")
SLUGS = sorted(p.name for p in (tree.ROOT / ADAPTERS).iterdir() if (p / "__init__.py").exists())
EXEMPT = {"tests", "sandbox", "locale", "docs"}
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->|/\*.*?\*/|^\s*//.*?$", re.S | re.M)
ICONS = re.compile(r"<c-icon\b[^>]*>|\{% icon [^%]*%\}")


def house_files(*endings: str) -> list[Path]:
    return [p for p in tree.files(*endings) if p.parts[0] not in EXEMPT and ADAPTERS not in p.parents]


def test_no_python_names_a_network() -> None:
    named = {str(path): named_in_python(tree.parsed(path)) for path in house_files(".py")}
    assert {path: slugs for path, slugs in named.items() if slugs} == {}


def test_no_page_names_a_network() -> None:
    named = {str(p): named_in_text(COMMENTS.sub("", tree.read(p))) for p in house_files(".html", ".js", ".css")}
    assert {path: slugs for path, slugs in named.items() if slugs} == {}


def test_this_test_would_notice() -> None:
    assert named_in_python(ast.parse('if account.network == "x":\n    pass')) == {"x"} & set(SLUGS)
    assert named_in_text('<c-net slug="x" />') == {"x"} & set(SLUGS)


def named_in_python(module: ast.Module) -> set[str]:
    """Slugs that are a whole string or a whole name; long ones also as a word inside a string."""
    strings = {n.value for n in ast.walk(module) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    strings -= set(_docstrings(module))
    return {slug for slug in SLUGS if slug in strings or any(_word(slug, s) for s in strings if len(slug) > 2)}


def named_in_text(text: str) -> set[str]:
    text = ICONS.sub("", text)  # an icon may be called like a network
    quoted = set(re.findall(r"[\"']([a-z0-9_-]+)[\"']", text))
    return {slug for slug in SLUGS if slug in quoted or (len(slug) > 2 and _word(slug, text))}


def _word(slug: str, text: str) -> bool:
    return re.search(rf"(?i)(?<![a-z]){slug}(?![a-z])", text) is not None


def _docstrings(module: ast.Module) -> list[str]:
    """Docstrings, and the strings that stand alone after a name to explain it."""
    alone = (n.value for n in ast.walk(module) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))
    return [constant.value for constant in alone if isinstance(constant.value, str)]
