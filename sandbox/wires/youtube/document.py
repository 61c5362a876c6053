"""YouTube's own discovery document, and the check of what arrives against it."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from sandbox.nouns import Json
from sandbox.wire import Call, Malformed
from sandbox.wires.youtube.problems import invalid

PLACE = "discovery_cache/documents/youtube.v3.json"
STANDARD = frozenset({"$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint"})
UPLOAD = frozenset({"quotaUser", "uploadType", "upload_protocol", "upload_id"})
KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


@cache
def document() -> Json:
    """The document as Google's own package carries it."""
    found: Json = json.loads((importlib.resources.files("googleapiclient") / PLACE).read_text())
    return found


def parts(call: Call, resource: str, method: str) -> list[str]:
    """The parts asked for, once the query keeps to the document; raises Google's 400 otherwise."""
    known: Json = document()["resources"][resource]["methods"][method]["parameters"]
    for name, value in call.query.items():
        if name in known:
            _check_parameter(name, value, known[name])
        elif name not in STANDARD | UPLOAD:
            raise invalid(
                "badRequest",
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message.",
            )
    for name, about in known.items():
        if about.get("required") and not call.query.get(name):
            raise invalid("missingRequiredParameter", f"Required parameter: {name}", location=name)
    return [part for part in call.query.get("part", "").split(",") if part]


def _check_parameter(name: str, value: str, about: Json) -> None:
    if not _is_parameter(value, about):
        raise invalid("invalidParameter", f"Invalid value '{value}' for {name}.", location=name)


def _is_parameter(value: str, about: Json) -> bool:
    if about["type"] == "integer":
        return value.isdigit() and int(about.get("minimum", 0)) <= int(value) <= int(about.get("maximum", 1 << 31))
    if about["type"] == "boolean":
        return value in ("true", "false")
    return "enum" not in about or set(value.split(",")) <= set(about["enum"])


def body(call: Call, schema: str, asked: list[str]) -> Json:
    """The JSON body once it keeps to the schema and holds only the parts asked for."""
    if "json" not in call.headers.get("Content-Type", ""):
        raise invalid("parseError", "This API does not support parsing form-encoded input.")
    try:
        sent = call.json()
    except Malformed as error:
        raise invalid("parseError", "Parse Error") from error
    wrong = list(_wrongs(sent, {"$ref": schema}, ""))
    if wrong:
        raise invalid("badRequest", "Invalid JSON payload received. " + "\n".join(wrong))
    known = document()["schemas"][schema]["properties"]
    for part in asked:
        if part not in known:
            raise invalid("unknownPart", f"'{part}'", location="part")
    for name in sent:
        if name not in asked and name not in ("id", "kind", "etag"):
            raise invalid("unexpectedPart", f"'{name}'", location="part")
    return sent


# Any: a value out of somebody's JSON.
def _wrongs(value: Any, about: Json, path: str) -> Iterator[str]:
    if "$ref" in about:
        properties: Json = document()["schemas"][about["$ref"]].get("properties", {})
        if not isinstance(value, dict):
            yield f"Invalid value at '{path or 'body'}' ({about['$ref']}), {value!r}"
            return
        for name, each in value.items():
            where = f"{path}.{name}" if path else name
            if name not in properties:
                yield f'Unknown name "{name}"{f" at {path!r}" if path else ""}: Cannot find field.'
            else:
                yield from _wrongs(each, properties[name], where)
        return
    if not _fits(value, about):
        yield f"Invalid value at '{path}' (TYPE_{about['type'].upper()}), {json.dumps(value)[:100]}"
        return
    if "enum" in about and value not in about["enum"]:
        yield f"Invalid value at '{path}' (type.googleapis.com/youtube), \"{value}\""
    if about["type"] == "array":
        for place, each in enumerate(value):
            yield from _wrongs(each, about["items"], f"{path}[{place}]")


def _fits(value: object, about: Json) -> bool:
    return isinstance(value, KINDS[about["type"]]) and not (isinstance(value, bool) and about["type"] != "boolean")
