#!/usr/bin/env python3
"""How right the analysis is on each set of labels: the table of docs/eval.md.

    eval.py --skvm PATH [--shared ../shared] [--sets even,odd,closed,…]

Only sums are printed: of some sets neither texts nor labels may be looked at (docs/eval.md).
"""

import argparse
import collections
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile

CLOSED = {18, 26, 34, 42, 66, 74}
HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ["requirements", "dependencies", "dependencies+kind", "steps", "step edges", "parallel", "templates",
         "relative_paths", "hazards", "levels", "archetype"]


def sets(shared):
    """Label files and the folder of their skills, by set."""
    found = collections.OrderedDict((name, ([], f"{shared}/eval/skills")) for name in ["even", "odd", "closed"])
    for file in sorted(os.listdir(f"{shared}/eval/labels")):
        number = int(file.split("-")[0])
        name = "closed" if number in CLOSED else "odd" if number // 2 % 2 else "even"
        found[name][0].append(f"{shared}/eval/labels/{file}")
    for name in ["see", "fresh", "style", "study", "learn", "keep", "held", "last", "blind", "apart", "prove", "end"]:
        folder = f"{HERE}/labels/{name}"
        found[name] = ([f"{folder}/{file}" for file in sorted(os.listdir(folder))], f"{shared}/corpus")
    return found


def score(skvm, shared, labels, skills):
    """F1 by kind."""
    with tempfile.TemporaryDirectory(prefix="skvm-eval-") as want:
        for label in labels:
            shutil.copy(label, want)
        told = subprocess.run(
            [sys.executable, f"{shared}/eval/score.py", "--labels", want, "--skills", skills, "--skvm", skvm, "--json"],
            check=True, capture_output=True, text=True).stdout
    return {kind: figure["f1"] for kind, figure in json.loads(told)["figures"].items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--skvm", required=True)
    parser.add_argument("--shared", default=f"{HERE}/../../shared")
    parser.add_argument("--sets")
    options = parser.parse_args()
    chosen = sets(options.shared)
    if options.sets:
        chosen = {name: chosen[name] for name in options.sets.split(",")}
    skvm = os.path.abspath(options.skvm)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {name: pool.submit(score, skvm, options.shared, *chosen[name]) for name in chosen}
    figures = {name: run.result() for name, run in runs.items()}
    print("| kind | " + " | ".join(f"{name} ({len(chosen[name][0])})" for name in chosen) + " |")
    print("|---" * (len(chosen) + 1) + "|")
    for kind in KINDS:
        print(f"| {kind} | " + " | ".join(f"{figures[name][kind]:.2f}" for name in chosen) + " |")


if __name__ == "__main__":
    main()
