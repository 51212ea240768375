#!/bin/sh
# The main job, from nothing to a verified install without a network: demo.sh [SKVM_BINARY]
# Runs in a scratch folder, checks each thing that it says, and fails at the first that does not hold.
# SKVM_DEMO_KEEP=1 leaves the scratch folder.
set -eu

source=$(cd "$(dirname "$0")/.." && pwd)
binary=${1:-$source/.build/release/skvm}
[ -x "$binary" ] || { echo "error: no skvm at $binary; run make build" >&2; exit 1; }

scratch=$(mktemp -d "${TMPDIR:-/tmp}/skvm-demo.XXXXXX")
leave() {
    status=$?
    if [ "$status" != 0 ]; then
        echo >&2
        echo "the demo failed; what it left is in $scratch" >&2
    elif [ "${SKVM_DEMO_KEEP:-0}" = 1 ]; then
        echo "kept $scratch"
    else
        rm -rf "$scratch"
    fi
}
trap leave EXIT

project=$scratch/project
mkdir -p "$scratch/home" "$scratch/cache" "$scratch/config" "$project"
network=

# Nothing of the user's reaches skvm, and nothing of skvm's reaches the user.
clean() {
    env -i PATH="$PATH" HOME="${home:-$scratch/home}" LANG=C.UTF-8 NO_COLOR=1 TMPDIR="$scratch" \
        SKVM_CACHE_DIR="$scratch/cache" SKVM_CONFIG_DIR="$scratch/config" \
        GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.org \
        GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.org "$@"
}

step() {
    printf '\n== %s\n' "$*"
}

# Runs skvm in the project and shows the command.
run() {
    echo "\$ skvm $*"
    # shellcheck disable=SC2086 # $network is a command with its options
    clean $network "$binary" "$@"
}

# The same with --json, into $scratch/result.json; shows what ran and why.
run_json() {
    echo "\$ skvm $*"
    # shellcheck disable=SC2086
    if ! clean $network "$binary" "$@" --json > "$scratch/result.json"; then
        cat "$scratch/result.json"
        exit 1
    fi
    python3 - "$scratch/result.json" << 'PYTHON'
import collections, json, sys

result = json.load(open(sys.argv[1], encoding="utf-8"))
ran = result["ran"]
print(f"  {len(ran)} actions ran, {result['cached']} were cached, {len(result['variants'])} variants")
count = collections.Counter(r["pass"] for r in ran)
if count:
    print("  " + ", ".join(f"{name} {n}" for name, n in count.items()))
shown = {}
for r in ran:
    shown.setdefault((r["pass"], r["why"]), r)
for (_, why), r in list(shown.items())[:8]:
    target = f" → {r['target']}" if r["target"] else ""
    print(f"  {r['pass']:<9} {r['package']}{target}: {why}")
if len(shown) > 8:
    print(f"  … and {len(shown) - 8} more reasons")
for d in result["diagnostics"]:
    print(f"  {d['severity']}: {d['message']} [{d['id']}]")
PYTHON
}

# claim SENTENCE EXPRESSION: a Python expression over the last result.
claim() {
    python3 - "$scratch/result.json" "$1" "$2" << 'PYTHON'
import json, sys

path, sentence, expression = sys.argv[1:4]
j = json.load(open(path, encoding="utf-8"))
ran = j["ran"]
known = {
    "j": j, "ran": ran,
    "passes": {r["pass"] for r in ran},
    "packages": {r["package"] for r in ran},
    "targets": {r["target"] for r in ran},
    "count": lambda name: sum(r["pass"] == name for r in ran),
    "variants": {(v["package"], v["target"]): v for v in j["variants"]},
    "edits": lambda target: sum(
        len(json.load(open(v["path"] + "/.skvm/variant.json", encoding="utf-8"))["edits"])
        for v in j["variants"] if v["target"] == target),
    "trees": lambda other: {(v["package"], v["target"], v["tree"]) for v in other["variants"]},
    "load": lambda p: json.load(open(p, encoding="utf-8")),
}
if not eval(expression, known):
    sys.exit(f"  DOES NOT HOLD: {sentence}\n  ({expression})")
print(f"  holds: {sentence}")
PYTHON
}

