"""A blog's media library, its categories and its tags."""

from __future__ import annotations

import re

from sandbox.nouns import Json, Media
from sandbox.wire import Answer, Call
from sandbox.wires.wordpress import access, problems, words
from sandbox.wires.wordpress.access import SLUG

ENDINGS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp"}
NAME = re.compile(r'filename="([^"]+)"')


def upload(call: Call) -> Answer:
    """POST /wp/v2/media: the raw bytes, named by Content-Disposition; WordPress believes the ending."""
    owner = access.writer(call)
    if not call.body:
        raise problems.problem(400, "rest_upload_no_data", "No data supplied.")
    named = NAME.search(call.headers.get("Content-Disposition", ""))
    if named is None:
        says = "Invalid Content-Disposition supplied."
        raise problems.problem(400, "rest_upload_invalid_disposition", says)
    mime = next((mime for ending, mime in ENDINGS.items() if named[1].lower().endswith(ending)), "")
    if not mime or call.strikes("media_fails"):
        raise problems.no_sideload()
    media = Media(SLUG, str(call.world.number()), owner.id, mime, len(call.body), extra={"name": named[1]})
    media.blob = call.house.journal.keep(call.body)
    call.world.put(media)
    return Answer(201, drawn(media))


def describe(call: Call) -> Answer:
    """POST /wp/v2/media/{id}: its alternative text."""
    owner = access.writer(call)
    media = call.world.get(Media, SLUG, call.args["id"])
    if media is None or media.account != owner.id:
        raise problems.no_post()
    media.alt = str(access.body(call).get("alt_text", media.alt))
    call.world.put(media)
    return Answer(200, drawn(media))


def drawn(media: Media) -> Json:
    return {
        "id": int(media.id),
        "source_url": f"https://{media.account}/wp-content/uploads/{media.extra['name']}",
        "alt_text": media.alt,
        "mime_type": media.mime,
        "media_type": "image",
    }


def terms(call: Call) -> Answer:
    """GET /wp/v2/categories or tags."""
    owner = access.blog(call)
    access.is_inside(call)
    asked = str(call.query.get("search", "")).casefold()
    known = _known(call, owner.id)
    return access.paged(call, [term for term in known if asked in str(term["name"]).casefold()])


def new_term(call: Call) -> Answer:
    """POST /wp/v2/categories or tags."""
    owner, sent = access.writer(call), access.body(call)
    name = str(sent.get("name", "")).strip()
    if not name:
        raise problems.invalid("name")
    known = _known(call, owner.id)
    for term in known:
        if words.slug(str(term["name"])) == words.slug(name):
            says = "A term with the name provided already exists in this taxonomy."
            raise problems.problem(400, "term_exists", says, term_id=term["id"])
    made: Json = {"id": call.world.number() % 1_000_000_000, "name": name, "slug": words.slug(name)}
    call.world.set(_shelf(call, owner.id), [*known, made])
    return Answer(201, made)


def _shelf(call: Call, blog: str) -> str:
    return f"{SLUG}/{blog}/{call.path.rstrip('/').rpartition('/')[2]}"


def _known(call: Call, blog: str) -> list[Json]:
    first: list[Json] = [{"id": 1, "name": "Uncategorized", "slug": "uncategorized"}]
    return list(call.world.settings.get(_shelf(call, blog), first if "categories" in call.path else []))
