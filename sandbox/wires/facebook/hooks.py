"""Facebook's webhooks: one address for the app, proved by a challenge; each Page says which changes it lets out."""

from __future__ import annotations

import hashlib
import hmac

from sandbox.nouns import Account, App, Json, Message, Post, Subscription
from sandbox.wire import Answer, Call, Event, Problem
from sandbox.wires.facebook import access, problems
from sandbox.wires.facebook.access import metered, versioned
from sandbox.wires.facebook.shapes import address
from sandbox.world import World

FIELDS = frozenset({"feed", "mention", "messages", "message_reads", "messaging_postbacks", "ratings"})


def proof(app: App, raw: bytes) -> str:
    return "sha256=" + hmac.new(app.secret.encode(), raw, hashlib.sha256).hexdigest()


def _app(call: Call) -> App:
    app = access.app_of(call, access.access(call))
    if app is None or call.args["id"] != app.id:
        raise problems.problem(400, 190, "Invalid OAuth access token signature.")
    given = access.access(call)
    right = hmac.new(app.secret.encode(), given.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(access.sent(call).get("appsecret_proof", "").encode(), right.encode()):
        raise problems.problem(400, 100, problems.BAD_PROOF, type="GraphMethodException")
    return app


def _fields(given: str) -> list[str]:
    names = [name for name in given.split(",") if name]
    unknown = set(names) - FIELDS
    if unknown or not names:
        raise problems.wrong(f"Param subscribed_fields must be one of {{{', '.join(sorted(FIELDS))}}}")
    return names


@versioned
async def subscribe_app(call: Call) -> Answer:
    """POST /{app}/subscriptions: Facebook calls the address before it believes it."""
    app = _app(call)
    given = access.knows(call, "object", "callback_url", "verify_token", "fields", "include_values")
    if given.get("object") != "page":
        raise problems.wrong("Param object must be page here")
    names, url = _fields(given.get("fields", "")), given.get("callback_url", "")
    challenge = str(call.world.number())
    asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": given.get("verify_token", "")}
    status, text = await call.house.courier.fetch(url, asked)
    if status != 200 or text.strip() != challenge:
        says = f"(#2200) Callback verification failed with the following errors: HTTP Status Code = {status}"
        raise problems.problem(400, 2200, says)
    app.extra = {**app.extra, "page": {"object": "page", "callback_url": url, "active": True, "fields": names}}
    call.world.put(app)
    return Answer(200, {"success": True})


@versioned
def subscriptions(call: Call) -> Answer:
    """GET /{app}/subscriptions."""
    found = _app(call).extra.get("page")
    drawn: Json = {"data": []}
    if found:
        drawn["data"] = [{**found, "fields": [{"name": name, "version": "v25.0"} for name in found["fields"]]}]
    return Answer(200, drawn)


@metered
def subscribe_page(call: Call) -> Answer:
    """POST /{page}/subscribed_apps: replaces the list of fields."""
    token = access.holder(call)
    brand = access.page(call, token)
    access.allows(token, "pages_manage_metadata")
    names = _fields(access.knows(call, "subscribed_fields").get("subscribed_fields", ""))
    call.world.put(Subscription("facebook", f"{token.app}:{brand.id}", token.app, brand.id, names))
    return Answer(200, {"success": True})


@metered
def subscribed(call: Call) -> Answer:
    """GET /{page}/subscribed_apps."""
    token = access.holder(call)
    brand = access.page(call, token)
    found = [sub for sub in call.world.all(Subscription, "facebook") if sub.account == brand.id]
    return Answer(200, {"data": [{"id": sub.app, "name": "Gardu", "subscribed_fields": sub.fields} for sub in found]})


@metered
def unsubscribe(call: Call) -> Answer:
    token = access.holder(call)
    sub = call.world.get(Subscription, "facebook", f"{token.app}:{token.account}")
    if sub is None:
        raise Problem(problems.answer(400, 100, "(#100) The app is not subscribed."))
    call.world.drop(sub)
    return Answer(200, {"success": True})


# -- what is sent ------------------------------------------------------------------------


def _event(world: World, page: str, field: str, entry: Json) -> Event:
    app = world.get(App, "facebook", "sandbox-facebook-client")
    url = app.extra.get("page", {}).get("callback_url", "") if app else ""
    body: Json = {"object": "page", "entry": [{"id": page, "time": int(world.now()), **entry}]}
    return Event("facebook", page, body, url, field)


def for_post(world: World, post: Post, verb: str) -> list[Event]:
    """A change of a Page's feed, or a mention elsewhere."""
    page = post.wall or (post.root or post.id).partition("_")[0]
    author = world.get(Account, "facebook", post.account)
    says = {"create": "add", "edit": "edited", "delete": "remove"}[verb]
    value: Json = {
        "from": {"id": post.account, "name": author.name if author else ""},
        "item": post.kind if post.kind == "comment" else "status",
        "verb": says,
        "post_id": post.root or post.id,
        "created_time": int(post.edited if verb == "edit" else post.deleted if verb == "delete" else post.created),
        "permalink_url": address(world, post),
    }
    if verb != "delete":
        value["message"] = post.visible
    if post.kind == "comment":
        value |= {"comment_id": post.id, "parent_id": post.parent}
    field = "mention" if post.kind == "post" and post.wall else "feed"
    return [_event(world, page, field, {"changes": [{"field": field, "value": value}]})]


def for_message(world: World, message: Message) -> list[Event]:
    sender = world.get(Account, "facebook", message.sender)
    is_page = sender is not None and sender.kind == "brand"
    page = message.sender if is_page else message.recipient
    said: Json = {"mid": message.id, "text": message.text}
    if is_page:
        said |= {"is_echo": True, "app_id": "sandbox-facebook-client"}
    item: Json = {
        "sender": {"id": message.sender},
        "recipient": {"id": message.recipient},
        "timestamp": int(message.created * 1000),
        "message": said,
    }
    return [_event(world, page, "messages", {"messaging": [item]})]
