"""Every sentence of this tree that a person may read, as the message ids that the catalogue must hold."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

from compliance.protocol import ConnectionKind
from tests.house import tree

MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
PLURALS = {"ngettext", "ngettext_lazy"}
OUTSIDE = {"tests", "sandbox", "locale", "docs"}
RAISED = {"Refused", "TryLater", "Reconnect", "Unsure", "NotOurs", "Misfit", "Next"}
SPOKEN = {("networks", "adapters"), ("networks", "fits.py"), ("networks", "wire.py"), ("publishing", "rules.py")}
LITERAL = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
TRANSLATE = re.compile(rf"(?:translate|trans)\s+{LITERAL}")
UNDERSCORE = re.compile(rf"_\({LITERAL}\)")
FIELD = re.compile(r"\{\{\s*([\w.]+)[^}]*\}\}")
SENTENCE = re.compile(r"[A-Z].*[.:]|[A-Z][\w']* [\w ']+")


@cache
def marked() -> dict[str, Path]:
    """Message ids marked in Python and in templates, each with one place where it stands."""
    found: dict[str, Path] = {}
    for path in tree.files(".py", ".html", ".txt"):
        if path.parts[0] in OUTSIDE:
            continue
        read = in_python(tree.parsed(path)) if path.suffix == ".py" else in_template(tree.read(path))
        found |= dict.fromkeys(read, path)
    return found


@cache
def plain() -> dict[str, Path]:
    """Sentences of code that knows no translation (adapters, rules, verbs on record): they are translated on show."""
    found: dict[str, Path] = {}
    for path in tree.files(".py"):
        if path.parts[0] in OUTSIDE:
            continue
        module = tree.parsed(path)
        if path.parts[:2] in SPOKEN or path.parts[:2] == ("publishing", "actions"):
            found |= dict.fromkeys(in_adapter(module), path)
        if path.parts[:2] == ("compliance", "rules") and len(path.parts) == 3 and path.stem != "__init__":
            found |= dict.fromkeys(in_rule(module), path)
        found |= dict.fromkeys(in_record(module), path)
    for path in tree.files(".toml"):
        if path.parent.name == "packs":
            found |= dict.fromkeys((line["says"] for line in tomllib.loads(tree.read(path))["lines"]), path)
    return found | {str(kind).replace("_", " "): Path("compliance/protocol.py") for kind in ConnectionKind}


def in_python(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and (name := _called(node)) in MARKS:
            for argument in node.args[: 2 if name in PLURALS else 1]:
                yield from (str(one.value) for one in _chosen(argument) if one.value)


def in_adapter(module: ast.Module) -> Iterator[str]:
    """What its errors, misfits and options say, and every sentence it keeps in a name or a table for them.

    A sentence that ends in the network's own words is told up to its colon.
    """
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _called(node) in RAISED:
            for argument in [*node.args, *(word.value for word in node.keywords if word.arg in ("label", "reason"))]:
                yield from (text for text in _texts(argument) if SENTENCE.fullmatch(text))
        if isinstance(node, ast.Call) and _called(node) == "Option":
            yield from (text for text in _labels(node) if text)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return) and node.value is not None:
            yield from (text for text in _texts(node.value) if SENTENCE.fullmatch(text) and text[-1] in ".:")


def in_rule(module: ast.Module) -> Iterator[str]:
    """A rule's own sentence, what its laws say, and why its examples are right."""
    yield " ".join((ast.get_docstring(module) or "").split())
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            says = node.args[4:5] if _called(node) == "Law" else []
            for argument in [*says, *(word.value for word in node.keywords if word.arg in ("says", "why"))]:
                yield from filter(None, _texts(argument))


def in_record(module: ast.Module) -> Iterator[str]:
    """The verbs that the audit trail keeps."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _called(node) in ("record", "_note"):
            verbs = [word.value for word in node.keywords if word.arg == "verb"]
            for verb in verbs or node.args[2:3]:
                yield from (one.value for one in _chosen(verb) if isinstance(one.value, str))


def in_template(source: str) -> Iterator[str]:
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type is TokenType.TEXT:
            continue
        for pattern in (TRANSLATE, UNDERSCORE):
            yield from (ast.literal_eval(text).replace("%", "%%") for text in pattern.findall(token.contents))
        if token.token_type is TokenType.BLOCK and token.split_contents()[0] in ("blocktranslate", "blocktrans"):
            yield from _block(token, tokens)


def _block(first: Token, tokens: Iterator[Token]) -> Iterator[str]:
    trimmed = "trimmed" in first.split_contents()
    text = ""
    for token in tokens:
        if token.token_type is TokenType.BLOCK:
            yield _joined(text, trimmed)
            text = ""
            if token.contents.startswith("end"):
                return
        elif token.token_type is TokenType.VAR:
            text += f"%({token.contents.split('|')[0].strip()})s"
        elif token.token_type is TokenType.TEXT:
            text += token.contents.replace("%", "%%")


def _joined(text: str, trimmed: bool) -> str:
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text


def _labels(option: ast.Call) -> Iterator[str]:
    """What an option is called, its choices' words, and what it says to write."""
    yield from _texts(option.args[1])
    for word in option.keywords:
        if word.arg == "hint":
            yield from _texts(word.value)
        if word.arg == "choices" and isinstance(word.value, ast.Tuple):
            for choice in word.value.elts:
                yield from (_texts(choice.elts[1]) if isinstance(choice, ast.Tuple) else ())


def _chosen(node: ast.expr) -> Iterator[ast.Constant]:
    """The constants that an expression can come out as."""
    if isinstance(node, ast.Constant):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from (*_chosen(node.body), *_chosen(node.orelse))


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def _texts(node: ast.AST) -> Iterator[str]:
    """The whole strings in an expression; of a string with values in it, what stands before the first."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        first = node.values[0]
        if isinstance(first, ast.Constant):
            yield str(first.value).rstrip()
    else:
        for child in ast.iter_child_nodes(node):
            yield from _texts(child)
