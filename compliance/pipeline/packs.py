"""How an evidence pack is made: what is missing is drawn, the chain's end is anchored, then all goes into one file.

asked ──> draw what has no picture yet ──> anchor the end ──> gather ──> report, records, files ──> sealed and ready
"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.core.files.storage import default_storage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from compliance.actions.anchoring import anchor
from compliance.actions.packing import fail_pack, keep_pack, take_pack, tell_pack
from compliance.actions.rendering import draw_waiting
from compliance.actions.reporting import report_of
from compliance.adapters import verifier
from compliance.adapters.paper import report
from compliance.models import EvidenceHead, Pack
from compliance.queries.packing import Gathered, anchors_within, chain_lines, end_of, gather
from networks.protocol import Content
from workspaces.models import Workspace
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
DRAWN_AT_ONCE = 5
MOST_MEDIA_BYTES = 60 * 2**20  # a longer video is named by its digest, not packed
THE_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the dates in a ZIP: the same evidence must give the same file
FORMAT = "gardu-evidence-pack-1"
README = """GARDU EVIDENCE PACK

report.pdf       for people
pack.json        what is in here, and where the chain ends
chain.jsonl      every link of the chain, also of other posts (digests only)
evidence/        what each link sealed, byte for byte
records.json     every version of the records they rest on
files/           pictures, contracts, studies, media; named by their SHA-256
MANIFEST.sha256  the SHA-256 of every file
verify.py        run: python3 verify.py [--head DIGEST]

verify.py finds what was edited, deleted, inserted, reordered or cut off. Whoever makes all of it anew can only be
found out by the digest of the chain's end and of this file: compare both with Gardu's own page of this pack, or with
the anchors that are kept outside its database.
"""


def make_pack(pack_id: int, workspace_id: int) -> Pack | None:
    """Make the pack if nobody else does; None then. Safe to call twice. Enters for each step, so that all see it."""
    with entered(workspace_id):
        pack = take_pack(pack_id)
    if pack is None:
        return None
    try:
        return _make(pack)
    except Exception:  # whatever goes wrong, the person must not wait for ever; the log has the rest
        logger.exception("pack %s was not made", pack_id)
        with entered(workspace_id):
            return fail_pack(pack, _("Something went wrong on our side. Try again."))


def _make(pack: Pack) -> Pack:
    workspace = Workspace.objects.get(pk=pack.workspace_id)
    head = _ready(pack)
    with (
        tempfile.TemporaryFile() as file,
        entered(pack.workspace_id),
        translation.override(pack.language),
        timezone.override(workspace.zone),
    ):
        gathered = gather(pack)
        tell_pack(pack, 0)
        _write(file, pack, gathered, head, workspace)
        size = file.tell()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        return keep_pack(pack, file, sha256=digest, size=size)


def _ready(pack: Pack) -> str:
    """Draw what has no picture, anchor the end, and fix where the pack ends; answers the digest there."""
    done = 0
    while True:
        with entered(pack.workspace_id):
            seen = draw_waiting(DRAWN_AT_ONCE)
            done += seen
            tell_pack(pack, min(done, pack.total))
        if not seen:
            break
    with entered(pack.workspace_id):
        anchor(audit=True)
        head = EvidenceHead.objects.get()
        if not pack.through:
            pack.through = head.number
            pack.save(update_fields=["through"])
        return end_of(pack)


@dataclass(slots=True)
class _Zip:
    """The file as it grows; remembers each entry's digest for the manifest."""

    into: zipfile.ZipFile
    digests: dict[str, str]

    def put(self, name: str, data: bytes, *, packed: bool = True) -> None:
        info = zipfile.ZipInfo(name, THE_BEGINNING)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        self.into.writestr(info, data)
        self.digests[name] = hashlib.sha256(data).hexdigest()


def _write(file: IO[bytes], pack: Pack, gathered: Gathered, head: str, workspace: Workspace) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        into = _Zip(archive, {})
        first = min(gathered.texts, default=pack.through)
        first = min([first, *gathered.emptied])
        into.put("README.txt", README.encode())
        into.put("verify.py", Path(verifier.__file__).read_bytes())
        into.put("report.pdf", report(report_of(pack, gathered, head=head, workspace=workspace)))
        into.put("chain.jsonl", "".join(f"{line}\n" for line in chain_lines(first, pack.through)).encode())
        for number, text in sorted(gathered.texts.items()):
            into.put(f"evidence/{number:08}.json", text.encode())
        into.put("records.json", _json(gathered.records))
        left_out = [name for name, data in _files(gathered) if not _kept(into, name, data)]
        told = _told(pack, gathered, head, workspace, first)
        into.put("pack.json", _json({**told, "left_out": sorted(left_out)}))
        manifest = "".join(f"{digest}  {name}\n" for name, digest in sorted(into.digests.items()))
        into.put("MANIFEST.sha256", manifest.encode())


def _kept(into: _Zip, name: str, data: bytes | None) -> bool:
    if data is None:
        return False
    if name not in into.digests:
        into.put(name, data, packed=False)
    return True


def _told(
    pack: Pack, gathered: Gathered, head: str, workspace: Workspace, first: int
) -> dict[str, Any]:  # Any: a JSON object
    return {
        "format": FORMAT,
        "title": pack.title,
        "workspace": {"id": workspace.pk, "name": workspace.name, "slug": workspace.slug},
        "asked_by": pack.asked_by_name,
        "asked_at": pack.asked_at.isoformat(),
        "scope": {
            "subjects": pack.subjects,
            "endorser": pack.endorser_number,
            "since": str(pack.since or ""),
            "until": str(pack.until or ""),
        },
        "first": first,
        "through": pack.through,
        "head": head,
        "evidence": sorted(gathered.texts),
        "emptied": gathered.emptied,
        "anchors": anchors_within(workspace.pk, first, pack.through),
    }


def _files(gathered: Gathered) -> Iterator[tuple[str, bytes | None]]:
    """Every file by its name in the pack; None for one that is too large, gone, or no longer what it was."""
    for drawn in gathered.files:
        yield f"files/{drawn.sha256}.png", _read(drawn.key, drawn.sha256, drawn.size)
    for document in gathered.documents:
        name = f"files/{document.sha256}{PurePosixPath(document.filename).suffix.lower()[:8]}"
        yield name, _read(str(document.file.name), document.sha256, document.size)
    for piece in gathered.pieces:
        if piece.body is not None:
            for media in Content.from_json(json.loads(piece.body["content"])).media:
                name = f"files/{media.sha256}{PurePosixPath(media.key).suffix.lower()[:8]}"
                yield name, _read(media.key, media.sha256, media.size)


def _read(key: str, sha256: str, size: int) -> bytes | None:
    if size > MOST_MEDIA_BYTES or not default_storage.exists(key):
        return None
    with default_storage.open(key, "rb") as file:
        data = bytes(file.read())
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def _json(told: Any) -> bytes:  # Any: JSON values
    return (json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
