"""Generated workloads: a workspace of skills for skvm, and as many files and actions for ninja, samurai and make."""

import os
import random

TARGETS = [
    ("weak", "qwen/qwen3.5-9b", "openclaw"),
    ("middle", "deepseek/deepseek-v4-flash", "hermes"),
    ("strong", "anthropic/claude-opus-4.6", "bare-agent"),
]
VERBS = ["Collect", "Read", "Check", "Sort", "Write", "Compare", "Count", "Split", "Merge", "Print"]
NOUNS = ["the report", "each row", "the log", "the totals", "the index", "the summary", "every page", "the config"]


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def skill_text(name, random_source):
    """About 3 KB: front matter, numbered steps, shell and Python fragments, constraints, a stated format."""
    steps = "\n".join(
        f"{i}. {random_source.choice(VERBS)} {random_source.choice(NOUNS)} with `scripts/run.sh {i}`."
        for i in range(1, random_source.randint(4, 8)))
    code = "\n".join(f"value_{i} = load('{name}-{i}.csv')" for i in range(random_source.randint(6, 24)))
    prose = " ".join(
        f"{random_source.choice(VERBS)} {random_source.choice(NOUNS)} before you go on." for _ in range(24))
    return f"""---
name: {name}
description: Works on generated input number {name}. Use when a benchmark needs a skill of ordinary size.
---

# {name}

{prose}

## Steps

{steps}

## Commands

```bash
mkdir -p out && cp data.csv out/ && cd out
python3 scripts/main.py --input data.csv | sort | uniq -c > counts.txt
curl -s https://example.org/{name}.json | jq '.items[]' > items.json
```

```python
import csv, json
{code}
print(json.dumps(value_0))
```

You MUST keep every row. Never write outside `out/`. The result has at least 3 columns.

## Output

Answer with JSON that has the fields `name`, `count` and `notes`.
"""


def skvm_workspace(root, count, registry):
    source = random.Random(7)
    lines = ["[workspace]", 'members = ["skills/*"]', ""]
    if registry:
        lines += ["[registries]", f'default = "{registry}"', ""]
    for name, model, harness in TARGETS:
        lines += [f"[targets.{name}]", f'model = "{model}"', f'harness = "{harness}"',
                  'environment = "debian-12-x86_64"', ""]
    put(f"{root}/skvm.toml", "\n".join(lines))
    for index in range(count):
        name = f"bench-{index:05d}"
        put(f"{root}/skills/{name}/SKILL.md", skill_text(name, source))
        put(f"{root}/skills/{name}/scripts/run.sh", "#!/bin/sh\necho \"$1\"\n")
        put(f"{root}/skills/{name}/scripts/main.py", "import csv, sys\nprint(len(sys.argv))\n")
        put(f"{root}/skills/{name}/references/notes.md", f"# Notes of {name}\n")


def depend_on_members(root, count):
    """What a project's own dependencies need is installed; members alone are only built."""
    with open(f"{root}/skvm.toml", "a") as file:
        file.write("[dependencies]\n")
        for index in range(count):
            file.write(f'bench-{index:05d} = {{ path = "skills/bench-{index:05d}" }}\n')


def peer_workspace(root, count):
    """4 inputs and 12 outputs a skill (3 targets × 4 trivial passes), each pass a copy."""
    ninja = ["rule pass", "  command = cat $in > $out", ""]
    make = ["MAKEFLAGS += -r -s", "all:"]
    rules, everything = [], []
    for index in range(count):
        base = f"s/{index:05d}"
        inputs = [f"{base}/in{i}" for i in range(4)]
        for path in inputs:
            put(f"{root}/{path}", path + "\n" * 40)
        for target in "abc":
            previous = " ".join(inputs)
            for step in range(4):
                out = f"{base}/{target}{step}"
                ninja.append(f"build {out}: pass {previous}")
                rules.append(f"{out}: {previous}\n\tcat $^ > $@")
                everything.append(out)
                previous = out
    put(f"{root}/build.ninja", "\n".join(ninja) + "\n")
    put(f"{root}/Makefile", "\n".join(make) + "\nall: " + " ".join(everything) + "\n" + "\n".join(rules) + "\n")
