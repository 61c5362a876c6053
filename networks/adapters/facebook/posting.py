"""How a post, a comment, an answer or a message gets onto Facebook: uploads first, then the one call that counts."""

from __future__ import annotations

import mimetypes

from networks.adapters.facebook.graph import Graph
from networks.adapters.facebook.limits import COMMENT_IMAGES, LIMITS, MESSAGE_CHARACTERS, answer_words, words
from networks.async_wire import AsyncWire
from networks.protocol import (
    Content,
    Media,
    MediaKind,
    NetworkError,
    OpenMedia,
    Receipt,
    Refused,
    Sender,
    Target,
    TargetKind,
    TryLater,
    Unsure,
)
from networks.text import utf16_units
from networks.wire import opened

SITE = "https://www.facebook.com"
ANSWERS = frozenset({TargetKind.COMMENT, TargetKind.COMMENT_REPLY, TargetKind.MENTION_REPLY, TargetKind.MESSAGE})


def post_url(post_id: str) -> str:
    """The address of a Page's post; `post_id` is "PAGE_POST"."""
    page, _, post = post_id.partition("_")
    return f"{SITE}/{page}/posts/{post}" if post else f"{SITE}/{post_id}"


def comment_url(post_id: str, comment_id: str) -> str:
    """The address of a comment below a post; `comment_id` is "POST_COMMENT"."""
    return f"{post_url(post_id)}?comment_id={comment_id.rpartition('_')[2]}"


def talk_url(person: str) -> str:
    return f"{SITE}/messages/t/{person}"


def publish(graph: Graph, sender: Sender, content: Content, open_media: OpenMedia) -> Receipt:
    """A text, link, picture or video post on the Page. Raises like `Publishes.publish`."""
    if any(media.kind is MediaKind.VIDEO for media in content.media):
        return _publish_video(graph, sender, content, open_media)
    fields = _fields(content)
    if content.media:
        photos = [upload_photo(graph, sender.uid, media, open_media) for media in content.media]
        fields["attached_media"] = [{"media_fbid": photo} for photo in photos]
    answer = graph.put_live(f"{sender.uid}/feed", fields)
    remote_id = _id(answer.get("id"))
    return Receipt(remote_id, post_url(remote_id), graph.rates)


async def publish_async(graph: Graph, wire: AsyncWire, sender: Sender, content: Content) -> Receipt:
    """A post without media, from an event loop. Raises like `publish`."""
    answer = await graph.put_live_async(wire, f"{sender.uid}/feed", _fields(content))
    remote_id = _id(answer.get("id"))
    return Receipt(remote_id, post_url(remote_id), graph.rates)


def _fields(content: Content) -> dict[str, object]:
    """What a post says, apart from its pictures."""
    fields: dict[str, object] = {**_partner(content)}
    if text := words(content):
        fields["message"] = text
    if content.link and not content.media:
        fields["link"] = content.link
    return fields


def upload_photo(graph: Graph, page: str, media: Media, open_media: OpenMedia) -> str:
    """A picture that nobody sees until a post carries it; returns its id."""
    fields = {"published": "false"} | ({"alt_text_custom": media.alt} if media.alt else {})
    with opened(open_media, media) as stream:
        answer = graph.post(f"{page}/photos", fields, files={"source": (_filename(media), stream, media.mime)})
    if not answer.get("id"):
        raise TryLater("Facebook took the picture without naming it.", code="no_id")
    return str(answer["id"])


def _publish_video(graph: Graph, sender: Sender, content: Content, open_media: OpenMedia) -> Receipt:
    media = content.media[0]
    edge = f"{sender.uid}/videos"
    session, video = _upload_video(graph, edge, media, open_media)
    fields: dict[str, object] = {"upload_phase": "finish", "upload_session_id": session, **_partner(content)}
    fields |= {"description": words(content)} | ({"title": content.title} if content.title else {})
    answer = graph.video(edge, fields, final=True)
    if not answer.get("success"):
        raise Unsure("Facebook did not say whether the video is live.", hint=video, code="no_id")
    try:
        known = graph.get(video, fields="post_id,permalink_url")
    except NetworkError as error:
        raise Unsure("The video is with Facebook, its post is not known yet.", hint=video, code="no_id") from error
    remote_id = _id(known.get("post_id"), hint=video)
    remote_id = remote_id if "_" in remote_id else f"{sender.uid}_{remote_id}"
    return Receipt(
        remote_id, _absolute(known.get("permalink_url")) or post_url(remote_id), {"video_id": video, **graph.rates}
    )


