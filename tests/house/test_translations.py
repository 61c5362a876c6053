"""Whoever reads Indonesian reads all of it: every sentence has a translation that keeps its placeholders."""

import ast
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import polib

from tests.house import sentences, tree

CATALOGUE = tree.ROOT / "locale/id/LC_MESSAGES/django.po"
PLACEHOLDERS = re.compile(r"%\(\w+\)[0-9.]*[a-z]|%[sd]|\{\w*\}")


@cache
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE), check_for_duplicates=True)


@cache
def translated() -> dict[str, str]:
    """Every message id, also of plurals, with its words."""
    told = {entry.msgid: entry.msgstr or entry.msgstr_plural.get(0, "") for entry in catalogue()}
    return told | {e.msgid_plural: told[e.msgid] for e in catalogue() if e.msgid_plural}


def test_every_marked_sentence_is_translated() -> None:
    assert missing(sentences.marked()) == []


def test_every_plain_sentence_is_translated() -> None:
    assert missing(sentences.plain()) == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    entries = [entry for entry in catalogue() if entry.msgid.strip()]
    assert [e.msgid for e in entries if placeholders(e) != set(PLACEHOLDERS.findall(words_of(e)))] == []


def test_an_indonesian_plural_has_one_form() -> None:
    assert [e.msgid for e in catalogue() if e.msgid_plural and set(e.msgstr_plural) != {0}] == []


def test_the_catalogue_holds_nothing_else() -> None:
    used = set(sentences.marked()) | set(sentences.plain())
    assert [entry.msgid for entry in catalogue() if entry.msgid not in used] == []
    assert [entry.msgid for entry in catalogue() if entry.fuzzy or entry.obsolete or entry.occurrences] == []


def test_the_catalogue_is_sorted() -> None:
    ids = [entry.msgid for entry in catalogue()]
    assert ids == sorted(ids)


def test_these_tests_would_notice() -> None:
    assert len(sentences.marked()) > 900
    assert len(sentences.plain()) > 250
    python = 'x = _("Yes" if y else "No"); ngettext("%(n)d post", "%(n)d posts", n); f(_(gone + ":"))'
    assert set(sentences.in_python(ast.parse(python))) == {"Yes", "No", "%(n)d post", "%(n)d posts"}
    block = "{% blocktranslate count n=n %}{{ n }} a{% plural %}{{ n }} b{% endblocktranslate %}"
    page = f'{{% translate "100 %" as x %}}<i title="{block}">'
    assert set(sentences.in_template(page)) == {"100 %%", "%(n)s a", "%(n)s b"}
    adapter = 'raise Refused(f"It does not take this: {why}", detail="No such thing.")'
    assert set(sentences.in_adapter(ast.parse(adapter))) == {"It does not take this:"}
    assert missing({"Nobody has ever said this.": CATALOGUE}) == [f"{CATALOGUE}: Nobody has ever said this."]


def missing(found: Mapping[str, Path]) -> list[str]:
    return sorted(f"{path}: {text}" for text, path in found.items() if text.strip() and not translated().get(text))


def words_of(entry: polib.POEntry) -> str:
    return entry.msgstr or entry.msgstr_plural.get(0, "")


def placeholders(entry: polib.POEntry) -> set[str]:
    """Those of the message; where it has a plural, those of the plural."""
    return set(PLACEHOLDERS.findall(entry.msgid_plural or entry.msgid))
