"""A page's posts on LinkedIn: write them with all their rules, read, edit, delete, list, count."""

from __future__ import annotations

import re

from sandbox.nouns import Account, Json, Media, Post
from sandbox.wire import Answer, Call, Problem
from sandbox.wires.linkedin import access, media, problems
from sandbox.wires.linkedin.access import rest
from sandbox.wires.linkedin.little import read
from sandbox.world import World

LONGEST = 3_000
ALT = 4_086
TITLE = 400
SAME_WITHIN = 24 * 3600.0
REQUIRED = {"author", "commentary", "visibility", "distribution", "lifecycleState"}
KNOWN = REQUIRED | {"content", "isReshareDisabledByAuthor", "reshareContext", "contentLandingPage"}
DISTRIBUTION = {"feedDistribution", "targetEntities", "thirdPartyDistributionChannels"}
ENUMS = {
    "visibility": {"PUBLIC", "CONNECTIONS", "LOGGED_IN"},
    "lifecycleState": {"PUBLISHED"},
}
LIST = re.compile(r"List\(([^()]*)\)")


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@rest("w_organization_social")
def create(call: Call) -> Answer:
    """POST /rest/posts: 201, the URN in a header, no body."""
    sent = access.body(call, KNOWN, REQUIRED)
    author = access.page(call, str(sent["author"]))
    access.shaped(sent["distribution"], DISTRIBUTION, {"feedDistribution"}, "/distribution")
    for name, values in ENUMS.items():
        if sent[name] not in values:
            raise problems.wrong(f"{name} must be one of {sorted(values)}", f"/{name}", status=422)
    text = sent["commentary"]
    if not isinstance(text, str) or units(text) > LONGEST:
        raise problems.wrong(f"commentary exceeds {LONGEST} characters", "/commentary", "FIELD_LENGTH_TOO_LONG", 422)
    found = content(call, author, sent.get("content", {}))
    if not text.strip() and not sent.get("content"):
        raise problems.wrong("A post needs commentary or content", "/commentary", "MISSING_FIELD", 422)
    source = str(sent.get("content", {}).get("article", {}).get("source", ""))
    _is_new(call.world, author, text, source, found)
    post = _kept(call, author, sent, source, found)
    return Answer(201, b"", {"x-restli-id": post.id})


def _kept(call: Call, author: Account, sent: Json, source: str, found: list[str]) -> Post:
    number = call.world.number()
    urn = f"urn:li:share:7{number:018d}"
    seen = read(sent["commentary"])
    post = call.world.put(
        Post(
            network="linkedin",
            id=urn,
            account=author.id,
            text=sent["commentary"],
            visible=seen.text,
            link=source,
            media=found,
            raw=sent,
            extra={
                "activity": f"urn:li:activity:7{number + 1:018d}",
                "mentions": list(seen.mentions),
                "article_title": str(sent.get("content", {}).get("article", {}).get("title", "")),
            },
        )
    )
    call.keep(post)
    call.tell(call.house.wires["linkedin"].events(call.world, post, "create"))
    return post


def content(call: Call, author: Account, sent: Json) -> list[str]:
    """The media ids of a post's content, once they are there, ours and processed."""
    access.shaped(sent, {"media", "multiImage", "article", "poll"}, set(), "/content")
    if len(sent) > 1:
        raise problems.wrong("content must have one member", "/content", status=422)
    if "article" in sent:
        _article(sent["article"])
        return []
    if "multiImage" in sent:
        images = sent["multiImage"].get("images", [])
        if not 2 <= len(images) <= 20:
            raise problems.wrong("multiImage takes 2 to 20 images", "/content/multiImage/images", status=422)
        return [_usable(call, author, one, ("image",)) for one in images]
    if "media" in sent:
        return [_usable(call, author, sent["media"], ("image", "video"))]
    return []


