"""Comments below LinkedIn posts, and the notifications a page gets of them: listed here, pushed by webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from urllib.parse import unquote

from sandbox.nouns import Account, App, Json, Post, Subscription
from sandbox.wire import Answer, Call, Event
from sandbox.wires.linkedin import access, posts, problems
from sandbox.wires.linkedin.access import rest
from sandbox.world import World

LONGEST = 1_250
KIND = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
PREFIX = "hmacsha256="
FIELDS = {"actor", "object", "message", "parentComment"}
SUBSCRIPTION = re.compile(r"\((.+)\)")
RANGE = re.compile(r"\(start:(\d+),end:(\d+)\)")


def commented(world: World, author: str, text: str, above: Post) -> Post:
    """A comment by anybody: LinkedIn knows two levels, and names both by the activity."""
    root = above.root or above.id
    share = world.get(Post, "linkedin", root)
    assert share is not None
    number = f"7{world.number():018d}"
    page = share.wall or share.account
    return world.put(
        Post(
            network="linkedin",
            id=f"urn:li:comment:({share.extra['activity']},{number})",
            account=author,
            text=text,
            visible=text,
            kind="comment",
            parent=above.parent if above.kind == "comment" and above.parent != root else above.id,
            root=root,
            wall="" if author == page else page,
        )
    )


def drawn(world: World, comment: Post) -> Json:
    above = world.get(Post, "linkedin", comment.parent)
    answers = [one for one in world.replies_to("linkedin", comment.id) if not one.deleted]
    made: Json = {
        "actor": comment.account,
        "commentUrn": comment.id,
        "$URN": comment.id,
        "id": comment.id.rstrip(")").rpartition(",")[2],
        "object": comment.id.removeprefix("urn:li:comment:(").partition(",")[0],
        "message": {"attributes": [], "text": comment.visible},
        "created": {"actor": comment.account, "time": int(comment.created * 1000)},
        "lastModified": {"actor": comment.account, "time": int((comment.edited or comment.created) * 1000)},
        "commentsSummary": {"totalFirstLevelComments": len(answers), "aggregatedTotalComments": len(answers)},
    }
    if above is not None and above.kind == "comment":
        made["parentComment"] = above.id
    return made


@rest("w_organization_social")
def create(call: Call) -> Answer:
    """POST /rest/socialActions/{urn}/comments."""
    above = posts.existing(call, call.args["urn"])
    sent = access.body(call, FIELDS, {"actor", "object", "message"})
    actor = access.page(call, str(sent["actor"]))
    access.shaped(sent["message"], {"text", "attributes"}, {"text"}, "/message")
    if sent.get("parentComment", "") != (above.id if above.kind == "comment" else ""):
        raise problems.wrong("parentComment must be the comment that is answered", "/parentComment")
    if posts.existing(call, str(sent["object"])).id != (above.root or above.id):
        raise problems.wrong("object must be the post that is commented on", "/object")
    text = sent["message"]["text"]
    if not isinstance(text, str) or not text.strip() or posts.units(text) > LONGEST:
        raise problems.wrong(f"A comment has 1 to {LONGEST} characters", "/message/text", "FIELD_LENGTH_TOO_LONG", 422)
    made = commented(call.world, actor.id, text, above)
    call.keep(made)
    call.tell(call.house.wires["linkedin"].events(call.world, made, "create"))
    body = drawn(call.world, made)
    return Answer(201, body, {"x-restli-id": body["id"]})


@rest("r_organization_social")
def listed(call: Call) -> Answer:
    """GET /rest/socialActions/{urn}/comments: those right below, oldest first."""
    above = posts.existing(call, call.args["urn"])
    found = [one for one in call.world.replies_to("linkedin", above.id) if not one.deleted]
    seen, is_whole = call.visible(found)
    return posts.paged(call, [drawn(call.world, one) for one in seen], is_whole)


@rest("w_organization_social")
def delete(call: Call) -> Answer:
    """DELETE /rest/socialActions/{urn}/comments/{id}?actor=."""
    share = posts.existing(call, call.args["urn"])
    actor = access.page(call, str(call.query.get("actor", "")))
    urn = f"urn:li:comment:({share.extra['activity']},{call.args['id']})"
    comment = posts.existing(call, urn)
    if actor.id not in (comment.account, comment.wall):
        raise problems.forbidden("socialActions.DELETE")
    comment.deleted = call.world.now()
    call.world.put(comment)
    call.tell(call.house.wires["linkedin"].events(call.world, comment, "delete"))
    return Answer(204, b"")


# -- notifications -----------------------------------------------------------------------


def proof(app: App, raw: bytes) -> str:
    return hmac.new(app.secret.encode(), PREFIX.encode() + raw, hashlib.sha256).hexdigest()


def notification(world: World, page: str, thing: Post, verb: str) -> Json:
    """What a page hears of a comment or a mention; the same listed and pushed."""
    moment = thing.edited if verb == "edit" else thing.deleted if verb == "delete" else thing.created
    is_mention = thing.kind == "post"
    about: Json = {"entity": thing.id, "owner": thing.account}
    if verb != "delete":
        about["text"] = thing.visible
    above = world.get(Post, "linkedin", thing.parent) if thing.parent else None
    if above is not None and above.kind == "comment":
        about["parentComment"] = above.id
    action = "SHARE_MENTION" if is_mention else "ADMIN_COMMENT" if thing.account == page else "COMMENT"
    suffix = {"edit": "_EDIT", "delete": "_DELETE", "create": ""}[verb]
    digest = hashlib.sha256(f"{page}/{thing.id}/{verb}/{moment}".encode()).hexdigest()
    return {
        "notificationId": int(digest[:12], 16),
        "organizationalEntity": page,
        "action": "COMMENT" + suffix if suffix else action,
        "sourcePost": thing.root or thing.id,
        "generatedActivity": thing.id,
        "decoratedGeneratedActivity": {"share" if is_mention else "comment": about},
        "lastModifiedAt": int(moment * 1000),
    }


def events(world: World, thing: Post, verb: str) -> list[Event]:
    """Webhooks for the pages that a comment or a mention concerns."""
    if thing.kind == "comment":
        share = world.get(Post, "linkedin", thing.root)
        pages = [thing.wall or thing.account] if share else []
    else:
        pages = [page for page in thing.extra.get("mentions", []) if verb == "create" and page != thing.account]
    made: list[Event] = []
    for page in pages:
        body: Json = {"type": KIND, "notifications": [notification(world, page, thing, verb)]}
        made.append(Event("linkedin", page, body))
    return made


@rest("r_organization_social")
def notifications(call: Call) -> Answer:
    """GET /rest/organizationalEntityNotifications?q=criteria, newest first."""
    page = access.page(call, str(call.query.get("organizationalEntity", "")))
    actions = posts.LIST.fullmatch(str(call.query.get("actions", "List()")))
    between = RANGE.fullmatch(str(call.query.get("timeRange", "(start:0,end:9999999999999)")))
    if call.query.get("q") != "criteria" or actions is None or between is None:
        raise problems.wrong("q, actions and timeRange must be as documented", "q")
    if page_down := call.strikes("listing_empty"):
        return posts.paged(call, [], bool(page_down))
    wanted = set(filter(None, actions[1].split(",")))
    found = [one for one in _heard(call.world, page) if not wanted or one["action"] in wanted]
    start, end = int(between[1]), int(between[2])
    found = [one for one in found if start <= one["lastModifiedAt"] < end]
    found.sort(key=lambda one: int(one["lastModifiedAt"]), reverse=True)
    return posts.paged(call, found)


def _heard(world: World, page: Account) -> list[Json]:
    said = world.on_wall("linkedin", page.id)
    own = [one for one in world.posts_by("linkedin", page.id) if one.kind == "comment"]
    found: list[Json] = []
    for thing in (*said, *own):
        found.append(notification(world, page.id, thing, "create"))
        if thing.edited and thing.kind == "comment":
            found.append(notification(world, page.id, thing, "edit"))
        if thing.deleted and thing.kind == "comment":
            found.append(notification(world, page.id, thing, "delete"))
    return found


@rest("rw_organization_admin")
async def subscribe(call: Call) -> Answer:
    """PUT /rest/eventSubscriptions/{key}: the address has to answer a challenge first."""
    match = SUBSCRIPTION.fullmatch(call.args["key"])
    parts = dict(part.split(":", 1) for part in match[1].split(",")) if match else {}
    if set(parts) != {"developerApplication", "user", "entity", "eventType"} or unquote(parts["eventType"]) != KIND:
        raise problems.wrong("The key needs developerApplication, user, entity and eventType", "key")
    page = access.page(call, unquote(parts["entity"]))
    if unquote(parts["user"]) not in page.admins:
        raise problems.forbidden("eventSubscriptions.UPDATE")
    url = str(access.body(call, {"webhook"}, {"webhook"})["webhook"])
    app = call.house.app("linkedin")
    code = call.world.secret()
    status, text = await call.house.courier.fetch(url, {"challengeCode": code})
    try:
        answered = json.loads(text).get("challengeResponse", "") if status == 200 else ""
    except (ValueError, AttributeError):
        answered = ""
    right = hmac.new(app.secret.encode(), code.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(str(answered).encode(), right.encode()):
        raise problems.wrong("The webhook did not answer the challenge", "/webhook", "WEBHOOK_VALIDATION_FAILED")
    call.world.put(Subscription("linkedin", f"{app.id}:{page.id}", app.id, page.id, [], url))
    return Answer(204, b"")
