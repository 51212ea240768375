#!/usr/bin/env python3
"""Checks the links of Markdown files against files and headings. Exits 1 when one is broken."""
import argparse
import difflib
import json
import pathlib
import re
import sys
import urllib.parse

INLINE = re.compile(r"!?\[[^\]\n]{0,300}\]\(\s*(<[^>\n]{0,500}>|[^\s()]{0,500}(?:\([^\s()]{0,200}\))?)[^)\n]{0,200}\)")
DEFINITION = re.compile(r"^\s{0,3}\[[^\]\n]{1,200}\]:\s*(\S+)")
AUTOLINK = re.compile(r"<(https?://[^>\s]{1,500})>")
HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")


def text_lines(path: pathlib.Path):
    """Numbered lines outside of code, inline code blanked."""
    fence = ""
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        mark = FENCE.match(line)
        if fence:
            if mark and mark[1][0] == fence[0] and len(mark[1]) >= len(fence):
                fence = ""
            continue
        if mark:
            fence = mark[1]
            continue
        yield number, re.sub(r"(`+)[^`\n]{0,500}\1", "", line), line


def anchor(heading: str) -> str:
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    text = re.sub(r"[^\w\- ]", "", text)
    return text.replace(" ", "-")


def anchors(path: pathlib.Path, known: dict) -> list[str]:
    if path not in known:
        found: list[str] = []
        for _, _, raw in text_lines(path):
            if heading := HEADING.match(raw):
                name = anchor(heading[2])
                repeats = sum(1 for a in found if a == name or re.fullmatch(re.escape(name) + r"-\d+", a))
                found.append(f"{name}-{repeats}" if repeats else name)
        known[path] = found
    return known[path]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--json")
    parser.add_argument("--list-web", action="store_true", help="only print the links to the web")
    a = parser.parse_args()
    files: list[pathlib.Path] = []
    for path in map(pathlib.Path, a.paths):
        files += sorted(path.rglob("*.md")) if path.is_dir() else [path]
    known: dict = {}
    checked, broken = 0, []
    for file in files:
        for number, line, _ in text_lines(file):
            links = [m.strip("<>") for m in INLINE.findall(line)] + AUTOLINK.findall(line)
            if definition := DEFINITION.match(line):
                links.append(definition[1].strip("<>"))
            for link in links:
                if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", link) or link.startswith("//"):
                    if a.list_web and link.startswith(("http:", "https:")):
                        print(link.split("#")[0])
                    continue
                if a.list_web or not link:
                    continue
                checked += 1
                target, _, fragment = link.partition("#")
                place = file if not target else file.parent / urllib.parse.unquote(target.split("?")[0])
                reason = ""
                if not place.exists():
                    reason = f"no file {target}"
                elif fragment and place.suffix == ".md" and fragment.lower() not in anchors(place, known):
                    close = difflib.get_close_matches(fragment, anchors(place, known), n=1)
                    reason = f"no heading #{fragment} in {place}" + (f" (did you mean #{close[0]}?)" if close else "")
                if reason:
                    broken.append({"file": str(file), "line": number, "link": link, "reason": reason})
                    print(f"{file}:{number}: {reason}")
    if not a.list_web:
        print(f"{len(broken)} broken of {checked}")
    if a.json:
        pathlib.Path(a.json).write_text(json.dumps({"checked": checked, "broken": broken}, indent=1) + "\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