def _article(sent: Json) -> None:
    access.shaped(sent, {"source", "title", "description", "thumbnail"}, {"source", "title"}, "/content/article")
    if not str(sent["source"]).startswith(("http://", "https://")) or not 1 <= units(str(sent["title"])) <= TITLE:
        raise problems.wrong("article needs an address and a title", "/content/article", status=422)


def _usable(call: Call, author: Account, sent: Json, kinds: tuple[str, ...]) -> str:
    access.shaped(sent, {"id", "altText", "title"}, {"id"}, "/content/media")
    found = call.world.get(Media, "linkedin", str(sent["id"]))
    if found is None or found.account != author.id or found.extra["kind"] not in kinds:
        raise problems.wrong(f"{sent['id']} cannot be used", "/content/media/id", status=422)
    status = media.status(call, found)
    if status == "PROCESSING_FAILED":
        raise problems.wrong("Media asset processing failed", "/content/media/id", "MEDIA_ASSET_PROCESSING_FAILED")
    if status != "AVAILABLE":
        raise problems.wrong("Media asset waits for its upload", "/content/media/id", "MEDIA_ASSET_WAITING_UPLOAD")
    alt = str(sent.get("altText", ""))
    if units(alt) > ALT:
        raise problems.wrong("altText is too long", "/content/media/altText", "FIELD_LENGTH_TOO_LONG", 422)
    if alt:
        found.alt = alt
        call.world.put(found)
    return found.id


def _is_new(world: World, author: Account, text: str, source: str, found: list[str]) -> None:
    """The same words with the same content within a day: a duplicate, named."""
    mine = (" ".join(text.split()), source, _blobs(world, found))
    since = world.now() - SAME_WITHIN
    for post in reversed(world.posts_by("linkedin", author.id)[-50:]):
        if post.created < since or world.repeats_allowed:
            break
        theirs = (" ".join(post.text.split()), post.link, _blobs(world, post.media))
        if post.kind == "post" and not post.deleted and theirs == mine:
            raise Problem(problems.duplicate(post.id))


def _blobs(world: World, ids: list[str]) -> list[str]:
    found = (world.get(Media, "linkedin", id) for id in ids)
    return [one.blob for one in found if one]


def existing(call: Call, urn: str) -> Post:
    """A live post by its share or activity URN, or a comment by its own."""
    found = call.world.get(Post, "linkedin", urn)
    if found is None and urn.startswith("urn:li:activity:"):
        share = f"urn:li:share:7{int(urn.rpartition(':')[2][1:]) - 1:018d}"
        found = call.world.get(Post, "linkedin", share)
    if found is None or found.deleted:
        raise problems.missing(urn)
    return found


def drawn(post: Post) -> Json:
    made: Json = {
        "visibility": "PUBLIC",
        "lifecycleState": "PUBLISHED",
        **{name: post.raw[name] for name in ("visibility", "lifecycleState", "distribution") if name in post.raw},
        "id": post.id,
        "author": post.account,
        "commentary": post.text,
        "createdAt": int(post.created * 1000),
        "publishedAt": int(post.created * 1000),
        "lastModifiedAt": int((post.edited or post.created) * 1000),
        "isReshareDisabledByAuthor": bool(post.raw.get("isReshareDisabledByAuthor")),
    }
    if post.raw.get("content"):
        made["content"] = post.raw["content"]
    return made


@rest("r_organization_social")
def listed(call: Call) -> Answer:
    """GET /rest/posts?q=author, newest first."""
    for name in call.query.keys() - {"q", "author", "start", "count", "sortBy", "isDsc", "viewContext"}:
        raise problems.wrong(f"Query parameter {name} is not known", name)
    if call.query.get("q") != "author" or call.headers.get("X-RestLi-Method", "FINDER").upper() != "FINDER":
        raise problems.wrong("q must be author", "q")
    if call.query.get("sortBy", "LAST_MODIFIED") not in ("LAST_MODIFIED", "CREATED"):
        raise problems.wrong("sortBy must be LAST_MODIFIED or CREATED", "sortBy")
    author = access.page(call, str(call.query.get("author", "")))
    mine = call.world.posts_by("linkedin", author.id)
    posts, is_whole = call.visible([post for post in mine if not post.deleted and post.kind == "post"])
    by_creation = call.query.get("sortBy") == "CREATED"
    posts.sort(key=lambda post: (post.created if by_creation else post.edited or post.created, post.id), reverse=True)
    return paged(call, [drawn(post) for post in posts], is_whole)


