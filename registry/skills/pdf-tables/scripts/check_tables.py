#!/usr/bin/env python3
"""Reports numbers that stand on a page and in none of the tables taken from it."""
import csv
import pathlib
import re
import subprocess
import sys

NUMBER = re.compile(r"\d[\d.,]*")


def numbers(text: str) -> list[str]:
    return [match.rstrip(".,") for match in NUMBER.findall(text)]


def main() -> int:
    if len(sys.argv) != 3:
        print("usage: check_tables.py FILE.pdf TABLES_FOLDER", file=sys.stderr)
        return 2
    pdf, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    pages: dict[int, list[str]] = {}
    for path in sorted(folder.glob("p*-t*.csv")):
        page = int(path.name[1:4])
        with path.open(newline="", encoding="utf-8") as f:
            for row in csv.reader(f):
                for cell in row:
                    pages.setdefault(page, []).extend(numbers(cell))
    lost = 0
    for page, found in sorted(pages.items()):
        text = subprocess.run(
            ["pdftotext", "-layout", "-f", str(page), "-l", str(page), pdf, "-"],
            check=True, capture_output=True, text=True).stdout
        remaining = list(found)
        for number in numbers(text):
            if number in remaining:
                remaining.remove(number)
            else:
                print(f"page {page}: lost {number}")
                lost += 1
    print(f"{lost} lost on {len(pages)} pages")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
