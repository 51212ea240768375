#!/usr/bin/env python3
"""Compiles a corpus of skills for every profile and measures what the static engine makes of them.

    corpus.py --skvm PATH --corpus DIR [--profiles DIR] [--jobs N] [--write docs/compiler.md]

Each folder of DIR is a skill, each profile a target. A gap is a requirement of the source above the target's level; it is
closed when `skvm inspect` of the variant no longer finds the requirement above that level. Nothing is taken from what the
passes say of themselves, but for the token counts that `guard` compared. Exit status 1 when a bar is not held.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import tomllib

LEVELS = {None: 0, "L0": 0, "L1": 1, "L2": 2, "L3": 3}
BEGIN, END = "<!-- corpus.py: begin -->", "<!-- corpus.py: end -->"


def targets(folder):
    """Name, model, harness and levels of every profile."""
    found = []
    for harness in sorted(os.listdir(folder)):
        for file in sorted(os.listdir(f"{folder}/{harness}")):
            with open(f"{folder}/{harness}/{file}", "rb") as opened:
                profile = tomllib.load(opened)
            levels = {name: entry.get("level") for name, entry in profile["primitives"].items()}
            found.append((f"t{len(found):02}", profile["model"], profile["harness"], levels))
    return found


def run(skvm, *arguments, cwd):
    result = subprocess.run([skvm, *arguments], cwd=cwd, capture_output=True, text=True)
    if result.returncode not in (0, 1):
        sys.exit(f"skvm {' '.join(arguments)} in {cwd} ended with {result.returncode}:\n{result.stderr[:2000]}")
    return result.stdout


def workspace(root, folder, chosen):
    """A workspace with a copy of each skill, and the targets."""
    os.makedirs(f"{root}/skills")
    for name in sorted(os.listdir(folder)):
        if os.path.isdir(f"{folder}/{name}"):
            shutil.copytree(f"{folder}/{name}", f"{root}/skills/{name}", symlinks=True)
    lines = ["[workspace]", 'members = ["skills/*"]', ""]
    for name, model, harness, _ in chosen:
        lines += [f"[targets.{name}]", f'model = "{model}"', f'harness = "{harness}"',
                  'environment = "debian-12-x86_64"', ""]
    with open(f"{root}/skvm.toml", "w") as file:
        file.write("\n".join(lines))


class Inspections:
    """Requirements by content: many targets get the same variant."""

    def __init__(self, skvm):
        self.skvm, self.known, self.paths = skvm, {}, {}

    def key(self, folder):
        with open(f"{folder}/SKILL.md", "rb") as file:
            names = sorted(os.path.relpath(os.path.join(at, name), folder)
                           for at, _, files in os.walk(folder) for name in files if "/.skvm" not in at)
            return hashlib.sha256(file.read() + "\0".join(names).encode()).hexdigest()

    def look(self, folder):
        answer = json.loads(run(self.skvm, "inspect", folder, "--json", cwd="/"))
        said = {one["primitive"] for one in answer.get("requirement_details", [])
                if {"require.one-at-a-time", "require.point-by-point"}.intersection(one["rules"])}
        return answer.get("requirements", {}), said

    def all(self, folders, jobs):
        keys = {folder: self.key(folder) for folder in folders}
        wanted = {key: folder for folder, key in keys.items() if key not in self.known}
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for key, found in zip(wanted, pool.map(self.look, wanted.values())):
                self.known[key] = found
        return {folder: self.known[key] for folder, key in keys.items()}


def measure(options, scratch):
    chosen = targets(options.profiles)
    root = f"{scratch}/project"
    workspace(root, options.corpus, chosen)
    answer = json.loads(run(options.skvm, "build", "--keep-going", "--json", "--jobs", str(options.jobs), cwd=root))
    errors = collections.Counter(d["id"] for d in answer["diagnostics"] if d["severity"] == "error")
    variants = answer["variants"]
    # A package takes its name from its front matter: the variant's manifest does not say the folder, the source does.
    places = {(v["package"], v["target"]): os.path.join(root, v['path']) for v in variants}
    listed = json.loads(run(options.skvm, "build", "--json", "--keep-going", cwd=root))
    if listed["ran"]:
        print("a second build ran something", file=sys.stderr)
    inspections = Inspections(options.skvm)
    sources = {}
    for folder in sorted(os.listdir(f"{root}/skills")):
        sources[folder] = f"{root}/skills/{folder}"
    found = inspections.all(list(places.values()), options.jobs)
    # Which source a variant has is told by the tree digest in its manifest.
    by_tree = {}
    for folder in sources.values():
        by_tree[run(options.skvm, "digest", folder, cwd=root).split()[0]] = folder
    demanded = inspections.all(list(sources.values()), options.jobs)

    gaps = collections.Counter()
    closed = collections.Counter()
    by_sentence = 0
    tokens = []
    matched = 0
    for name, model, harness, levels in chosen:
        for (package, target), place in places.items():
            if target != name:
                continue
            with open(f"{place}/.skvm/variant.json") as file:
                manifest = json.load(file)
            source = by_tree.get(manifest["source"])
            if source is None:
                continue
            matched += 1
            tokens.append(manifest["tokens"]["variant"] / max(1, manifest["tokens"]["source"]))
            for primitive, level in demanded[source][0].items():
                if primitive not in levels:
                    continue
                width = LEVELS[level] - LEVELS[levels[primitive]]
                if width <= 0:
                    continue
                gaps[primitive, min(width, 2)] += 1
                after = found[place][0].get(primitive)
                if LEVELS[after] <= LEVELS[levels[primitive]]:
                    closed[primitive, min(width, 2)] += 1
                    if width == 1 and primitive in found[place][1] - demanded[source][1]:
                        by_sentence += 1
    return chosen, errors, places, matched, gaps, closed, by_sentence, tokens, len(sources)


def stability(options, scratch, sample):
    """How many of the sampled variants a second compilation for the same target would change."""
    changed = []
    chosen = targets(options.profiles)
    for name, model, harness, _ in chosen:
        of_target = [place for (_, target), place in sample.items() if target == name]
        if not of_target:
            continue
        root = f"{scratch}/again-{name}"
        os.makedirs(f"{root}/skills")
        with open(f"{root}/skvm.toml", "w") as file:
            file.write('[workspace]\nmembers = ["skills/*"]\n\n'
                       f'[targets.{name}]\nmodel = "{model}"\nharness = "{harness}"\nenvironment = "debian-12-x86_64"\n')
        copies = {}
        for number, place in enumerate(of_target):
            copy = f"{root}/skills/{number:04}"
            shutil.copytree(place, copy, symlinks=True, ignore=shutil.ignore_patterns(".skvm"))
            copies[run(options.skvm, "digest", copy, cwd=root).split()[0]] = copy
        answer = json.loads(run(options.skvm, "build", "--keep-going", "--json", cwd=root))
        for variant in answer["variants"]:
            place = os.path.join(root, variant['path'])
            with open(f"{place}/.skvm/variant.json") as file:
                copy = copies.get(json.load(file)["source"])
            if copy and open(f"{copy}/SKILL.md", "rb").read() != open(f"{place}/SKILL.md", "rb").read():
                changed.append(place)
        if options.verbose:
            for place in changed:
                print("changes again:", place, file=sys.stderr)
    return changed


def table(gaps, closed):
    names = sorted({name for name, _ in gaps})
    rows = ["| primitive | gaps of one level | closed | gaps of two and more | closed |", "|---|---|---|---|---|"]
    for name in names + [None]:
        cells = []
        for width in (1, 2):
            total = sum(n for (p, w), n in gaps.items() if w == width and name in (None, p))
            shut = sum(n for (p, w), n in closed.items() if w == width and name in (None, p))
            cells += [str(total), f"{shut / total:.2f}" if total else "–"]
        rows.append(f"| {'**all**' if name is None else f'`{name}`'} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser()
    parser.add_argument("--skvm", required=True)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--profiles", default=f"{here}/registry/profiles")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--sample", type=int, default=20, help="every how many variants are compiled a second time")
    parser.add_argument("--write", help="a Markdown file whose marked part is replaced")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    options.skvm, options.corpus = os.path.abspath(options.skvm), os.path.abspath(options.corpus)
    scratch = tempfile.mkdtemp(prefix="skvm-corpus-")
    os.environ.update(SKVM_CACHE_DIR=f"{scratch}/cache", SKVM_STATE_DIR=f"{scratch}/state",
                      SKVM_CONFIG_DIR=f"{scratch}/config", NO_COLOR="1")
    try:
        chosen, errors, places, matched, gaps, closed, by_sentence, tokens, skills = measure(options, scratch)
        sample = dict(sorted(places.items())[::options.sample])
        changed = stability(options, scratch, sample)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    one = sum(n for (_, w), n in gaps.items() if w == 1)
    shut = sum(n for (_, w), n in closed.items() if w == 1)
    share = shut / one if one else 1.0
    guarded = sum(n for name, n in errors.items() if name.startswith("guard."))
    told = ", ".join(f"`{name}` {number}" for name, number in sorted(errors.items())) or "none"
    text = "\n".join([
        f"{skills} skills × {len(chosen)} profiles: {len(places)} variants, {matched} of them placed beside their source.",
        "",
        f"- errors: {told}",
        f"- variants that `guard` refused: {guarded}",
        f"- gaps of one level closed: {share:.2f} of {one} (at least 0.50); of the {shut}, "
        f"{shut - by_sentence} by the text's own structure ({(shut - by_sentence) / max(1, one):.2f}), {by_sentence} by a "
        f"sentence that takes things one at a time ({by_sentence / max(1, one):.2f})",
        f"- a variant's tokens by its source's: median {statistics.median(tokens):.3f} (at most 1.10), "
        f"greatest {max(tokens):.2f}",
        f"- compiled a second time, a sample of {len(sample)}: {len(changed)} changed (0)",
        "", table(gaps, closed)])
    print(text)
    if options.write:
        with open(options.write) as file:
            before, rest = file.read().split(BEGIN)
        with open(options.write, "w") as file:
            file.write(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")
    held = guarded == 0 and share >= 0.5 and statistics.median(tokens) <= 1.10 and not changed
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
