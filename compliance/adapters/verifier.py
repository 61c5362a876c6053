"""Verifies an unpacked Gardu evidence pack, with nothing but Python: python verify.py [FOLDER] [--head DIGEST]."""

import hashlib
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEME = "gardu-evidence-1"
Told = dict[str, Any]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def manifest_problems(folder: Path) -> Iterator[str]:
    """Every file is there, is what it was, and nothing was put beside them."""
    listed: dict[str, str] = {}
    for line in (folder / "MANIFEST.sha256").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    there.pop("MANIFEST.sha256", None)
    for name in sorted(set(listed) - set(there)):
        yield f"{name} is missing"
    for name in sorted(set(there) - set(listed)):
        yield f"{name} was added"
    for name in sorted(set(listed) & set(there)):
        if sha256(there[name].read_bytes()) != listed[name]:
            yield f"{name} was changed"


def chain_problems(links: list[Told], pack: Told) -> Iterator[str]:
    """Each link follows the one before it, and the last is the end that the pack names."""
    for before, link in zip([None, *links], links, strict=False):
        number = link["number"]
        if before is not None and number != before["number"] + 1:
            yield f"link {number} does not come after link {before['number']}: missing, added or moved"
        if before is not None and link["previous"] != before["digest"]:
            yield f"link {number} does not follow the one before it"
        if digest_of(link, pack["workspace"]["id"]) != link["digest"]:
            yield f"link {number} was changed"
    if links and links[0]["number"] != pack["first"]:
        yield f"the chain begins at link {links[0]['number']}, not at {pack['first']}"
    end = (links[-1]["number"], links[-1]["digest"]) if links else (0, "0" * 64)
    if end != (pack["through"], pack["head"]):
        yield f"the chain ends at link {end[0]}, not at {pack['through']} with digest {pack['head']}"
    known = {link["number"]: link["digest"] for link in links}
    for anchor in pack["anchors"]:
        if known.get(anchor["number"], anchor["digest"]) != anchor["digest"]:
            yield f"link {anchor['number']} is not the one that was anchored at {anchor['at']}"


def digest_of(link: Told, workspace: int) -> str:
    said = [SCHEME, link["previous"], str(workspace), str(link["number"]), link["kind"], link["subject"]]
    return sha256("\n".join([*said, link["at"], link["body_sha256"]]).encode())


def body_problems(folder: Path, links: list[Told], pack: Told) -> Iterator[str]:
    """Every piece of evidence is, byte for byte, what its link sealed; words give their fingerprint."""
    known = {link["number"]: link for link in links}
    for number in pack["evidence"]:
        path = folder / "evidence" / f"{number:08}.json"
        if number not in known:
            yield f"evidence {number} has no link"
        elif not path.exists():
            yield f"evidence {number} is missing"
        elif sha256(path.read_bytes()) != known[number]["body_sha256"]:
            yield f"evidence {number} was changed"
        else:
            yield from fact_problems(folder, number, json.loads(path.read_text(encoding="utf-8")))
    emptied = {told["emptied"] for told in bodies(folder) if "emptied" in told}
    for number in pack["emptied"]:
        if number not in emptied:
            yield f"evidence {number} was emptied without a tombstone"
    extra = {path.stem for path in (folder / "evidence").glob("*.json")} - {f"{n:08}" for n in pack["evidence"]}
    for name in sorted(extra):
        yield f"evidence {name} was added"


def bodies(folder: Path) -> Iterator[Told]:
    for path in sorted((folder / "evidence").glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def fact_problems(folder: Path, number: int, told: Told) -> Iterator[str]:
    if "content" in told and sha256(unicodedata.normalize("NFC", told["content"]).encode()) != told["fingerprint"]:
        yield f"the words of evidence {number} are not those of its fingerprint"
    picture = told.get("picture")
    if picture and not any(sha256(path.read_bytes()) == picture["sha256"] for path in (folder / "files").glob("*")):
        yield f"the picture of evidence {number} is missing"


def problems(folder: Path, head: str = "") -> list[str]:
    """What does not hold in `folder`; `head` is the end of the chain as Gardu shows it on its page."""
    pack = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
    lines = (folder / "chain.jsonl").read_text(encoding="utf-8").splitlines()
    links = [json.loads(line) for line in lines]
    found = [*manifest_problems(folder), *chain_problems(links, pack), *body_problems(folder, links, pack)]
    if head and head != pack["head"]:
        found.append(f"the pack ends at {pack['head']}, Gardu says {head}")
    return found


def main(arguments: list[str]) -> int:
    head = arguments[arguments.index("--head") + 1] if "--head" in arguments else ""
    rest = [one for one in arguments if one not in {"--head", head}]
    folder = Path(rest[0]) if rest else Path(__file__).parent
    found = problems(folder, head)
    for line in found:
        sys.stdout.write(f"WRONG  {line}\n")
    pack = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
    told = f"{len(pack['evidence'])} pieces of evidence, chain {pack['first']} to {pack['through']}"
    sys.stdout.write(f"{told}: {'everything holds' if not found else f'{len(found)} things do not hold'}\n")
    sys.stdout.write(f"Compare this with Gardu's own page: {pack['head']}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
