#!/bin/bash
# What it costs to read one skill of a large repository: bytes on the wire, requests and objects, for a full clone, a
# clone of depth 1 and the ways open to skvm. Serves a generated repository by `git http-backend` behind lighttpd.
#
#   Benchmarks/fetch-cost.sh [SKILLS] [COMMITS]        2000 and 400 unless told
#
# With SKVM=PATH of a built skvm, also what its commands take for all skills of the repository at once: 200 skills are enough for
# that, SKVM=.build/release/skvm Benchmarks/fetch-cost.sh 200 20.
#
# Needs git, lighttpd and python3 (`make setup`). Prints one line a way; every figure comes from the web server's log.
set -euo pipefail

skills=${1:-2000}
commits=${2:-400}
work=$(mktemp -d)
skvm=${SKVM:+$(realpath "$SKVM")}
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null HOME=$work
mkdir "$work/root"
cd "$work"

# A history in which each commit after the first changes ten skills.
python3 - "$skills" "$commits" > history <<'PYTHON'
import hashlib, random, sys
skills, commits = int(sys.argv[1]), int(sys.argv[2])
random.seed(1)
out = sys.stdout.buffer
words = [hashlib.sha1(str(i).encode()).hexdigest()[:random.randint(3, 9)] for i in range(3000)]
def text(count): return (" ".join(random.choice(words) for _ in range(count)) + "\n").encode()
def file(mode, path, data):
    out.write(b"M %s inline %s\ndata %d\n" % (mode, path, len(data)) + data + b"\n")
for commit in range(commits):
    out.write(b"commit refs/heads/main\ncommitter A <a@example.org> %d +0000\ndata 1\nc\n" % (1700000000 + commit * 600))
    for skill in range(skills) if commit == 0 else random.sample(range(skills), 10):
        name = b"skill-%05d" % skill
        folder = b"skills/" + name
        file(b"644", folder + b"/SKILL.md", b"---\nname: " + name + b"\ndescription: generated\n---\n" + text(400))
        if commit == 0:
            file(b"755", folder + b"/scripts/run.sh", b"#!/bin/sh\n" + text(100))
            file(b"644", folder + b"/references/guide.md", text(600))
    out.write(b"\n")
out.write(b"done\n")
PYTHON
git init -q --bare --initial-branch=main root/s.git
git -C root/s.git fast-import --quiet --done < history
git -C root/s.git repack -adq
git -C root/s.git config uploadpack.allowFilter true
head=$(git -C root/s.git rev-parse main)
folder=skills/skill-00007

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port/git/s.git
serve() {
    cat > "$work/lighttpd.conf" <<CONF
server.document-root = "$work"
server.bind = "127.0.0.1"
server.port = $port
server.errorlog = "$work/errors"
server.modules = ("mod_alias", "mod_setenv", "mod_cgi", "mod_accesslog")
accesslog.filename = "$work/log"
accesslog.format = "%m %I %O"
alias.url = ("/git" => "/usr/lib/git-core/git-http-backend")
cgi.assign = ("" => "")
setenv.add-environment = ("GIT_PROJECT_ROOT" => "$work/root", "GIT_HTTP_EXPORT_ALL" => "1")
CONF
    : > "$work/log"
    "$(PATH=$PATH:/usr/sbin command -v lighttpd)" -D -f "$work/lighttpd.conf" &
    server=$!
    until python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))" 2>/dev/null; do sleep 0.05; done
}