# holds SENTENCE COMMAND…: the command succeeds.
holds() {
    sentence=$1
    shift
    if ! "$@" > /dev/null 2>&1; then
        echo "  DOES NOT HOLD: $sentence" >&2
        echo "  ($*)" >&2
        exit 1
    fi
    echo "  holds: $sentence"
}

step "a registry, served by git"
cp -R "$source/registry" "$scratch/registry"
(
    cd "$scratch/registry"
    find . -name __pycache__ -prune -exec rm -rf {} +
    clean git init --quiet --initial-branch main
    clean git add --all
    clean git commit --quiet --message "The registry"
)
url=file://$scratch/registry
echo "  $url"

step "an empty project with three targets: two weak models, one strong; three harnesses"
cd "$project"
run init
run registry add default "$url"
run target add weak-openclaw --model qwen/qwen3.5-9b --harness openclaw --environment debian-12-x86_64
run target add weak-hermes --model deepseek/deepseek-v4-flash --harness hermes --environment debian-12-slim-x86_64
run target add strong-bare --model anthropic/claude-opus-4.6 --harness bare-agent --environment ubuntu-24.04-x86_64

step "three skills; charts brings palette along"
run add pdf-tables
run add charts@^1.0
run add log-triage
run_json install --user
claim "four packages were compiled for three targets" 'j["ok"] and len(variants) == 12'
claim "every pass of the graph ran" \
    'passes >= {"parse", "require", "depend", "flow", "solidify", "gap", "lower", "bind", "schedule", "link", "guard"}'
claim "what does not depend on a target ran once for each skill" \
    'all(count(p) == 4 for p in ("parse", "require", "depend", "flow", "solidify"))'
claim "the weak models got more help than the strong one" \
    'edits("weak-openclaw") > edits("strong-bare") and edits("weak-hermes") > 0'
holds "OpenClaw finds its variant" test -f "$scratch/home/.openclaw/skills/pdf-tables/SKILL.md"
holds "Hermes finds its variant" test -f "$scratch/home/.hermes/skills/pdf-tables/SKILL.md"
holds "any other agent finds its variant" test -f "$scratch/home/.agents/skills/pdf-tables/SKILL.md"
holds "scripts are still executable" \
    test -x "$scratch/home/.hermes/skills/pdf-tables/scripts/extract_tables.py"
holds "the repair script is a shell script" sh -n "$scratch/home/.hermes/skills/pdf-tables/.skvm/bind.sh"
if [ -x "$source/.venv/bin/hermes" ]; then
    clean "$source/.venv/bin/hermes" skills list > "$scratch/hermes.txt" 2> /dev/null
    holds "hermes skills list shows it" grep -q pdf-tables "$scratch/hermes.txt"
fi
run explain pdf-tables --target weak-openclaw

step "again: nothing runs"
run_json build
claim "nothing ran" 'j["ok"] and ran == [] and j["cached"] > 0'

step "a skill of our own"
mkdir skills-src
cp -R "$scratch/registry/skills/meeting-minutes" skills-src/
run add ./skills-src/meeting-minutes
run_json build
claim "only the new skill was compiled" 'packages == {"meeting-minutes"} and len(variants) == 15'

step "touched, not changed: nothing runs"
touch skills-src/meeting-minutes/SKILL.md
run_json build
claim "nothing ran" 'ran == []'

step "one line of it changes"
sed -i.bak 's/<three to six sentences>/<three to ten sentences>/' skills-src/meeting-minutes/SKILL.md
rm skills-src/meeting-minutes/SKILL.md.bak
run_json build
claim "only that skill was compiled again" 'packages == {"meeting-minutes"}'
claim "it was parsed once, then linked and guarded again" \
    'count("parse") == 1 and count("link") > 0 and count("guard") > 0'
claim "what it depends on is as before, so nothing was bound again" '"bind" not in passes'

