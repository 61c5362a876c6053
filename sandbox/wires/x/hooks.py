"""X's webhooks: registered by the app, proved by a challenge, fed by activity subscriptions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from urllib.parse import urlsplit

from sandbox.nouns import Account, App, Json, Message, Post, Subscription
from sandbox.oauth import live
from sandbox.wire import Answer, Call, Event
from sandbox.wires.x import checks, words
from sandbox.wires.x.access import app_only, holder
from sandbox.wires.x.problems import forbidden, invalid, missing
from sandbox.wires.x.shapes import entities, stamp
from sandbox.wires.x.talks import drawn as message_drawn
from sandbox.world import World

MOST = 5


def proof(app: App, data: bytes) -> str:
    digest = hmac.new(app.secret.encode(), data, hashlib.sha256).digest()
    return "sha256=" + base64.b64encode(digest).decode()


def _app(call: Call) -> App:
    app = call.world.get(App, "x", holder(call).app)
    if app is None:
        raise forbidden()
    return app


def _hooks(app: App) -> list[Json]:
    found: list[Json] = app.extra.setdefault("webhooks", [])
    return found


async def _proved(call: Call, app: App, url: str) -> bool:
    """The challenge: the app must sign our token with its consumer secret."""
    token = call.world.secret()
    status, text = await call.house.courier.fetch(url, {"crc_token": token})
    try:
        answered = json.loads(text).get("response_token", "") if status == 200 else ""
    except (ValueError, AttributeError):
        return False
    return hmac.compare_digest(str(answered).encode(), proof(app, token.encode()).encode())


@app_only
async def register(call: Call) -> Answer:
    """POST /2/webhooks: https and no port, as X asks; on this machine http and a port will do."""
    sent = checks.body(call, checks.WEBHOOK)
    app, url = _app(call), sent["url"]
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not local and (parts.scheme != "https" or parts.port):
        raise invalid("Url must be https and may not have a port.", url=url)
    hooks = _hooks(app)
    if any(hook["url"] == url for hook in hooks):
        raise invalid("DuplicateUrlFailed: Webhook URL already exists.", url=url)
    if len(hooks) >= MOST:
        raise invalid("WebhookLimitExceeded: Too many webhooks.", url=url)
    if not await _proved(call, app, url):
        raise invalid("CrcValidationFailed: Webhook URL does not meet the requirements.", url=url)
    hook = {"id": str(call.world.number()), "url": url, "valid": True, "created_at": stamp(call.world.now())}
    hooks.append(hook)
    call.world.put(app)
    return Answer(200, {"data": hook})


@app_only
def registered(call: Call) -> Answer:
    hooks = _hooks(_app(call))
    body: Json = {"data": hooks, "meta": {"result_count": len(hooks)}}
    return Answer(200, body)


def _hook(call: Call, app: App) -> Json:
    for hook in _hooks(app):
        if hook["id"] == call.args["webhook_id"]:
            return hook
    raise missing("webhook", call.args["webhook_id"], "webhook_id")


@app_only
async def validate(call: Call) -> Answer:
    app = _app(call)
    hook = _hook(call, app)
    hook["valid"] = await _proved(call, app, hook["url"])
    call.world.put(app)
    return Answer(200, {"data": {"valid": hook["valid"]}})


@app_only
def unregister(call: Call) -> Answer:
    app = _app(call)
    hook = _hook(call, app)
    _hooks(app).remove(hook)
    call.world.put(app)
    for sub in call.world.all(Subscription, "x"):
        if sub.extra.get("webhook_id") == hook["id"]:
            call.world.drop(sub)
    return Answer(200, {"data": {"deleted": True}})


def _sub_drawn(sub: Subscription) -> Json:
    return {
        "subscription_id": sub.id,
        "event_type": sub.fields[0],
        "filter": {"user_id": sub.account},
        "tag": sub.extra.get("tag", ""),
        "webhook_id": sub.extra.get("webhook_id", ""),
        "created_at": stamp(sub.created),
        "updated_at": stamp(sub.created),
    }


def subscribe(call: Call) -> Answer:
    """POST /2/activity/subscriptions: with the app's token, or with the token of the account itself."""
    token = holder(call)
    sent = checks.body(call, checks.SUBSCRIPTION)
    app = _app(call)
    account = str(sent["filter"].get("user_id", ""))
    kind = sent["event_type"]
    if call.world.get(Account, "x", account) is None:
        raise missing("user", account, "filter.user_id")
    if token.kind != "app" and token.account != account:
        raise forbidden()
    if kind.startswith("dm.") and not _allowed(call, app, account, "dm.read"):
        raise forbidden("The user has not authorized this app for private events.")
    hooks = {hook["id"]: hook for hook in _hooks(app)}
    hook = hooks.get(sent.get("webhook_id", ""))
    if hook is None:
        raise missing("webhook", str(sent.get("webhook_id", "")), "webhook_id")
    for old in call.world.all(Subscription, "x"):
        if (old.account, old.fields, old.extra.get("webhook_id")) == (account, [kind], hook["id"]):
            raise invalid("DuplicateSubscriptionFailed: Subscription already exists.", event_type=kind)
    sub = call.world.put(
        Subscription(
            "x",
            str(call.world.number()),
            app.id,
            account,
            [kind],
            hook["url"],
            extra={"tag": sent.get("tag", ""), "webhook_id": hook["id"]},
        )
    )
    return Answer(200, {"data": {"subscription": _sub_drawn(sub)}, "meta": {"total_subscriptions": 1}})


