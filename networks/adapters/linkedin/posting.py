"""How a post or a comment gets onto LinkedIn: uploads first, then the one call that counts."""

from __future__ import annotations

from networks.adapters.linkedin.errors import Json
from networks.adapters.linkedin.limits import LIMITS, answer_words, article_title, words
from networks.adapters.linkedin.little import little
from networks.adapters.linkedin.rest import Rest, Said, key
from networks.adapters.linkedin.uploads import Uploads
from networks.async_wire import AsyncWire
from networks.protocol import (
    Content,
    MediaKind,
    NetworkError,
    OpenMedia,
    Receipt,
    Refused,
    Target,
    TargetKind,
    TryLater,
    Unsure,
)
from networks.text import utf16_units

SITE = "https://www.linkedin.com"
ANSWERS = frozenset({TargetKind.COMMENT, TargetKind.COMMENT_REPLY, TargetKind.MENTION_REPLY})
VISIBILITIES = frozenset({"PUBLIC", "CONNECTIONS", "LOGGED_IN"})


def post_url(urn: str) -> str:
    return f"{SITE}/feed/update/{urn}/"


def comment_url(post: str, comment: str) -> str:
    return f"{SITE}/feed/update/{post}/?commentUrn={key(comment)}"


def publish(rest: Rest, content: Content, uploads: Uploads, open_media: OpenMedia) -> Receipt:
    """A text, article, picture or video post of the page. Raises like `Publishes.publish`."""
    body = _body(rest, content)
    attached = _attached(rest, content, uploads, open_media)
    if attached:
        body["content"] = attached
    try:
        said = rest.put_live("/rest/posts", body)
    except TryLater:
        raise
    except NetworkError:
        uploads.used(rest, content.media)
        raise
    uploads.used(rest, content.media)
    return _receipt(said)


async def publish_async(rest: Rest, wire: AsyncWire, content: Content) -> Receipt:
    """A post without media, from an event loop. Raises like `publish`."""
    body = _body(rest, content)
    if content.link:
        body["content"] = _article(content)
    return _receipt(await rest.put_live_async(wire, "/rest/posts", body))


def _receipt(said: Said) -> Receipt:
    if not said.id:
        raise Unsure("LinkedIn took it without naming it.", code="no_id")
    return Receipt(said.id, post_url(said.id))


def _body(rest: Rest, content: Content) -> Json:
    """What a post says, apart from what is attached to it."""
    visibility = str(content.options.get("visibility", "PUBLIC"))
    return {
        "author": rest.sender.uid,
        "commentary": little(words(content)),
        "visibility": visibility if visibility in VISIBILITIES else "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": bool(content.options.get("reshare_disabled", False)),
    }


def _article(content: Content) -> Json:
    return {"article": {"source": content.link, "title": article_title(content)}}


def _attached(rest: Rest, content: Content, uploads: Uploads, open_media: OpenMedia) -> Json:
    brought = [(uploads.bring(rest, media, open_media), media) for media in content.media]
    if len(brought) > 1:
        return {"multiImage": {"images": [_described(urn, media.alt) for urn, media in brought]}}
    if brought:
        urn, media = brought[0]
        if media.kind is MediaKind.VIDEO:
            return {"media": {"id": urn} | ({"title": content.title} if content.title else {})}
        return {"media": _described(urn, media.alt)}
    if content.link:
        return _article(content)
    return {}


def _described(urn: str, alt: str) -> Json:
    return {"id": urn} | ({"altText": alt} if alt else {})


def reply(rest: Rest, content: Content, target: Target) -> Receipt:
    """A comment under a post or an answer to one. Raises like `publish`."""
    if target.kind not in ANSWERS:
        raise Refused("LinkedIn takes comments and answers to comments only.")
    if content.media:
        raise Refused("Pictures cannot be sent in a LinkedIn comment from here.")
    text = answer_words(content)
    if utf16_units(text) > LIMITS.comment:
        raise Refused("The comment is too long for LinkedIn.")
    body: Json = {"actor": rest.sender.uid, "object": target.post_id, "message": {"text": text}}
    under = target.post_id
    if target.kind is TargetKind.COMMENT_REPLY and target.message_id:
        under = target.message_id
        body["parentComment"] = target.message_id
    said = rest.put_live(f"/rest/socialActions/{key(under)}/comments", body)
    urn = str(said.body.get("commentUrn") or said.body.get("$URN") or "")
    if not urn:
        raise Unsure("LinkedIn took it without naming it.", code="no_id")
    return Receipt(urn, comment_url(target.post_id, urn))
