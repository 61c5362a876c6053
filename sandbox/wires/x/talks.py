"""X's direct messages: one to one, text or one media, oldest kept 30 days."""

from __future__ import annotations

from sandbox.nouns import Account, Json, Media, Message
from sandbox.wire import Answer, Call
from sandbox.wires.x import checks
from sandbox.wires.x.access import me, user
from sandbox.wires.x.problems import forbidden, invalid, missing
from sandbox.wires.x.shapes import Drawing, asked, page_start, page_token, stamp

FIELDS = {
    *("attachments", "created_at", "dm_conversation_id", "entities", "event_type", "id", "text"),
    *("sender_id", "participant_ids", "referenced_tweets"),
}
EXPANSIONS = {"attachments.media_keys", "participant_ids", "referenced_posts", "referenced_tweets.id", "sender_id"}
LONGEST = 10_000
KEPT = 30 * 24 * 3600.0
PARAMETERS = (
    *("max_results", "pagination_token", "event_types", "dm_event.fields", "expansions"),
    *("user.fields", "tweet.fields", "post.fields", "media.fields"),
)


def between(one: str, other: str) -> str:
    """The conversation id of two people: the smaller id first."""
    return "-".join(sorted((one, other), key=int))


@user("dm.write", "tweet.read", "users.read", bucket="dm_send", limit=15)
def send_to(call: Call) -> Answer:
    """POST /2/dm_conversations/with/{participant_id}/messages."""
    other = call.world.get(Account, "x", call.args["participant_id"])
    if other is None:
        raise missing("user", call.args["participant_id"], "participant_id")
    return _send(call, other)


@user("dm.write", "tweet.read", "users.read", bucket="dm_send", limit=15)
def send_in(call: Call) -> Answer:
    """POST /2/dm_conversations/{dm_conversation_id}/messages."""
    named = call.args["dm_conversation_id"]
    ids = named.split("-")
    other = next((id for id in ids if id != call.account), "")
    account = call.world.get(Account, "x", other)
    if call.account not in ids or account is None:
        raise missing("dm_conversation", named, "dm_conversation_id")
    return _send(call, account)


def _send(call: Call, other: Account) -> Answer:
    author = me(call)
    sent = checks.body(call, checks.MESSAGE)
    ids = [one["media_id"] for one in sent.get("attachments", [])]
    if not sent.get("text") and not ids:
        raise invalid("$: text or attachments must be given")
    if len(sent.get("text", "")) > LONGEST:
        raise invalid("$.text: is longer than 10000 characters")
    media = [call.world.get(Media, "x", id) for id in ids]
    mine = [one for one in media if one and one.account == author.id and one.blob]
    if len(ids) > 1 or not all(one.extra["category"].startswith("dm_") for one in mine) or len(mine) < len(ids):
        raise invalid("Your media IDs are invalid.", attachments=ids)
    talk = between(author.id, other.id)
    if not any(message.sender == other.id for message in call.world.talk("x", talk)):
        # A stranger who never wrote may have closed messages; here everybody has.
        raise forbidden("You cannot send messages to this user.")
    message = call.world.put(
        Message(
            "x",
            call.house.wires["x"].new_id(call.world, "message"),
            talk,
            author.id,
            other.id,
            sent.get("text", ""),
            ids,
        )
    )
    call.keep(message)
    call.tell(call.house.wires["x"].events(call.world, message, "create"))
    return Answer(201, {"data": {"dm_conversation_id": talk, "dm_event_id": message.id}})


def drawn(message: Message) -> Json:
    full: Json = {
        "id": message.id,
        "event_type": "MessageCreate",
        "text": message.text,
        "created_at": stamp(message.created),
        "dm_conversation_id": message.conversation,
        "sender_id": message.sender,
        "participant_ids": sorted((message.sender, message.recipient), key=int),
    }
    if message.media:
        full["attachments"] = {"media_keys": [f"3_{id}" for id in message.media]}
    return full


def _listing(call: Call, messages: list[Message]) -> Answer:
    checks.query(call, *PARAMETERS)
    heads = {name.split(".")[0] for name in asked(call, "expansions", EXPANSIONS)}
    fields = asked(call, "dm_event.fields", FIELDS) | heads | {"id", "text", "event_type"}
    size = checks.number(call, "max_results", 100, 1, 100)
    since = call.world.now() - KEPT
    newest = sorted((one for one in messages if one.created >= since), key=lambda one: int(one.id), reverse=True)
    after = page_start(call, "pagination_token")
    if after:
        newest = [one for one in newest if int(one.id) < int(after)]
    page = newest[:size]
    meta: Json = {"result_count": len(page)}
    if len(newest) > size:
        meta["next_token"] = page_token(page[-1].id)
    body: Json = {"meta": meta}
    if page:
        body["data"] = [{k: v for k, v in drawn(one).items() if k in fields} for one in page]
    if page and heads & {"sender_id", "participant_ids"}:
        ids = {id for one in page for id in (one.sender, one.recipient)}
        users = [call.world.get(Account, "x", id) for id in sorted(ids)]
        plain = Call(
            **{name: getattr(call, name) for name in ("house", "network", "method", "host", "path", "base")},
            query={"user.fields": call.query.get("user.fields", "")},
            headers=call.headers,
            body=b"",
        )
        body["includes"] = {"users": [Drawing(plain).user(one) for one in users if one]}
    return Answer(200, body)


@user("dm.read", "tweet.read", "users.read", bucket="dm_read", limit=15)
def every(call: Call) -> Answer:
    """GET /2/dm_events."""
    talks = call.world.talks_with("x", call.account)
    return _listing(call, [message for talk in talks for message in call.world.talk("x", talk)])


@user("dm.read", "tweet.read", "users.read", bucket="dm_read", limit=15)
def with_one(call: Call) -> Answer:
    """GET /2/dm_conversations/with/{participant_id}/dm_events."""
    return _listing(call, call.world.talk("x", between(call.account, call.args["participant_id"])))


@user("dm.read", "tweet.read", "users.read", bucket="dm_read", limit=15)
def of_talk(call: Call) -> Answer:
    """GET /2/dm_conversations/{id}/dm_events."""
    talk = call.args["id"]
    return _listing(call, call.world.talk("x", talk) if call.account in talk.split("-") else [])
