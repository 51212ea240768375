#!/usr/bin/env python3
"""Writes every table of a PDF to a folder as CSV: p<page>-t<number>.csv."""
import argparse
import csv
import pathlib
import sys

import pdfplumber


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pdf")
    parser.add_argument("--out", default="tables")
    parser.add_argument("--strategy", choices=["lines", "text"], default="lines")
    parser.add_argument("--pages", help="for example 2-5; all when left out")
    parser.add_argument("--snap", type=float, default=3.0, help="points within which lines count as one")
    arguments = parser.parse_args()

    settings = {
        "vertical_strategy": arguments.strategy,
        "horizontal_strategy": arguments.strategy,
        "snap_tolerance": arguments.snap,
    }
    out = pathlib.Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    first, last = 1, 10**9
    if arguments.pages:
        first, _, end = arguments.pages.partition("-")
        first, last = int(first), int(end or first)

    count = 0
    with pdfplumber.open(arguments.pdf) as pdf:
        for page in pdf.pages[first - 1:last]:
            for number, table in enumerate(page.extract_tables(settings), start=1):
                rows = [["" if cell is None else cell.replace("\n", " ").strip() for cell in row] for row in table]
                rows = [row for row in rows if any(row)]
                if not rows:
                    continue
                path = out / f"p{page.page_number:03d}-t{number}.csv"
                with path.open("w", newline="", encoding="utf-8") as f:
                    csv.writer(f).writerows(rows)
                print(f"{path}: {len(rows)} rows, {max(map(len, rows))} columns")
                count += 1
    print(f"{count} tables")
    return 0 if count else 1


if __name__ == "__main__":
    sys.exit(main())
