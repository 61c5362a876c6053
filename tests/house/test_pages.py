"""Templates hold no script and no style: the content security policy would refuse them anyway."""

import re
from pathlib import Path

import pytest

from tests.house import tree

FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:ld\+)?json[\"'])", re.I),
    "an inline style": re.compile(r"<style\b|\sstyle\s*=\s*[\"']", re.I),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']|\shx-on[:-]", re.I),
    "a script address": re.compile(r"javascript:", re.I),
    "something from elsewhere": re.compile(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']https?://", re.I),
}
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.S)


def test_no_template_has_an_inline_script_or_style() -> None:
    assert {str(path): found for path in tree.files(".html") if (found := problems(path))} == {}


def problems(path: Path) -> list[str]:
    text = COMMENTS.sub("", tree.read(path))
    if "email" in path.parts:  # mail programs read no stylesheet
        text = re.sub(r"\sstyle\s*=\s*[\"'][^\"']*[\"']", "", text)
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]


@pytest.mark.parametrize(
    ("fragment", "what"),
    [
        ("<script>go()</script>", "an inline script"),
        ("<p style='color:red'>", "an inline style"),
        ('<a onclick="go()">', "an inline handler"),
        ('<a href="javascript:go()">', "a script address"),
        ('<script src="https://cdn.example/a.js">', "something from elsewhere"),
    ],
)
def test_this_test_would_notice(fragment: str, what: str) -> None:
    assert FORBIDDEN[what].search(fragment)
