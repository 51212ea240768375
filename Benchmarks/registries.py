#!/usr/bin/env python3
"""Measures what large registries cost: solving, bringing an index up to date, searching. CPU milliseconds (user + system)
of skvm and of the git that it runs, medians.

    registries.py --skvm PATH [--packages 100000] [--rounds 5]
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import tempfile

from bench import Run

SKILL = "---\nname: shared\ndescription: What every package of the generated registry holds.\n---\n\n# Shared\n\nRead the log.\n"
WORDS = ["table", "chart", "invoice", "audit", "commit", "deploy", "query", "image", "audio", "ledger", "parser", "mail"]


def index_path(name):
    padded = name + "____"
    return f"index/{padded[:2]}/{padded[2:4]}/{name}.jsonl"


def line(name, version, tree, needs, words):
    wanted = ",".join(f'"{package}":"{wish}"' for package, wish in sorted(needs.items()))
    return (f'{{"name":"{name}","version":"{version}","path":"skills/shared","tree":"{tree}","dependencies":{{{wanted}}},'
            f'"description":"Works on every {words[0]} and each {words[1]} of a project","keywords":["{words[2]}"]}}\n')


def names(count):
    """Spread over the index's folders as names of people's choice are."""
    source = random.Random(3)
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [f"{''.join(source.choices(letters, k=4))}-{number:06d}" for number in range(count)]


class Registry:
    """A bare repository whose index is written without a working copy."""

    def __init__(self, path):
        self.path = path
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", path], check=True)
        self.commits = 0

    def commit(self, files):
        """One commit on top of the last that writes these files."""
        stream = bytearray()
        self.commits += 1
        stream += b"commit refs/heads/main\ncommitter bench <bench@example.org> 1700000000 +0000\ndata 1\nx\n"
        if self.commits > 1:
            stream += b"from refs/heads/main^0\n"
        for path, text in files.items():
            data = text.encode()
            stream += f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
        subprocess.run(["git", "-C", self.path, "fast-import", "--quiet"], input=bytes(stream), check=True)
        for option in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"]:
            subprocess.run(["git", "-C", self.path, "config", option, "true"], check=True)


def graph_registry(path, tree, packages, versions, graph):
    """`packages` × `versions`; from package 0 on, `graph` of them are needed, each by up to three before it. Newer versions ask
    for newer ones, and every seventh newest version asks for what is not there, so that the solver has to turn back."""
    source = random.Random(11)
    every = names(packages)
    needs = {number: [] for number in range(packages)}
    for number in range(1, graph):
        for parent in {source.randrange(max(0, number // 4), number) for _ in range(source.randint(1, 3))}:
            needs[parent].append(number)
    files = {"registry.toml": 'version = 1\nname = "generated"\n', "skills/shared/SKILL.md": SKILL}
    for number, name in enumerate(every):
        lines = []
        for version in range(versions):
            wanted = {every[child]: f">=1.{max(0, version - 5)}.0, <2" for child in needs[number]}
            if number % 7 == 3 and version == versions - 1 and needs[number]:
                wanted[every[needs[number][0]]] = f">=1.{versions}.0"
            lines.append(line(name, f"1.{version}.0", tree, wanted, source.sample(WORDS, 3)))
        files[index_path(name)] = "".join(lines)
    Registry(path).commit(files)
    return every[0]


def flat_registry(path, tree, packages):
    source = random.Random(5)
    every = names(packages)
    files = {"registry.toml": 'version = 1\nname = "flat"\n', "skills/shared/SKILL.md": SKILL}
    for name in every:
        files[index_path(name)] = line(name, "1.0.0", tree, {}, source.sample(WORDS, 3))
    registry = Registry(path)
    registry.commit(files)
    return registry, every


def project(path, url, needs):
    os.makedirs(path)
    with open(f"{path}/skvm.toml", "w") as file:
        file.write(f'[registries]\ndefault = "{url}"\n\n[targets.t]\nmodel = "qwen/qwen3.5-9b"\nharness = "openclaw"\n'
                   'environment = "debian-12-x86_64"\n\n[dependencies]\n' + "".join(f'{name} = "^1"\n' for name in needs))


def median(run, rounds, before=None):
    times = []
    for number in range(rounds):
        if before:
            before(number)
        times.append(run()[0])
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--skvm", required=True)
    parser.add_argument("--packages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", help="make the registries in this folder, and leave them there")
    options = parser.parse_args()
    skvm = os.path.abspath(options.skvm)
    scratch = options.keep or tempfile.mkdtemp(prefix="skvm-bench-")
    os.makedirs(scratch, exist_ok=True)
    environment = dict(os.environ, SKVM_CACHE_DIR=f"{scratch}/cache", SKVM_CONFIG_DIR=f"{scratch}/config",
                       SKVM_STATE_DIR=f"{scratch}/state", HOME=f"{scratch}/home", NO_COLOR="1")
    os.makedirs(f"{scratch}/home", exist_ok=True)
    os.makedirs(f"{scratch}/shared", exist_ok=True)
    with open(f"{scratch}/shared/SKILL.md", "w") as file:
        file.write(SKILL)
    digest = subprocess.run([skvm, "digest", f"{scratch}/shared"], env=environment, check=True, capture_output=True, text=True)
    tree = digest.stdout.split()[0]

    root = graph_registry(f"{scratch}/graph.git", tree, 10_000, 20, 500)
    project(f"{scratch}/solve", f"file://{scratch}/graph.git", [root])
    Run([skvm, "update"], f"{scratch}/solve", environment)()
    with open(f"{scratch}/solve/skvm.lock") as file:
        graph = file.read().count("[[package]]")
    solving = Run([skvm, "update", "--dry-run", "--offline"], f"{scratch}/solve", environment)
    shutil.copy(f"{scratch}/solve/skvm.lock", f"{scratch}/solve/lock")
    print(f"solve anew, 10,000 packages × 20 versions, {graph} in the graph (`update --dry-run --offline`): "
          f"{median(solving, options.rounds):.0f} ms", flush=True)

    registry, every = flat_registry(f"{scratch}/flat.git", tree, options.packages)
    project(f"{scratch}/flat", f"file://{scratch}/flat.git", [])
    updating = Run([skvm, "registry", "update"], f"{scratch}/flat", environment)
    searching = Run([skvm, "search", "invoice", "ledger"], f"{scratch}/flat", environment)
    cpu, wall, memory = updating()
    print(f"first update of an index of {options.packages} packages: {cpu:.0f} ms, {wall:.0f} ms wall", flush=True)
    cpu, wall, memory = searching()
    print(f"first search: {cpu:.0f} ms, {wall:.0f} ms wall, {memory:.0f} MiB", flush=True)
    print(f"search: {median(searching, options.rounds):.0f} ms", flush=True)

    def publish(number):
        name = every[number]
        registry.commit({index_path(name): line(name, "1.0.0", tree, {}, WORDS[:3]) + line(
            name, f"1.{registry.commits}.0", tree, {}, WORDS[:3])})

    print(f"update after one new line: {median(updating, options.rounds, publish):.0f} ms", flush=True)

    def publish_and_update(number):
        publish(number + options.rounds)
        updating()

    print(f"search after one new line: {median(searching, options.rounds, publish_and_update):.0f} ms", flush=True)
    if not options.keep:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