def _allowed(call: Call, app: App, account: str, scope: str) -> bool:
    given = (token for token in call.world.tokens_of("x", account) if token.app == app.id)
    return any(scope in token.scopes and live(call.world, "x", token.id) for token in given)


def subscriptions(call: Call) -> Answer:
    app = _app(call)
    mine = [sub for sub in call.world.all(Subscription, "x") if sub.app == app.id]
    return Answer(200, {"data": [_sub_drawn(sub) for sub in mine], "meta": {"total_subscriptions": len(mine)}})


@app_only
def unsubscribe(call: Call) -> Answer:
    sub = call.world.get(Subscription, "x", call.args["subscription_id"])
    if sub is None:
        raise missing("subscription", call.args["subscription_id"], "subscription_id")
    call.world.drop(sub)
    return Answer(200, {"data": {"deleted": True}})


# -- what is sent ------------------------------------------------------------------------


def post_drawn(world: World, post: Post) -> Json:
    """A post in a payload, in the dialect of the published samples."""
    wrapped = words.wrap(post.text, post.id, len(post.media))
    made: Json = {
        "id": post.id,
        "text": wrapped.text,
        "author_id": post.account,
        "conversation_id": post.root or post.id,
        "created_at": stamp(post.created),
        "edit_history_tweet_ids": [post.id],
        "entities": entities(world, post, wrapped),
    }
    if post.parent:
        made["referenced_tweets"] = [{"type": "replied_to", "id": post.parent}]
        parent = world.get(Post, "x", post.parent)
        if parent:
            made["in_reply_to_user_id"] = parent.account
    return made


def _person(world: World, id: str) -> Json:
    account = world.get(Account, "x", id)
    return {"id": id, "name": account.name, "username": account.handle} if account else {"id": id}


def _envelope(world: World, account: str, kind: str, about: str, payload: Json, who: list[str]) -> list[Event]:
    """One event for every webhook that asked for this kind of this account."""
    made: list[Event] = []
    for sub in world.all(Subscription, "x"):
        if sub.account == account and sub.fields == [kind]:
            data: Json = {
                "event_uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{account}/{about}")),
                "filter": {"user_id": account},
                "event_type": kind,
                "tag": sub.extra.get("tag", ""),
                "payload": payload,
                "includes": {"users": [_person(world, id) for id in dict.fromkeys(who)]},
            }
            made.append(Event("x", account, {"data": data}, sub.url, kind))
    return made


def for_post(world: World, post: Post, verb: str) -> list[Event]:
    if verb == "delete":
        body = {"id": post.id, "author_id": post.account}
        accounts = dict.fromkeys([post.account, *filter(None, [post.wall])])
        return [
            event
            for account in accounts
            for event in _envelope(world, account, "post.delete", f"{post.id}/gone", body, [post.account])
        ]
    if verb == "edit":
        return []  # X tells nobody
    payload = post_drawn(world, post)
    events = _envelope(world, post.account, "post.create", post.id, payload, [post.account])
    parent = world.get(Post, "x", post.parent) if post.parent else None
    if parent and parent.account != post.account:
        events += _envelope(world, parent.account, "post.reply.create", post.id, payload, [post.account])
    for account in post.extra.get("mentions", []):
        if account != post.account and (parent is None or account != parent.account):
            events += _envelope(world, account, "post.mention.create", post.id, payload, [post.account])
    return events


def for_message(world: World, message: Message) -> list[Event]:
    payload = message_drawn(message)
    who = [message.sender, message.recipient]
    return [
        *_envelope(world, message.recipient, "dm.received", message.id, payload, who),
        *_envelope(world, message.sender, "dm.sent", message.id, payload, who),
    ]
