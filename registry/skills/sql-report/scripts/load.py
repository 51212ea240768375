#!/usr/bin/env python3
"""Loads CSV files into an SQLite database: load.py DATABASE FILE.csv…"""
import csv
import pathlib
import re
import sqlite3
import sys


def kind(values: list[str]) -> str:
    filled = [v for v in values if v != ""]
    for name, convert in (("INTEGER", int), ("REAL", float)):
        try:
            for v in filled:
                convert(v)
            # A leading zero is an identifier, not a number.
            if filled and not any(re.match(r"[+-]?0\d", v) for v in filled):
                return name
        except ValueError:
            continue
    return "TEXT"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    database = sqlite3.connect(sys.argv[1])
    for path in map(pathlib.Path, sys.argv[2:]):
        with path.open(newline="", encoding="utf-8-sig") as f:
            rows = list(csv.reader(f))
        if not rows:
            sys.exit(f"{path} is empty")
        header, rows = rows[0], rows[1:]
        for line, row in enumerate(rows, start=2):
            if len(row) != len(header):
                sys.exit(f"{path}:{line}: {len(row)} columns, the header has {len(header)}")
        table = quoted(re.sub(r"\W+", "_", path.stem.lower()))
        columns = ", ".join(f"{quoted(name)} {kind([r[i] for r in rows])}" for i, name in enumerate(header))
        with database:
            database.execute(f"DROP TABLE IF EXISTS {table}")
            database.execute(f"CREATE TABLE {table} ({columns})")
            marks = ", ".join("?" for _ in header)
            database.executemany(
                f"INSERT INTO {table} VALUES ({marks})", [[None if v == "" else v for v in row] for row in rows])
        print(f"{table}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
