"""Comments below a Page's posts, and messages between a Page and its customers."""

from __future__ import annotations

import json

from sandbox.nouns import Account, Json, Media, Message, Post
from sandbox.wire import Answer, Call
from sandbox.wires.facebook import access, posts, problems, shapes
from sandbox.wires.facebook.access import metered

LONGEST_COMMENT = 8_000
LONGEST_MESSAGE = 2_000
WINDOW = 24 * 3600.0
HUMAN_WINDOW = 7 * 24 * 3600.0
OUTSIDE = "(#10) This message is sent outside of allowed window."


@metered
def comment(call: Call) -> Answer:
    """POST /{id}/comments: below a post, or in answer to a comment."""
    token = access.holder(call)
    brand = access.page(call, token)
    access.allows(token, "pages_manage_engagement")
    above = posts.node(call, call.args["id"])
    given = access.knows(call, "message", "attachment_id")
    text, photo = given.get("message", ""), given.get("attachment_id", "")
    if not (text.strip() or photo):
        raise problems.wrong("One of message or attachment_id must be given.")
    if posts.units(text) > LONGEST_COMMENT:
        raise problems.wrong(f"Param message must be at most {LONGEST_COMMENT} characters long.")
    if photo:
        media = call.world.get(Media, "facebook", photo)
        if media is None or media.account != brand.id:
            raise problems.wrong("Invalid parameter: attachment_id")
    made = said(call, brand.id, text, above, media=[photo] if photo else [])
    call.keep(made)
    call.tell(call.house.wires["facebook"].events(call.world, made, "create"))
    return Answer(200, {"id": made.id})


def said(call: Call, author: str, text: str, above: Post, media: list[str] | None = None) -> Post:
    """A comment by anybody."""
    wire = call.house.wires["facebook"]
    return call.world.put(make_comment(wire.new_id(call.world, "comment"), author, text, above, media or []))


def make_comment(number: str, author: str, text: str, above: Post, media: list[str]) -> Post:
    """Facebook knows two levels: an answer to an answer hangs on the same comment."""
    root = above.root or above.id
    parent = above.parent if above.kind == "comment" and above.parent != above.root else above.id
    page = above.wall or root.partition("_")[0]
    return Post(
        network="facebook",
        id=f"{root.partition('_')[2] or root}_{number}",
        account=author,
        text=text,
        visible=text,
        kind="comment",
        parent=parent,
        root=root,
        wall="" if author == page else page,
        media=media,
    )


@metered
def comments(call: Call) -> Answer:
    """GET /{id}/comments: filter toplevel or stream, in either order."""
    token = access.holder(call)
    access.page(call, token)
    access.allows(token, "pages_read_engagement", "pages_read_user_content")
    above = posts.node(call, call.args["id"])
    given = access.knows(call, *posts.LISTING, "filter", "order")
    if given.get("filter", "toplevel") not in ("toplevel", "stream"):
        raise problems.wrong("Param filter must be one of {toplevel, stream}")
    if given.get("order", "chronological") not in ("chronological", "reverse_chronological"):
        raise problems.wrong("Param order must be one of {chronological, reverse_chronological}")
    if given.get("filter") == "stream" and above.kind == "post":
        found = call.world.in_conversation("facebook", above.id)
    else:
        found = call.world.replies_to("facebook", above.id)
    return posts.listed(call, found, given, newest_first=given.get("order") == "reverse_chronological")


def between(brand: str, person: str) -> str:
    return f"t_{brand}{person}"


@metered
def send(call: Call) -> Answer:
    """POST /{page}/messages, inside the window the customer's last message opened."""
    token = access.holder(call)
    brand = access.page(call, token)
    access.allows(token, "pages_messaging")
    given = access.knows(call, "recipient", "message", "messaging_type", "tag")
    person = _nested(given, "recipient").get("id", "")
    text = str(_nested(given, "message").get("text", ""))
    kind, tag = given.get("messaging_type", ""), given.get("tag", "")
    if kind not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
        raise problems.wrong("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}")
    if (kind == "MESSAGE_TAG") != (tag == "HUMAN_AGENT"):
        raise problems.wrong("(#100) Tag must be HUMAN_AGENT with messaging_type MESSAGE_TAG", 2018199)
    if call.world.get(Account, "facebook", str(person)) is None:
        raise problems.wrong("No matching user found", 2018001)
    if not text.strip() or posts.units(text) > LONGEST_MESSAGE:
        raise problems.wrong(f"Length of param message[text] must be between 1 and {LONGEST_MESSAGE}")
    _in_time(call, brand.id, str(person), HUMAN_WINDOW if tag else WINDOW)
    made = write(call, brand.id, str(person), text)
    call.keep(made)
    call.tell(call.house.wires["facebook"].events(call.world, made, "create"))
    return Answer(200, {"recipient_id": person, "message_id": made.id})


def _nested(given: dict[str, str], name: str) -> Json:
    try:
        found = json.loads(given.get(name, ""))
    except ValueError as error:
        raise problems.wrong(f"Param {name} must be a JSON object") from error
    if not isinstance(found, dict):
        raise problems.wrong(f"Param {name} must be a JSON object")
    return found


def _in_time(call: Call, brand: str, person: str, window: float) -> None:
    talk = call.world.talk("facebook", between(brand, person))
    last = max((message.created for message in talk if message.sender == person), default=0.0)
    if last < call.world.now() - window:
        raise problems.problem(400, 10, OUTSIDE, subcode=2018278)


def write(call: Call, brand: str, person: str, text: str) -> Message:
    id = call.house.wires["facebook"].new_id(call.world, "message")
    return call.world.put(Message("facebook", id, between(brand, person), brand, person, text))


@metered
def conversations(call: Call) -> Answer:
    """GET /{page}/conversations, newest first; user_id narrows it to one person."""
    token = access.holder(call)
    brand = access.page(call, token)
    access.allows(token, "pages_messaging")
    given = access.knows(call, *posts.LISTING, "platform", "user_id")
    if given.get("platform", "messenger") not in ("messenger", "instagram"):
        raise problems.wrong("Param platform must be one of {MESSENGER, INSTAGRAM}")
    names = call.world.talks_with("facebook", brand.id)
    talks = [call.world.talk("facebook", name) for name in names]
    if call.strikes("listing_empty"):
        talks = []
    if "user_id" in given:
        talks = [talk for talk in talks if given["user_id"] in (talk[0].sender, talk[0].recipient)]
    talks.sort(key=lambda talk: talk[-1].created, reverse=True)
    asked = given.get("fields", "")
    entries = [(talk[0].conversation, shapes.draw_talk(call, brand, talk, asked)) for talk in talks]
    return Answer(200, shapes.paged(call, entries, access.number(given, "limit", 25, 100)))
