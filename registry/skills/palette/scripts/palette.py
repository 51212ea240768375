#!/usr/bin/env python3
"""Colours: list | take NAME N | ramp FROM TO STEPS | contrast TEXT BACKGROUND."""
import json
import pathlib
import re
import sys

PALETTES = pathlib.Path(__file__).resolve().parent.parent / "assets" / "palettes.json"


def channels(colour: str) -> list[int]:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        sys.exit(f"not a colour: {colour}")
    return [int(colour[i:i + 2], 16) for i in (1, 3, 5)]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def main(arguments: list[str]) -> int:
    palettes = json.loads(PALETTES.read_text(encoding="utf-8"))
    match arguments:
        case ["list"]:
            for name, colours in palettes.items():
                print(name, *colours)
        case ["take", name, count] if name in palettes and count.isdigit():
            if int(count) > len(palettes[name]):
                sys.exit(f"{name} has {len(palettes[name])} colours: group the smallest categories")
            print(*palettes[name][:int(count)], sep="\n")
        case ["ramp", start, end, steps] if steps.isdigit() and int(steps) > 1:
            a, b, n = channels(start), channels(end), int(steps)
            for i in range(n):
                print("#" + "".join(f"{round(x + (y - x) * i / (n - 1)):02x}" for x, y in zip(a, b)))
        case ["contrast", text, background]:
            ratio = contrast(text, background)
            print(f"{ratio:.2f} {'enough' if ratio >= 4.5 else 'too low for normal text'}")
            return 0 if ratio >= 4.5 else 1
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
