"""Ordinary texts of brands and creators, where a stop is a false alarm: from hand-written frames, always the same."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

HERE = Path(__file__).parent / "frames"
LANGUAGES = {"en": 1500, "id": 500, "de": 450, "fr": 400, "es": 400}
PAIRED = 0.18  # how many of the texts are two frames in one post
PLACES = {
    "en": ("US", "UK", "AU", "CA", "IN", "EU"),
    "id": ("ID",),
    "de": ("DE",),
    "fr": ("FR", "CA"),
    "es": ("ES", "US"),
}
NETWORKS = ("instagram", "facebook", "x", "threads", "linkedin", "tiktok", "pinterest")
SLOT = re.compile(r"\{(\w+)\}")
Post = dict[str, object]
Fill = Callable[[str], str]
Frames = dict[str, list[str]]


def ordinary(seed: int = 20261124) -> list[Post]:
    """3,250 posts without any connection, each text once: brands' own accounts, and creators about their own lives."""
    chance = random.Random(seed)
    posts: list[Post] = []
    for language, wanted in LANGUAGES.items():
        frames, fill = _frames(language), _filler(language, chance)
        seen: set[str] = set()
        for role in cycle(("brand", "creator")):
            row = _post(role, frames[role], fill, chance)
            key = f"{row.get('title', '')}{row['text']}"
            if key not in seen:
                seen.add(key)
                shared = {"language": language, "jurisdiction": chance.choice(PLACES[language]), "connection": None}
                posts.append({"id": f"{language}-{len(seen):04d}", **row, **shared, "expected": "allow", "also_ok": []})
            if len(seen) == wanted:
                break
    return posts


def connected(seed: int = 20261124, count: int = 360) -> list[Post]:
    """Posts of people with a connection on record who say so first, in the words of their place."""
    chance = random.Random(seed)
    openers, bodies = _connected_frames()
    chosen = islice(cycle(openers), count)
    return [_disclosed(number, opener, bodies, chance) for number, opener in enumerate(chosen, 1)]


def _post(role: str, frames: list[str], fill: Fill, chance: random.Random) -> Post:
    frame = chance.choice(frames)
    author = {"author_role": role, "platform_label": False}
    if " || " in frame:
        title, description = fill(frame).split(" || ", 1)
        video = {"network": "youtube", "media": "video", "title": title, "text": "", "description": description}
        return {**video, **author}
    if chance.random() < PAIRED:
        frame += "\n\n" + chance.choice([other for other in frames if " || " not in other])
    text = fill(frame)
    if chance.random() < 0.4:
        text += chance.choice((" ", "\n")) + fill(f"{{tail_{role}}}")
    return {"network": chance.choice(NETWORKS), "media": chance.choice(("image", "none")), "text": text, **author}


def _disclosed(number: int, opener: tuple[str, ...], bodies: Frames, chance: random.Random) -> Post:
    place, language, kind, words = opener
    brand, fill = chance.choice(_words(language)["brand"]), _filler(language, chance)
    text = fill(f"{words} {chance.choice(bodies[language])}".replace("{brand}", brand))
    return {
        "id": f"connected-{number:03d}",
        "network": chance.choice(NETWORKS[:5]),
        "media": "image",
        "text": text,
        "author_role": "employee" if kind == "employment" else "influencer",
        "connection": {"type": kind, "brand": brand, "value": None},
        "platform_label": False,
        "language": language,
        "jurisdiction": place,
        "expected": "allow",
        "also_ok": [],
    }


def _filler(language: str, chance: random.Random) -> Fill:
    words = _words(language)

    def word(match: re.Match[str], given: dict[str, str]) -> str:
        slot = match.group(1)
        if slot not in given:
            given[slot] = _of_slot(slot, words, given, chance)
        return given[slot]

    def fill(frame: str) -> str:
        given: dict[str, str] = {}
        while SLOT.search(frame):
            frame = SLOT.sub(lambda match: word(match, given), frame)
        return frame.replace("\\n", "\n")

    return fill


def _of_slot(slot: str, words: Frames, given: dict[str, str], chance: random.Random) -> str:
    if slot == "url":
        return chance.choice(words["domain"]) + chance.choice(("", "/shop", "/news", "/hello", "/2026"))
    if slot == "city_tag":
        return re.sub(r"\W", "", chance.choice(words["city"])).lower()
    pool = words.get(slot) or words[slot.rstrip("2")]
    return chance.choice([word for word in pool if word not in given.values()] or pool)


def _words(language: str) -> Frames:
    every = json.loads((HERE / "vocabulary.json").read_text(encoding="utf-8"))
    return {**every["all"], **every[language]}


def _lines(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line.split(" | ")


def _frames(language: str) -> Frames:
    frames: Frames = {"brand": [], "creator": []}
    for role, _shape, *text in _lines(f"{language}.txt"):
        frames[role].append(" | ".join(text))
    return frames


def _connected_frames() -> tuple[list[tuple[str, ...]], Frames]:
    openers: list[tuple[str, ...]] = []
    bodies: Frames = {}
    for kind, *rest in _lines("connected.txt"):
        if kind == "opener":
            openers.append((*rest[:3], " | ".join(rest[3:])))
        else:
            bodies.setdefault(rest[0], []).append(rest[1])
    return openers, bodies


if __name__ == "__main__":
    for post in [*ordinary(), *connected()]:
        sys.stdout.write(json.dumps(post, ensure_ascii=False) + "\n")
