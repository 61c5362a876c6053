"""Facebook's field language: `id,from{name},comments.limit(0).summary(true)`, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.wires.facebook import problems

NAME = re.compile(r"[a-z_0-9]+")
MODIFIER = re.compile(r"\.([a-z_]+)\(([^()]*)\)")


@dataclass(slots=True)
class Field:
    """One field asked for: its name, its modifiers, what is asked of it in turn."""

    name: str
    modifiers: dict[str, str] = field(default_factory=dict)
    inner: list[Field] = field(default_factory=list)


def parsed(text: str) -> list[Field]:
    """The fields of a `fields` parameter; Facebook's syntax error otherwise."""
    found, rest = _list(text.replace(" ", ""), text)
    if rest:
        raise _syntax(text, rest)
    return found


def _list(rest: str, whole: str) -> tuple[list[Field], str]:
    found: list[Field] = []
    while rest:
        name = NAME.match(rest)
        if not name:
            raise _syntax(whole, rest)
        one = Field(name[0])
        rest = rest[name.end() :]
        while modifier := MODIFIER.match(rest):
            one.modifiers[modifier[1]] = modifier[2]
            rest = rest[modifier.end() :]
        if rest.startswith("{"):
            one.inner, rest = _list(rest[1:], whole)
            if not rest.startswith("}"):
                raise _syntax(whole, rest)
            rest = rest[1:]
        found.append(one)
        if not rest.startswith(","):
            break
        rest = rest[1:]
    return found, rest


def _syntax(whole: str, rest: str) -> Exception:
    place = len(whole) - len(rest)
    return problems.problem(400, 2500, f'Syntax error "Expected name." at character {place}: {whole}')
