"""A script of misbehaviour that can be played again: which call goes wrong, by a mark in what it carries.

A caller that plays chaos puts a mark such as nr42z into each post's words or file. Whatever the order the calls come
in, the line written for that mark strikes that post and no other. Calls that carry no mark (listings, renewals) are
struck by the lines of their account.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from sandbox.nouns import Fault, Json, Post

MARK = re.compile(rb"nr\d+z")
LOOKED_THROUGH = 1 << 20  # bytes of a body


class Script:
    """Lines in memory: what strikes, how often is left, and how often it struck."""

    def __init__(self) -> None:
        self.lines: dict[str, list[Fault]] = defaultdict(list)
        self.hits: Counter[str] = Counter()

    def add(self, key: str, line: Json, *, defaults: Json, now: float) -> None:
        """One line for a mark or an account: {"fault", "on", "times", "params"}."""
        self.lines[key].append(
            Fault(
                network="",
                id="",
                name=line["fault"],
                on=list(line.get("on") or ()),
                times=int(line.get("times", 1)),
                created=now,
                params={**defaults, **(line.get("params") or {})},
            )
        )

    def of(self, about: str, account: str) -> list[Fault]:
        """What may strike a call, in the order it was written; what is used up is gone."""
        found: list[Fault] = []
        for key in {about, account} - {""}:
            if key in self.lines:
                self.lines[key] = [fault for fault in self.lines[key] if fault.times]
                found += self.lines[key]
        return found

    def struck(self, fault: Fault) -> Fault:
        fault.times -= 1
        self.hits[fault.name] += 1
        return fault


def mark_in(body: bytes) -> str:
    """The mark a call carries, "" when there is none."""
    found = MARK.search(body, 0, LOOKED_THROUGH)
    return found[0].decode() if found else ""


def marks_of(post: Post) -> list[str]:
    """The marks in what a reader finds: its words, its title."""
    words = f"{post.text} {post.extra.get('title', '')}".encode()
    return sorted({mark.decode() for mark in MARK.findall(words)})
