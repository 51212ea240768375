#!/usr/bin/env python3
import csv
import sys

with open(sys.argv[1], newline="", encoding="utf-8") as file:
    print(sum(int(row["cents"]) for row in csv.DictReader(file)))
