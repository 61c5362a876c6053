"""JSON Feed, and the posts that a WordPress site's own interface lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from networks.fetch.client import Fetched, NotFetched
from networks.fetch.pages import words_of
from networks.fetch.told import ENTRIES, Entry, Feed, kept, web
from networks.fetch.xml_feeds import MOST_ROWS

Told = Mapping[str, Any]  # Any: JSON values, as they came
VERSION = "https://jsonfeed.org/version/1"


def is_json(found: Fetched) -> bool:
    """Whether what came is JSON, by its name or its looks."""
    return "json" in found.kind or found.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def parsed(found: Fetched) -> Feed:
    """The feed that came. Raises NotFetched: kind for what is none, many for what is too much."""
    try:
        told = json.loads(found.body)
    except (ValueError, RecursionError) as error:
        raise NotFetched("kind") from error
    if isinstance(told, dict) and str(told.get("version", "")).startswith(VERSION):
        return _json_feed(found, told)
    if isinstance(told, list) and all(isinstance(row, dict) and "link" in row and "title" in row for row in told):
        return _wordpress(found, told)
    raise NotFetched("kind")


def _json_feed(found: Fetched, told: Told) -> Feed:
    rows = _rows(told.get("items"))
    hubs = [hub for hub in _rows(told.get("hubs")) if str(hub.get("type", "")).lower() == "websub"]
    entries = [_entry(row, _people(told), str(told.get("language") or "")) for row in rows[:ENTRIES]]
    return Feed(
        found.url,
        title=kept(words_of(str(told.get("title") or "")), 200),
        entries=tuple(entry for entry in entries if entry),
        etag=found.etag,
        modified=found.modified,
        kind="json",
        site=web(told.get("home_page_url")),
        language=kept(told.get("language"), 16),
        hub=web(hubs[0].get("url")) if hubs else "",
        topic=web(told.get("feed_url")),
    )


def _entry(row: Told, authors: str, language: str) -> Entry | None:
    link = web(row.get("url")) or web(row.get("external_url"))
    if not link:
        return None
    text = str(row.get("content_text") or "") or words_of(str(row.get("content_html") or ""))
    kinds = [str(one.get("mime_type", "")) for one in _rows(row.get("attachments"))]
    return Entry(
        url=link,
        title=kept(words_of(str(row.get("title") or "")), 300),
        text=kept(text, 20_000),
        published=_moment(row.get("date_published")),
        video=any(kind.startswith("video/") for kind in kinds),
        guid=kept(row.get("id"), 500),
        summary=kept(words_of(str(row.get("summary") or "")), 5000),
        author=_people(row) or authors,
        tags=_tags(row.get("tags")),
        language=kept(row.get("language") or language, 16),
        image=web(row.get("image")) or web(row.get("banner_image")),
        sound=any(kind.startswith("audio/") for kind in kinds),
    )


def _people(told: Told) -> str:
    rows = _rows(told.get("authors")) or _rows([told.get("author")])
    return kept(", ".join(str(one.get("name") or "") for one in rows if one.get("name")), 200)


def _wordpress(found: Fetched, rows: list[Told]) -> Feed:
    if len(rows) > MOST_ROWS:
        raise NotFetched("many")
    entries = [_post(row) for row in rows[:ENTRIES]]
    return Feed(
        found.url,
        entries=tuple(entry for entry in entries if entry),
        etag=found.etag,
        modified=found.modified,
        kind="wp",
    )


def _post(row: Told) -> Entry | None:
    link = web(row.get("link"))
    if not link or row.get("status", "publish") != "publish":
        return None
    more = row.get("_embedded")
    more = more if isinstance(more, dict) else {}
    groups = more.get("wp:term")
    terms = [term for group in groups for term in _rows(group)] if isinstance(groups, list) else []
    shown = _rows(more.get("wp:featuredmedia"))
    people = [str(one.get("name") or "") for one in _rows(more.get("author"))]
    return Entry(
        url=link,
        title=kept(words_of(_rendered(row, "title")), 300),
        text=kept(words_of(_rendered(row, "content")), 20_000),
        published=_moment(row.get("date_gmt")) or _moment(row.get("date")),
        guid=kept(_rendered(row, "guid") or row.get("id"), 500),
        summary=kept(words_of(_rendered(row, "excerpt")), 5000),
        author=kept(", ".join(filter(None, people)), 200),
        tags=_tags([words_of(str(term.get("name") or "")) for term in terms]),
        image=web(shown[0].get("source_url")) if shown else "",
    )


def _rendered(row: Told, name: str) -> str:
    value = row.get(name)
    return str(value.get("rendered") or "") if isinstance(value, dict) else str(value or "")


def _rows(value: object) -> list[Told]:
    if not isinstance(value, list):
        return []
    if len(value) > MOST_ROWS:
        raise NotFetched("many")
    return [row for row in value if isinstance(row, dict)]


def _tags(value: object) -> tuple[str, ...]:
    told = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(kept(tag, 60).strip() for tag in told if isinstance(tag, str) and tag.strip()))[:20]


def _moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