def paged(call: Call, elements: list[Json], is_whole: bool = True) -> Answer:
    """One page by start and count; a listing that is not whole always promises more."""
    start, count = access.number(call, "start", 0, 100_000), access.number(call, "count", 10, 100)
    page = elements[start : start + count]
    links: list[Json] = []
    if start + count < len(elements) or not is_whole:
        links = [
            {"rel": "next", "type": "application/json", "href": f"{call.path}?start={start + count}&count={count}"}
        ]
    return Answer(200, {"elements": page, "paging": {"start": start, "count": count, "links": links}})


@rest("r_organization_social")
def one(call: Call) -> Answer:
    """GET /rest/posts/{urn}."""
    return Answer(200, drawn(existing(call, call.args["urn"])))


@rest("w_organization_social")
def edit(call: Call) -> Answer:
    """POST /rest/posts/{urn} with X-RestLi-Method PARTIAL_UPDATE."""
    if call.headers.get("X-RestLi-Method", "").upper() != "PARTIAL_UPDATE":
        raise problems.problem(400, "ILLEGAL_ARGUMENT", "X-RestLi-Method must be PARTIAL_UPDATE")
    post = existing(call, call.args["urn"])
    access.page(call, post.account)
    sent = access.body(call, {"patch"}, {"patch"})["patch"].get("$set", {})
    access.shaped(sent, {"commentary"}, {"commentary"}, "/patch/$set")
    post.text, post.visible = sent["commentary"], read(sent["commentary"]).text
    post.edited = call.world.now()
    call.world.put(post)
    return Answer(204, b"")


@rest("w_organization_social")
def delete(call: Call) -> Answer:
    """DELETE /rest/posts/{urn}: 204, also for what is gone already."""
    found = call.world.get(Post, "linkedin", call.args["urn"])
    if found is not None and not found.deleted:
        access.page(call, found.account)
        found.deleted = call.world.now()
        call.world.put(found)
    return Answer(204, b"")


@rest("r_organization_social")
def statistics(call: Call) -> Answer:
    """GET /rest/organizationalEntityShareStatistics for single posts."""
    brand = access.page(call, str(call.query.get("organizationalEntity", "")))
    if call.query.get("q") != "organizationalEntity":
        raise problems.wrong("q must be organizationalEntity", "q")
    elements: list[Json] = []
    for name, kind in (("shares", "share"), ("ugcPosts", "ugcPost")):
        match = LIST.fullmatch(str(call.query.get(name, "List()")))
        if match is None:
            raise problems.wrong(f"{name} must be a List()", name)
        for urn in filter(None, match[1].split(",")):
            post = call.world.get(Post, "linkedin", urn)
            if post is not None and not post.deleted and post.account == brand.id:
                elements.append(
                    {kind: urn, "organizationalEntity": brand.id, "totalShareStatistics": _counts(call, post)}
                )
    return Answer(200, {"elements": elements, "paging": {"start": 0, "count": len(elements), "links": []}})


def _counts(call: Call, post: Post) -> Json:
    comments = [one for one in call.world.in_conversation("linkedin", post.id) if not one.deleted]
    names = {
        "impressionCount": "views",
        "uniqueImpressionsCount": "views",
        "clickCount": "clicks",
        "likeCount": "likes",
        "shareCount": "shares",
    }
    counted = {name: post.metrics.get(name, post.metrics.get(plain, 0)) for name, plain in names.items()}
    return {**counted, "commentCount": len(comments), "engagement": 0.0}
