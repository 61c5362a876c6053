"""The sandbox's memory: one append-only file of JSON lines, read again at every start."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sandbox.nouns import Json


class Journal:
    """Lines and blobs on disk under `folder`, or in memory when it is None (tests)."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._lines: list[bytes] = []
        self._blobs: dict[str, bytes] = {}
        self._file: BinaryIO | None = None
        self._end = 0
        if folder is not None:
            (folder / "blobs").mkdir(parents=True, exist_ok=True)
            self._open()

    def _open(self) -> None:
        assert self.folder is not None
        path = self.folder / "journal.jsonl"
        self._file = path.open("a+b", buffering=0)
        self._file.seek(0, 2)
        self._end = self._file.tell()

    def append(self, record: Json) -> int:
        """Write one record; returns where it stands, for `read`."""
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if self._file is None:
            self._lines.append(line)
            return len(self._lines) - 1
        place = self._end
        self._file.write(line)
        self._end += len(line)
        return place

    def read(self, place: int) -> Json:
        if self._file is None:
            found: Json = json.loads(self._lines[place])
            return found
        self._file.seek(place)
        line: Json = json.loads(self._file.readline())
        self._file.seek(0, 2)
        return line

    def replay(self) -> Iterator[tuple[int, Json]]:
        """Every whole record with its place; a line cut short by a crash is left out and cut off."""
        if self._file is None:
            return
        self._file.seek(0)
        place = 0
        with (Path(self._file.name)).open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                yield place, json.loads(line)
                place += len(line)
        self._file.truncate(place)
        self._file.seek(0, 2)
        self._end = place

    def keep(self, data: bytes) -> str:
        """Store bytes under their digest; the same bytes are stored once."""
        name = hashlib.sha256(data).hexdigest()
        if self.folder is None:
            self._blobs[name] = data
            return name
        path = self.folder / "blobs" / name
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_bytes(data)
            part.replace(path)
        return name

    def join(self, names: list[str]) -> tuple[str, int, bytes]:
        """Blobs put together to one, never whole in memory where they are files: (its name, size, first bytes)."""
        digest, size, head = hashlib.sha256(), 0, b""
        whole = self.folder / "blobs" / f"{uuid.uuid4().hex}.part" if self.folder else None
        with whole.open("wb") if whole else io.BytesIO() as out:
            for name in names:
                piece = self.blob(name) or b""
                digest.update(piece)
                out.write(piece)
                size, head = size + len(piece), head or piece[:4096]
            if isinstance(out, io.BytesIO):
                return self.keep(out.getvalue()), size, head
        assert whole is not None and self.folder is not None
        whole.replace(self.folder / "blobs" / digest.hexdigest())
        return digest.hexdigest(), size, head

    def path(self, name: str) -> Path | None:
        """The file of a blob; None when there is none, or everything is in memory."""
        path = self.folder / "blobs" / name if self.folder and name.isalnum() else None
        return path if path and path.exists() else None

    def blob(self, name: str) -> bytes | None:
        path = self.path(name)
        return path.read_bytes() if path else self._blobs.get(name)

    def clear(self) -> None:
        """Forget everything (the control API's reset)."""
        self._lines.clear()
        self._blobs.clear()
        if self._file is not None and self.folder is not None:
            self._file.close()
            (self.folder / "journal.jsonl").unlink()
            for path in (self.folder / "blobs").iterdir():
                path.unlink()
            self._open()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
