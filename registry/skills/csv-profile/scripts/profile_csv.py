#!/usr/bin/env python3
"""Profiles the columns of a CSV file in one pass."""
import argparse
import csv
import json
import re
import sys

DATES = {
    "YYYY-MM-DD": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "DD.MM.YYYY": re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}"),
    "MM/DD/YYYY": re.compile(r"\d{1,2}/\d{1,2}/\d{4}"),
}
INTEGER = re.compile(r"[+-]?\d{1,18}")
DECIMALS = {"point": re.compile(r"[+-]?\d+\.\d+"), "comma": re.compile(r"[+-]?\d+,\d+")}
MISSING = {"", "na", "n/a", "null", "none", "-", "nan"}
DISTINCT_LIMIT = 100_000


class Column:
    def __init__(self, name: str) -> None:
        self.name = name
        self.missing = self.spaces = 0
        self.types: dict[str, int] = {}
        self.formats: set[str] = set()
        self.values: set[str] = set()
        self.repeated = self.overflow = False
        self.low = self.high = None
        self.examples: dict[str, str] = {}

    def add(self, value: str) -> None:
        text = value.strip()
        if text.lower() in MISSING:
            self.missing += 1
            return
        if text != value:
            self.spaces += 1
        kind, key = self.classify(text)
        self.types[kind] = self.types.get(kind, 0) + 1
        self.examples.setdefault(kind, text[:60])
        if key is not None:
            self.low = key if self.low is None or key < self.low else self.low
            self.high = key if self.high is None or key > self.high else self.high
        if text in self.values:
            self.repeated = True
        elif len(self.values) < DISTINCT_LIMIT:
            self.values.add(text)
        else:
            self.overflow = True

    def classify(self, text: str):
        if INTEGER.fullmatch(text):
            return "integer", float(text)
        for name, pattern in DECIMALS.items():
            if pattern.fullmatch(text):
                self.formats.add(name)
                return "decimal", float(text.replace(",", "."))
        for name, pattern in DATES.items():
            if pattern.fullmatch(text):
                self.formats.add(name)
                return "date", None
        if text.lower() in {"true", "false", "yes", "no"}:
            return "boolean", None
        return "text", None

    def summary(self, rows: int) -> dict:
        kinds = set(self.types)
        if kinds == {"integer", "decimal"}:
            kinds = {"decimal"}
        kind = max(self.types, key=self.types.get) if self.types else "empty"
        if kinds == {"decimal"}:
            kind = "decimal"
        notes = []
        if len(kinds) > 1:
            notes.append("mixed types")
        if len(self.formats) > 1:
            notes.append("two formats")
        if self.spaces:
            notes.append("outside spaces")
        if rows > 1 and self.types and not self.repeated and not self.missing and not self.overflow:
            notes.append("unique")
        if rows > 1 and len(self.values) == 1 and not self.missing:
            notes.append("constant")
        return {
            "name": self.name, "type": kind, "missing": self.missing,
            "distinct": len(self.values), "distinctIsLowerBound": self.overflow,
            "min": self.low, "max": self.high, "notes": notes, "examples": self.examples,
        }


def read(path: str):
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            with open(path, newline="", encoding=encoding) as f:
                sample = f.read(65536)
            return encoding, csv.Sniffer().sniff(sample, delimiters=",;\t|").delimiter
        except UnicodeDecodeError:
            continue
        except csv.Error:
            return encoding, ","
    sys.exit(f"{path}: neither UTF-8 nor Windows-1252")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("csv")
    parser.add_argument("--json", help="write the whole profile there")
    parser.add_argument("--key", help="only count duplicates of this column")
    a = parser.parse_args()
    encoding, delimiter = read(a.csv)
    rows = ragged = 0
    with open(a.csv, newline="", encoding=encoding, errors="replace") as f:
        reader = csv.reader(f, delimiter=delimiter)
        header = next(reader, None)
        if header is None:
            sys.exit(f"{a.csv} is empty")
        if a.key:
            if a.key not in header:
                sys.exit(f"no column {a.key!r}: there are {', '.join(header)}")
            seen: dict[str, int] = {}
            index = header.index(a.key)
            for row in reader:
                value = row[index] if index < len(row) else ""
                seen[value] = seen.get(value, 0) + 1
            duplicates = {k: n for k, n in seen.items() if n > 1}
            for value, count in sorted(duplicates.items(), key=lambda item: -item[1])[:20]:
                print(f"{count}x {value}")
            print(f"{len(duplicates)} values of {a.key} are repeated")
            return 1 if duplicates else 0
        columns = [Column(name) for name in header]
        for row in reader:
            rows += 1
            ragged += len(row) != len(header)
            for i, column in enumerate(columns):
                column.add(row[i] if i < len(row) else "")
    summaries = [column.summary(rows) for column in columns]
    table = [["column", "type", "missing", "distinct", "min", "max", "notes"]]
    for s in summaries:
        bounds = ["" if s[k] is None else f"{s[k]:g}" for k in ("min", "max")]
        table.append([s["name"], s["type"], str(s["missing"]), str(s["distinct"]), *bounds, ", ".join(s["notes"])])
    widths = [max(len(line[i]) for line in table) for i in range(7)]
    for line in table:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())
    print(f"{rows} rows, {len(columns)} columns, {ragged} rows of another width, {encoding}, delimiter {delimiter!r}")
    if a.json:
        with open(a.json, "w", encoding="utf-8") as f:
            json.dump({"file": a.csv, "rows": rows, "ragged": ragged, "encoding": encoding,
                       "delimiter": delimiter, "columns": summaries}, f, indent=1, ensure_ascii=False)
            f.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
