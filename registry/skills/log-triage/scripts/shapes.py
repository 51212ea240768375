#!/usr/bin/env python3
"""Counts log messages by shape, with first and last occurrence."""
import argparse
import re
import sys

TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}")
LEVELS = ["debug", "info", "warn", "error", "fatal"]
LEVEL = re.compile(r"\b(DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|CRITICAL|PANIC)\b", re.IGNORECASE)
SAME = {"warning": "warn", "critical": "fatal", "panic": "fatal"}
PLACEHOLDERS = [
    (re.compile(r"(token|password|secret)=\S+", re.IGNORECASE), r"\1=<secret>"),
    (re.compile(r"Authorization: \S+(?: \S+)?", re.IGNORECASE), "Authorization: <secret>"),
    (re.compile(r'"[^"]{0,500}"|\'[^\']{0,500}\''), "<str>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b"), "<address>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\d+(?:\.\d+)?"), "<n>"),
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--level", choices=LEVELS, default="debug", help="this level and those above it")
    parser.add_argument("--since", default="", help="leave out lines before this timestamp")
    parser.add_argument("--top", type=int, default=20)
    parser.add_argument("--by", choices=["count", "first"], default="count")
    a = parser.parse_args()
    shapes: dict[str, list] = {}
    for path in a.files:
        with open(path, encoding="utf-8", errors="replace") as f:
            for number, line in enumerate(f, start=1):
                line = line.rstrip("\n")[:4000]
                stamp = TIME.search(line)
                level = LEVEL.search(line)
                if stamp is None and level is None:
                    continue
                name = SAME.get(level[1].lower(), level[1].lower()) if level else "info"
                time = stamp[0].replace(" ", "T") if stamp else ""
                if LEVELS.index(name) < LEVELS.index(a.level) or (time and time < a.since):
                    continue
                shape = line[stamp.end():] if stamp else line
                shape = re.sub(r"^[.,]?\d*(?:Z|[+-]\d{2}:?\d{2})?\s*", "", shape)
                for pattern, text in PLACEHOLDERS:
                    shape = pattern.sub(text, shape)
                entry = shapes.setdefault(shape[:160], [0, time, time, f"{path}:{number}"])
                entry[0] += 1
                entry[1], entry[2] = min(entry[1] or time, time or entry[1]), max(entry[2], time)
    ordered = sorted(shapes.items(), key=lambda item: -item[1][0] if a.by == "count" else item[1][1])
    print(f"{'count':>6}  {'first':<19}  {'last':<19}  shape")
    for shape, (count, first, last, place) in ordered[:a.top]:
        print(f"{count:>6}  {first:<19}  {last:<19}  {shape}  [{place}]")
    print(f"{len(shapes)} shapes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
