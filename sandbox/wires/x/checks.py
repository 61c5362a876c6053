"""Checks a body against the request schemas of X's OpenAPI document (v2.167), word for word where it matters."""

from __future__ import annotations

import re
from typing import Any

from sandbox.nouns import Json
from sandbox.wire import Call, Malformed
from sandbox.wires.x.problems import invalid, invalid_all

ID = {"type": "string", "pattern": r"[0-9]{1,19}"}
REPLY_SETTINGS = {"type": "string", "enum": ["following", "mentionedUsers", "subscribers", "verified"]}
CATEGORIES = ["tweet_image", "tweet_video", "tweet_gif", "dm_image", "dm_video", "dm_gif", "subtitles"]
TYPES = [
    *("video/mp4", "video/webm", "video/mp2t", "video/quicktime", "text/srt", "text/vtt", "image/jpeg"),
    *("image/gif", "image/bmp", "image/png", "image/webp", "image/pjpeg", "image/tiff"),
    *("model/gltf-binary", "model/vnd.usdz+zip"),
]
EVENTS = [
    *("post.create", "post.delete", "post.mention.create", "post.reply.create", "post.quote.create"),
    *("post.repost.create", "like.create", "dm.sent", "dm.received", "dm.indicate_typing", "dm.read"),
    *("follow.follow", "follow.unfollow", "chat.received", "chat.sent", "profile.update.bio", "news.new"),
    *("profile.update.handle", "mute.mute", "mute.unmute", "block.block", "block.unblock"),
]


def shape(required: tuple[str, ...] = (), **properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(required), "closed": True}


CREATE = shape(
    card_uri={"type": "string"},
    community_id=ID,
    direct_message_deep_link={"type": "string"},
    edit_options=shape(("previous_post_id",), previous_post_id=ID),
    for_super_followers_only={"type": "boolean"},
    geo=shape(("place_id",), place_id={"type": "string"}),
    made_with_ai={"type": "boolean"},
    media=shape(
        ("media_ids",),
        description={"type": "string"},
        embeddable={"type": "boolean"},
        media_ids={"type": "array", "items": ID, "min": 1, "max": 4},
        preview_media_id=ID,
        tagged_user_ids={"type": "array", "items": ID, "max": 10},
        title={"type": "string"},
    ),
    nullcast={"type": "boolean"},
    paid_partnership={"type": "boolean"},
    poll=shape(
        ("options", "duration_minutes"),
        duration_minutes={"type": "integer", "min": 5, "max": 10080},
        options={"type": "array", "min": 2, "max": 4, "items": {"type": "string", "min": 1, "max": 25}},
        reply_settings=REPLY_SETTINGS,
    ),
    quote_tweet_id=ID,
    reply=shape(
        ("in_reply_to_tweet_id",),
        auto_populate_reply_metadata={"type": "boolean"},
        exclude_reply_user_ids={"type": "array", "items": {"type": "string"}},
        in_reply_to_tweet_id=ID,
    ),
    reply_settings=REPLY_SETTINGS,
    share_with_followers={"type": "boolean"},
    text={"type": "string"},
)
UPLOAD = shape(
    ("media", "media_category"),
    additional_owners={"type": "string"},
    media={"type": "string"},
    media_category={"type": "string", "enum": CATEGORIES},
)
INITIALIZE = shape(
    additional_owners={"type": "array", "items": ID},
    media_category={"type": "string", "enum": [*CATEGORIES, "amplify_video"]},
    media_type={"type": "string", "enum": TYPES},
    shared={"type": "boolean"},
    total_bytes={"type": "integer", "min": 0, "max": 17179869184},
)
APPEND = shape(
    ("media", "segment_index"),
    media={"type": "string"},
    segment_index={"type": "integer", "min": 0, "max": 999},
)
ALT = {"type": "object", "properties": {"text": {"type": "string", "max": 1000}}, "required": ["text"]}
METADATA = {
    "type": "object",
    "properties": {"id": ID, "metadata": {"type": "object", "properties": {"alt_text": ALT}}},
    "required": ["id"],
}
HIDE = shape(("hidden",), hidden={"type": "boolean"})
MESSAGE = shape(
    attachments={"type": "array", "items": shape(("media_id",), media_id=ID)},
    text={"type": "string", "min": 1},
)
WEBHOOK = {
    "type": "object",
    "properties": {"url": {"type": "string", "min": 1, "max": 200}},
    "required": ["url"],
}
SUBSCRIPTION = shape(
    ("event_type", "filter"),
    event_type={"type": "string", "enum": EVENTS},
    filter=shape(
        direction={"type": "string", "enum": ["inbound", "outbound"]},
        keyword={"type": "string"},
        user_id={"type": "string"},
    ),
    tag={"type": "string", "min": 1, "max": 200},
    webhook_id=ID,
)
KINDS: dict[str, type] = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict}


