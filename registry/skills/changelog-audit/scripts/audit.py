#!/usr/bin/env python3
"""Compares a changelog with the commits since a revision. Exits 1 when there are findings."""
import argparse
import re
import subprocess
import sys

HEADING = re.compile(r"##\s+\[?v?(\d+(?:\.\d+)+)\]?(.*)")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{3,}")
COMMON = {"with", "that", "this", "from", "when", "into", "more", "than", "also", "only", "support", "added", "fixed",
          "changed", "remove", "removed", "update", "make", "allow", "their", "which", "have", "does", "each"}


def words(text: str) -> set[str]:
    return {w.lower().rstrip("s") for w in WORD.findall(text)} - COMMON


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repository", default=".")
    parser.add_argument("--changelog", default="CHANGELOG.md")
    parser.add_argument("--since", required=True, help="tag or commit of the last release")
    a = parser.parse_args()
    if a.since.startswith("-"):
        parser.error("not a revision")

    log = subprocess.run(
        ["git", "-C", a.repository, "log", "--no-merges", "--format=%h%x09%s%x09%b%x00", f"{a.since}..HEAD", "--"],
        check=True, capture_output=True, text=True).stdout
    commits = [c.strip("\n").split("\t", 2) for c in log.split("\0") if c.strip()]

    with open(a.changelog, encoding="utf-8") as f:
        lines = f.read().splitlines()
    entries: list[str] = []
    versions: list[tuple[int, ...]] = []
    findings = 0
    newest = True
    for line in lines:
        if heading := HEADING.match(line):
            version = tuple(map(int, heading[1].split(".")))
            if versions and version > versions[-1]:
                print(f"order     {heading[1]} stands below an older version")
                findings += 1
            if not re.search(r"\d{4}-\d{2}-\d{2}", heading[2]):
                print(f"date      {heading[1]} has no date")
                findings += 1
            newest = newest and not versions and heading[1] not in a.since
            versions.append(version)
        elif newest and re.match(r"\s*[-*]\s+\S", line):
            entries.append(re.sub(r"^\s*[-*]\s+", "", line))
        elif newest and entries and line.startswith("  ") and line.strip():
            entries[-1] += " " + line.strip()

    history = words(" ".join(" ".join(c[1:]) for c in commits))
    told = words(" ".join(entries))
    for short, subject, *_ in commits:
        key = words(subject)
        if key and len(key & told) * 2 < len(key):
            print(f"missing   {short}  {subject}")
            findings += 1
    for entry in entries:
        key = words(entry)
        if key and not key & history:
            print(f'unknown   "{entry[:60]}": no commit since {a.since} mentions it')
            findings += 1
    print(f"{len(commits)} commits, {len(entries)} entries, {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