step "a profile of our own: first the same, then with one level changed"
mkdir profiles
cp "$scratch/registry/profiles/openclaw/qwen--qwen3.5-9b.toml" profiles/qwen.toml
python3 - << 'PYTHON'
text = open("skvm.toml", encoding="utf-8").read()
head = "[targets.weak-openclaw]\n"
assert head in text, "skvm.toml has no [targets.weak-openclaw]"
open("skvm.toml", "w", encoding="utf-8").write(text.replace(head, head + 'profile = "profiles/qwen.toml"\n'))
PYTHON
run_json build
claim "the same levels from another file: nothing ran" 'ran == []'
python3 - << 'PYTHON'
text = open("profiles/qwen.toml", encoding="utf-8").read()
before = '[primitives."tool.exec"]\nlevel = "L1"\ntrials = { L1 = [3, 3], L2 = [2, 3], L3 = [0, 3] }\n'
after = '[primitives."tool.exec"]\nlevel = "L3"\ntrials = { L1 = [3, 3], L2 = [3, 3], L3 = [3, 3] }\n'
assert before in text, "the profile is not as expected"
open("profiles/qwen.toml", "w", encoding="utf-8").write(text.replace(before, after))
PYTHON
echo "  tool.exec: L1 → L3"
run_json build
claim "gaps were found again, and only what depends on them ran" \
    'count("gap") > 0 and passes <= {"gap", "lower", "schedule", "link", "guard"}'
claim "only for the target with that profile" 'targets == {"weak-openclaw"}'
claim "the reason names the level" 'any("tool.exec" in r["why"] for r in ran)'
run explain pdf-tables --target weak-openclaw > "$scratch/explain.txt"
cat "$scratch/explain.txt"
holds "explain names it as well" grep -q "tool.exec" "$scratch/explain.txt"

step "another environment"
python3 - << 'PYTHON'
text = open("skvm.toml", encoding="utf-8").read()
before = 'environment = "debian-12-x86_64"'
assert text.count(before) == 1, "skvm.toml is not as expected"
open("skvm.toml", "w", encoding="utf-8").write(text.replace(before, 'environment = "macos-15-arm64"'))
PYTHON
run_json build
claim "only bind, link and guard ran" 'passes and passes <= {"bind", "link", "guard"} and count("bind") > 0'
claim "only for the target with that environment" 'targets == {"weak-openclaw"}'

step "no network, and the registry is gone"
run_json install --user
cp "$scratch/result.json" "$scratch/online.json"
mv "$scratch/registry" "$scratch/registry-gone"
if unshare --net true 2> /dev/null; then
    network="unshare --net"
elif unshare --map-root-user --net true 2> /dev/null; then
    network="unshare --map-root-user --net"
else
    echo "  (no network namespace can be made here: --offline alone has to do)"
fi
run_json build --offline
claim "the build is up to date" 'j["ok"] and ran == []'
run_json install --user --offline
claim "so is the install" 'j["ok"] and ran == []'

step "a colleague: the committed files, the cache, no network"
mkdir "$scratch/colleague" "$scratch/colleague-home"
cp -R skvm.toml skvm.lock profiles skills-src "$scratch/colleague/"
cd "$scratch/colleague"
home=$scratch/colleague-home
run_json install --user --offline --locked
claim "nothing was compiled" 'j["ok"] and ran == []'
claim "the variants are the same, to the byte" \
    "trees(j) == trees(load('$scratch/online.json')) and len(variants) == 15"
holds "the lock is untouched" cmp skvm.lock "$project/skvm.lock"
run verify

step "verify"
cd "$project"
home=$scratch/home
victim=$scratch/home/.hermes/skills/charts/SKILL.md
cp -p "$victim" "$scratch/victim"
echo "one more line" >> "$victim"
if clean "$binary" verify > "$scratch/verify.txt" 2>&1; then
    echo "  DOES NOT HOLD: verify notices an edited file" >&2
    exit 1
fi
holds "verify notices an edited file and names it" grep -q "charts" "$scratch/verify.txt"
cp -p "$victim" "$scratch/edited"
run install --user --offline
holds "install leaves the edit" cmp "$victim" "$scratch/edited"
cp -p "$scratch/victim" "$victim"
run verify

printf '\nall of it held\n'