def body(call: Call, schema: Json) -> Json:
    """The JSON body once it keeps to the schema; raises X's 400 otherwise."""
    if "json" not in call.headers.get("Content-Type", ""):
        raise invalid("The request body must be application/json.")
    try:
        sent = call.json()
    except Malformed as error:
        raise invalid("Requests with a body must be valid JSON.") from error
    return keeps(sent, schema)


def keeps(sent: Json, schema: Json) -> Json:
    errors: list[Json] = []
    _check(sent, schema, "$", errors)
    if errors:
        raise invalid_all(errors)
    return sent


# Any: a value out of somebody's JSON.
def _check(value: Any, schema: Json, path: str, errors: list[Json]) -> None:
    def wrong(says: str) -> None:
        name = path.removeprefix("$.")
        errors.append({"message": f"{path}: {says}", "parameters": {name: [str(value)[:200]]}})

    kind = schema["type"]
    if not _is(value, kind):
        wrong(f"{type(value).__name__} found, {kind} expected")
        return
    if "enum" in schema and value not in schema["enum"]:
        wrong(f"does not have a value in the enumeration [{', '.join(schema['enum'])}]")
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        wrong(f"does not match the regex pattern ^{schema['pattern']}$")
    size = value if kind == "integer" else len(value) if kind in ("string", "array") else None
    if size is not None and not schema.get("min", size) <= size <= schema.get("max", size):
        wrong(f"must be between {schema.get('min', 0)} and {schema.get('max', 'any')}")
    if kind == "array":
        for place, each in enumerate(value):
            _check(each, schema["items"], f"{path}[{place}]", errors)
    if kind == "object":
        _check_object(value, schema, path, errors)


def _is(value: object, kind: str) -> bool:
    return isinstance(value, KINDS[kind]) and not (kind == "integer" and isinstance(value, bool))


def _check_object(value: Json, schema: Json, path: str, errors: list[Json]) -> None:
    known = schema["properties"]
    for name in schema.get("required", ()):
        if name not in value:
            errors.append({"message": f"{path}.{name}: is missing but it is required", "parameters": {}})
    for name, each in value.items():
        if name in known:
            _check(each, known[name], f"{path}.{name}", errors)
        elif schema.get("closed"):
            errors.append(
                {
                    "message": f"{path}.{name}: is not defined in the schema and the schema does not allow "
                    "additional properties",
                    "parameters": {},
                }
            )


def query(call: Call, *allowed: str) -> None:
    """Refuses query parameters the call does not know."""
    for name, value in call.query.items():
        if name not in allowed:
            raise invalid(f"The query parameter [{name}] is not one of [{','.join(sorted(allowed))}]", **{name: value})


def number(call: Call, name: str, default: int, low: int, high: int) -> int:
    given = call.query.get(name)
    if given is None:
        return default
    if not str(given).isdigit() or not low <= int(given) <= high:
        raise invalid(f"The `{name}` query parameter value [{given}] is not between {low} and {high}", **{name: given})
    return int(given)