def _upload_video(graph: Graph, edge: str, media: Media, open_media: OpenMedia) -> tuple[str, str]:
    """Send the file in the pieces Facebook asks for; returns (upload session, video id)."""
    begun = graph.video(edge, {"upload_phase": "start", "file_size": media.size})
    try:
        session, video = str(begun["upload_session_id"]), str(begun["video_id"])
        start, end = int(begun["start_offset"]), int(begun["end_offset"])
        with opened(open_media, media) as stream:
            while start < end:
                stream.seek(start)
                piece = (_filename(media), stream.read(end - start), "application/octet-stream")
                asked = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": start}
                reply = graph.video(edge, asked, files={"video_file_chunk": piece})
                if int(reply["start_offset"]) <= start:
                    raise TryLater("Facebook stopped taking the video.", code="no_progress")
                start, end = int(reply["start_offset"]), int(reply["end_offset"])
    except (KeyError, ValueError) as error:
        raise TryLater("Facebook took the video without saying how to go on.", code="no_id") from error
    return session, video


def reply(graph: Graph, sender: Sender, content: Content, target: Target, open_media: OpenMedia) -> Receipt:
    """A comment under a post, an answer to a comment or mention, or a private message. Raises like `publish`."""
    if target.kind is TargetKind.MESSAGE:
        return _message(graph, sender, content, target)
    if target.kind not in ANSWERS:
        raise Refused("Facebook has no threads: use a comment below the post instead.")
    under = target.post_id if target.kind is TargetKind.COMMENT else target.message_id or target.post_id
    text = answer_words(content)
    if utf16_units(text) > LIMITS.comment:
        raise Refused("The comment is too long for Facebook.")
    if len(content.media) > COMMENT_IMAGES or any(media.kind is not MediaKind.IMAGE for media in content.media):
        raise Refused("A Facebook comment takes one picture at most.")
    fields: dict[str, object] = {"message": text} if text else {}
    if content.media:
        fields["attachment_id"] = upload_photo(graph, sender.uid, content.media[0], open_media)
    answer = graph.put_live(f"{under}/comments", fields)
    remote_id = _id(answer.get("id"))
    return Receipt(remote_id, comment_url(target.post_id, remote_id), graph.rates)


def _message(graph: Graph, sender: Sender, content: Content, target: Target) -> Receipt:
    text = answer_words(content)
    if content.media:
        raise Refused("Pictures cannot be sent in a Facebook message from here.")
    if utf16_units(text) > MESSAGE_CHARACTERS:
        raise Refused("The message is too long for Facebook.")
    manner: dict[str, object] = {"messaging_type": "RESPONSE"}
    if content.options.get("human_agent"):
        manner = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    person = target.author_uid or target.post_id
    said = {"recipient": {"id": person}, "message": {"text": text}, **manner}
    answer = graph.put_live(f"{sender.uid}/messages", said)
    return Receipt(_id(answer.get("message_id")), talk_url(person), graph.rates)


def _partner(content: Content) -> dict[str, str]:
    """The paid partnership label: the partner's Page, when the content names one."""
    partner = str(content.options.get("sponsor_id") or "")
    return {"sponsor_id": partner, "sponsor_relationship": "1"} if partner else {}


def _id(value: object, *, hint: str = "") -> str:
    if not value:
        raise Unsure("Facebook took it without naming it.", hint=hint, code="no_id")
    return str(value)


def _absolute(address: object) -> str:
    text = str(address or "")
    return f"{SITE}{text}" if text.startswith("/") else text


def _filename(media: Media) -> str:
    return media.filename or f"media{mimetypes.guess_extension(media.mime) or ''}"