# measure NAME REPOSITORY COMMAND…: runs the command against a fresh server, whose log is whole once it has stopped.
measure() {
    local name=$1 repository=$2
    shift 2
    serve
    "$@"
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
    local objects
    objects=$(for index in "$repository"/objects/pack/*.idx; do git show-index < "$index"; done | awk '{ print $2 }' | sort -u | wc -l)
    awk -v name="$name" -v objects="$objects" '
        $1 != "GET" && $1 != "POST" { next } { n++; sent += $2; got += $3 }
        END { printf "%-44s %12d bytes in %10d bytes out %3d requests %7d objects\n", name, got, sent, n, objects }' log
}

whole() { git clone -q --bare "$url" full; }
shallow() { git clone -q --bare --depth 1 "$url" shallow; }

# The commands that Sources/Git/GitProgram.swift runs.
fetch() {
    local repository=$1 filter=$2
    shift 2
    git --git-dir="$repository" -c remote.skvm.url="$url" -c remote.skvm.promisor=true \
        -c remote.skvm.partialCloneFilter="$filter" -c fetch.unpackLimit=1 -c gc.auto=0 "${extra[@]}" \
        fetch --quiet --no-tags --no-write-fetch-head --no-auto-maintenance "$@"
}
missing() {
    git -C root/s.git ls-tree "${@:2}" | awk '{ print $3 }' > "$1"
    extra=(-c fetch.negotiationAlgorithm=noop)
}
skvm_way() {
    git init -q --bare ours
    git --git-dir=ours ls-remote --symref "$url" > /dev/null
    extra=()
    fetch ours blob:none --depth=1 --end-of-options skvm "+$head:refs/skvm/$head"
    missing ids -r "$head" "$folder/"
    fetch ours blob:none --stdin --end-of-options skvm < ids
}
update() {
    extra=()
    fetch ours blob:none --depth=1 --end-of-options skvm "+$next:refs/skvm/$next"
    missing ids -r "$next" "$folder/"
    fetch ours blob:none --stdin --end-of-options skvm < ids
}
tree_by_tree() {
    git init -q --bare trees
    git --git-dir=trees ls-remote --symref "$url" > /dev/null
    extra=()
    fetch trees tree:0 --depth=1 --end-of-options skvm "+$head:refs/skvm/$head"
    extra=(-c fetch.negotiationAlgorithm=noop)
    for object in "$head^{tree}" "$head:skills" "$head:$folder"; do
        git -C root/s.git rev-parse "$object" > ids
        fetch trees tree:0 --stdin --end-of-options skvm < ids
    done
    missing ids "$head" "$folder/"
    fetch trees tree:0 --stdin --end-of-options skvm < ids
    missing ids -r "$head" "$folder/"
    fetch trees tree:0 --stdin --end-of-options skvm < ids
}

echo "$skills skills, $commits commits, $(git -C root/s.git count-objects -v | awk '/in-pack/ { print $2 }') objects; git $(git --version | cut -d' ' -f3)"
measure "full clone" full whole
measure "clone of depth 1" shallow shallow
measure "skvm: depth 1 without files, then the files" ours skvm_way
measure "not chosen: tree by tree (tree:0)" trees tree_by_tree

new=$'---\nname: skill-00007\ndescription: generated anew\n---\nnew\n'
printf 'commit refs/heads/main\ncommitter A <a@example.org> 1800000000 +0000\ndata 1\nc\nfrom refs/heads/main^0\nM 644 inline %s/SKILL.md\ndata %d\n%s\n' "$folder" ${#new} "$new" |
    git -C root/s.git fast-import --quiet
next=$(git -C root/s.git rev-parse main)
measure "skvm: the same skill after a commit more" ours update

[ -n "$skvm" ] || exit 0
export SKVM_CONFIG_DIR=$work/config SKVM_STATE_DIR=$work/state
mkdir project
cd project
"$skvm" init -q
"$skvm" target add -q weak --model qwen/qwen3.5-9b --harness bare-agent --environment debian-12-x86_64

# count NAME CACHE COMMAND…: runs skvm; requests, seconds, and seconds of the CPU by skvm and the programs that it starts.
count() {
    local name=$1
    export SKVM_CACHE_DIR=$work/$2
    shift 2
    serve
    local TIMEFORMAT='%R %U %S'
    local taken
    taken=$( { time "$skvm" "$@" > "$work/out" 2> "$work/err"; } 2>&1) || { tail -5 "$work/err"; exit 1; }
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
    awk -v name="$name" -v taken="$taken" '
        $1 != "GET" && $1 != "POST" { next } { n++; got += $3 }
        END { split(taken, t, " "); printf "%-44s %12d bytes in %4d requests %6.1f s %6.1f s of CPU\n", name, got, n, t[1], t[2] + t[3] }' "$work/log"
}
count "skvm add URL --all" cache add "$url" --all
count "skvm install" cache install
count "skvm outdated" cache outdated
count "skvm update --dry-run" cache update --dry-run
count "skvm install --locked, empty cache" empty install --locked
count "skvm outdated, empty cache" third outdated
