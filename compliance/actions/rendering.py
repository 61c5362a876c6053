"""Drawing a sealed post as its readers saw it, and sealing the picture into the chain behind it."""

from __future__ import annotations

import json
import logging
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from compliance import chain
from compliance.actions.anchoring import work_line
from compliance.actions.sealing import Sealing, seal
from compliance.adapters.drawing import Shot, Shown, draw
from compliance.models import Evidence, EvidenceBody, EvidenceFile
from compliance.queries.seen import Body, Seen, seen
from networks import registry
from networks.protocol import Media, MediaKind

logger = logging.getLogger(__name__)
PICTURE = "post.png"
RENDERER = 1
MOST_BYTES = 40 * 2**20


def draw_waiting(most: int) -> int:
    """Draw up to `most` sealed posts of the entered workspace that have no picture yet; answers how many links it saw.

    Call it in a transaction of its own: others that draw for the same workspace wait.
    """
    work = work_line()
    links = list(Evidence.objects.filter(number__gt=work.drawn).order_by("number")[: max(most, 1) * 4])
    done = drawn = 0
    for link in links:
        if drawn >= most:
            break
        if link.kind == Evidence.Kind.PUBLICATION:
            drawn += _draw(link)
        done = link.number
    if done:
        type(work).objects.filter(pk=work.pk).update(drawn=done)
    return sum(link.number <= done for link in links)


def _draw(link: Evidence) -> int:
    """Draw and seal one; a post that cannot be drawn is sealed with the reason. 0 when its body is gone."""
    body = EvidenceBody.objects.filter(evidence=link).first()
    mine = Evidence.objects.filter(kind=Evidence.Kind.RENDERING, subject=f"evidence:{link.number}")
    if body is None or mine.exists():
        return 0
    told = json.loads(body.text)
    try:
        picture, facts = drawn(link, told)
    except Exception as error:  # whatever is odd about a post, the chain must say that it has no picture
        logger.exception("evidence %s could not be drawn", link.number)
        picture, facts = b"", {"problem": type(error).__name__}
    facts = {"of": link.number, "post": link.subject, "renderer": RENDERER, **facts}
    if picture:
        facts["picture"] = {"name": PICTURE, "mime": "image/png", "sha256": chain.sha256(picture), "size": len(picture)}
    sealing = Sealing(Evidence.Kind.RENDERING, f"evidence:{link.number}", facts, endorser=link.endorser_number)
    ((number, _),) = [(pk, at) for pk, at in seal(sealing)]
    if picture:
        key = default_storage.save(f"w/{link.workspace_id}/evidence/{uuid4().hex}.png", ContentFile(picture))
        EvidenceFile.objects.create(
            evidence_id=number,
            name=PICTURE,
            mime="image/png",
            sha256=chain.sha256(picture),
            size=len(picture),
            key=key,
        )
    return 1


def drawn(link: Evidence, body: Body) -> tuple[bytes, dict[str, object]]:
    """The picture of a publication's link, and what is to be sealed about it."""
    looked = seen(body)
    account, network = body["account"], str(body["network"])
    name = registry.get(network).name if registry.known(network) else network
    picture = draw(
        Shown(
            network=name,
            account=str(account["name"]),
            handle=str(account["handle"]),
            title=looked.content.title,
            visible=looked.visible,
            hidden=looked.hidden,
            marks=tuple(found.span for found in looked.disclosures),
            link=looked.content.link,
            shots=tuple(_shot(media) for media in looked.content.media),
            fold=_sentence(looked, name),
            foot=(
                f"Marked: what discloses the connection ({_where(looked)}).",
                f"Sealed {chain.moment(link.at)} as evidence {link.number}, {link.digest[:16]}…",
            ),
        )
    )
    return picture, {"fold": looked.figure, "disclosures": [one.as_json() for one in looked.disclosures]}


def _sentence(looked: Seen, network: str) -> str:
    figure = looked.figure
    if not looked.hidden:
        return f"{network} shows all of it without a click."
    parts = [f"{figure['characters']} characters"] if figure["characters"] else []
    parts += [f"{figure['lines']} lines"] if figure["lines"] else []
    dated = f", read {figure['read_on']}" if figure["read_on"] else ""
    return f"{network} cuts after {' or '.join(parts)}{dated}."


def _where(looked: Seen) -> str:
    if not looked.disclosures:
        return "nothing in the text does"
    return "above the fold" if any(one.above for one in looked.disclosures) else "only below the fold"


def _shot(media: Media) -> Shot:
    words = media.alt or media.filename or "no description"
    if media.kind is not MediaKind.IMAGE:
        return Shot("video", f"{words} ({media.seconds:.0f} s, sha256 {media.sha256[:12]}…)")
    data = None
    if media.size <= MOST_BYTES and default_storage.exists(media.key):
        with default_storage.open(media.key, "rb") as file:
            data = file.read()
    return Shot("image", words, data if data is not None and chain.sha256(data) == media.sha256 else None)
