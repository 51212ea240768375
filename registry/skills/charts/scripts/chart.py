#!/usr/bin/env python3
"""Draws a bar, line or scatter chart of CSV columns as SVG."""
import argparse
import csv
import math
import sys
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 800, 450, 80, 20, 50, 80
COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"]


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers that cover low … high."""
    if high <= low:
        high = low + 1
    step = 10 ** math.floor(math.log10((high - low) / count))
    step *= next(f for f in (1, 2, 5, 10) if (high - low) / (step * f) <= count)
    start = math.floor(low / step) * step
    return [start + i * step for i in range(int(math.ceil((high - start) / step - 1e-9)) + 1)]


def number(row: dict[str, str], column: str, line: int) -> float:
    try:
        return float(row[column])
    except ValueError:
        sys.exit(f"line {line}: {column} is not a number: {row[column]!r}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("form", choices=["bar", "line", "scatter"])
    parser.add_argument("csv")
    parser.add_argument("--x", required=True)
    parser.add_argument("--y", required=True, action="append")
    parser.add_argument("--title", default="")
    parser.add_argument("--colour", action="append", default=[])
    parser.add_argument("--sort", action="store_true")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--out", required=True)
    a = parser.parse_args()
    if a.form != "line" and len(a.y) != 1:
        sys.exit(f"a {a.form} chart takes one --y")

    with open(a.csv, newline="", encoding="utf-8-sig") as f:
        rows = list(csv.DictReader(f))
    if not rows:
        sys.exit(f"{a.csv} has no rows")
    for column in [a.x, *a.y]:
        if column not in rows[0]:
            sys.exit(f"no column {column!r}: there are {', '.join(rows[0])}")
    names = [row[a.x] for row in rows]
    series = [[number(row, y, i) for i, row in enumerate(rows, start=2)] for y in a.y]
    if a.form == "bar":
        order = list(range(len(rows)))
        if a.sort:
            order.sort(key=lambda i: -series[0][i])
        order = order[:a.limit]
        names, series = [names[i] for i in order], [[series[0][i] for i in order]]

    values = [v for s in series for v in s]
    low = min(0.0, *values) if a.form == "bar" else min(values)
    marks = ticks(low, max(0.0, *values) if a.form == "bar" else max(values))
    low, high = marks[0], marks[-1]
    plot_width, plot_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def y_of(v: float) -> float:
        return TOP + plot_height * (1 - (v - low) / (high - low))

    if a.form == "scatter":
        xs = [number(row, a.x, i) for i, row in enumerate(rows, start=2)]
        x_marks = ticks(min(xs), max(xs))
        x_of = [LEFT + plot_width * (x - x_marks[0]) / (x_marks[-1] - x_marks[0]) for x in xs]
        labels = [(LEFT + plot_width * (x - x_marks[0]) / (x_marks[-1] - x_marks[0]), f"{x:g}") for x in x_marks]
    else:
        step = plot_width / len(names)
        x_of = [LEFT + step * (i + 0.5) for i in range(len(names))]
        every = max(1, math.ceil(len(names) / 12))
        labels = [(x_of[i], names[i]) for i in range(0, len(names), every)]

    colours = a.colour + COLOURS[len(a.colour):]
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{WIDTH / 2}" y="28" text-anchor="middle" font-size="18">{escape(a.title)}</text>',
    ]
    for v in marks:
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_of(v):.1f}" y2="{y_of(v):.1f}" stroke="#d9d9d9"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y_of(v) + 4:.1f}" text-anchor="end">{v:g}</text>')
    for x, text in labels:
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{escape(text)}</text>')
    for i, points in enumerate(series):
        colour = escape(colours[i % len(colours)])
        if a.form == "bar":
            width = plot_width / len(names) * 0.7
            for x, v in zip(x_of, points):
                top, bottom = sorted((y_of(v), y_of(0)))
                out.append(
                    f'<rect x="{x - width / 2:.1f}" y="{top:.1f}" width="{width:.1f}" height="{bottom - top:.1f}" fill="{colour}"/>')
        elif a.form == "line":
            path = " ".join(f"{x:.1f},{y_of(v):.1f}" for x, v in zip(x_of, points))
            out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
            out.append(f'<text x="{x_of[-1]:.1f}" y="{y_of(points[-1]) - 6:.1f}" text-anchor="end" fill="{colour}">{escape(a.y[i])}</text>')
        else:
            for x, v in zip(x_of, points):
                out.append(f'<circle cx="{x:.1f}" cy="{y_of(v):.1f}" r="4" fill="{colour}" fill-opacity="0.7"/>')
    out.append(f'<text x="{LEFT + plot_width / 2}" y="{HEIGHT - 20}" text-anchor="middle">{escape(a.x)}</text>')
    out.append(f'<text transform="translate(18 {TOP + plot_height / 2}) rotate(-90)" text-anchor="middle">{escape(", ".join(a.y))}</text>')
    out.append("</svg>")
    with open(a.out, "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n")
    print(f"{a.out}: {len(names)} points, {len(series)} series, axis {low:g} to {high:g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
