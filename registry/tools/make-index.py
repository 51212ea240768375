#!/usr/bin/env python3
"""Writes index/ from skills/: one line of JSON a version (docs/formats/registry.md).

With --check it writes nothing and exits 1 when index/ is not what it would write. Lines of versions that are no longer
in skills/ are kept: a published version stays. The tree digest is that of the Remote Execution API's Directory
(docs/formats/digest.md), encoded here by hand, so that it also checks what skvm computes.
"""
import hashlib
import json
import os
import pathlib
import re
import stat
import sys
import tomllib

REGISTRY = pathlib.Path(__file__).resolve().parent.parent
IGNORED = {"__pycache__", ".skvm", ".DS_Store"}


def varint(n: int) -> bytes:
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def field(number: int, value: bytes) -> bytes:
    """A length-delimited field; left out when empty, as proto3 does."""
    return varint(number << 3 | 2) + varint(len(value)) + value if value else b""


def digest(data: bytes) -> bytes:
    """The Digest message: hash = 1, size_bytes = 2."""
    size = varint(2 << 3) + varint(len(data)) if data else b""
    return field(1, hashlib.sha256(data).hexdigest().encode()) + size


def directory(path: pathlib.Path) -> bytes:
    """The encoded Directory: files = 1, directories = 2, symlinks = 3, each sorted by the bytes of its name."""
    files, directories, symlinks = [], [], []
    for entry in sorted(os.scandir(os.fsencode(path)), key=lambda e: e.name):
        name = entry.name
        if name.decode() in IGNORED:
            continue
        if entry.is_symlink():
            symlinks.append(field(3, field(1, name) + field(2, os.readlink(entry.path))))
        elif entry.is_dir():
            node = digest(directory(pathlib.Path(os.fsdecode(entry.path))))
            directories.append(field(2, field(1, name) + field(2, node)))
        else:
            data = pathlib.Path(os.fsdecode(entry.path)).read_bytes()
            executable = entry.stat().st_mode & stat.S_IXUSR
            node = field(1, name) + field(2, digest(data)) + (varint(4 << 3) + b"\x01" if executable else b"")
            files.append(field(1, node))
    return b"".join(files + directories + symlinks)


def front_matter(path: pathlib.Path) -> dict[str, str]:
    """The one-line `key: value` entries, nested ones by their last key: all that the skills here use."""
    text = path.read_text(encoding="utf-8")
    head = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    if head is None:
        sys.exit(f"{path}: no front matter")
    pairs = (re.match(r"\s*([a-z-]+):\s+(.+)", line) for line in head[1].splitlines())
    return {pair[1]: pair[2].strip() for pair in pairs if pair}


def record(folder: pathlib.Path) -> dict:
    manifest = tomllib.loads((folder / "skvm.toml").read_text(encoding="utf-8"))
    package, head = manifest["package"], front_matter(folder / "SKILL.md")
    if not package["name"] == head["name"] == folder.name:
        sys.exit(f"{folder}: the folder, the manifest and the front matter give different names")
    return {
        "name": package["name"],
        "version": package["version"],
        "path": f"skills/{folder.name}",
        "tree": f"sha256:{hashlib.sha256(directory(folder)).hexdigest()}",
        "dependencies": dict(sorted(manifest.get("dependencies", {}).items())),
        "description": head["description"],
        "keywords": [word.strip() for word in head.get("keywords", "").split(",") if word.strip()],
        "yanked": False,
    }


def index_path(name: str) -> pathlib.Path:
    padded = name + "____"
    return REGISTRY / "index" / padded[:2] / padded[2:4] / f"{name}.jsonl"


def index() -> dict[pathlib.Path, str]:
    """What each index file should hold. The present version replaces the line of the same version."""
    files = {}
    for folder in sorted(p.parent for p in (REGISTRY / "skills").glob("*/skvm.toml")):
        new = record(folder)
        path = index_path(new["name"])
        old = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
        records = [r for r in old if r["version"] != new["version"]] + [new]
        records.sort(key=lambda r: [int(n) for n in r["version"].split(".")])
        files[path] = "".join(
            json.dumps(r, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n" for r in records)
    return files


def main() -> int:
    if len(sys.argv) == 3 and sys.argv[1] == "--tree":
        print(f"sha256:{hashlib.sha256(directory(pathlib.Path(sys.argv[2]))).hexdigest()}")
        return 0
    wanted = index()
    present = set((REGISTRY / "index").rglob("*.jsonl"))
    stale = [p for p, text in wanted.items() if p not in present or p.read_text(encoding="utf-8") != text]
    stale += sorted(present - set(wanted))
    if sys.argv[1:] == ["--check"]:
        for path in stale:
            print(f"{path.relative_to(REGISTRY)} is out of date: run registry/tools/make-index.py", file=sys.stderr)
        return 1 if stale else 0
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in sorted(present - set(wanted)):
        path.unlink()
    print(f"{len(wanted)} packages, {len(stale)} files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
