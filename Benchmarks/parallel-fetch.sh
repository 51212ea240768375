#!/bin/bash
# What fetching from several servers at the same time is worth: two slow git servers with two repositories each, and two slow
# web servers with two archives each, on this machine; the same project from an empty cache with one connection and
# with eight, and whether both locks are the same to the byte.
#
#   Benchmarks/parallel-fetch.sh [SKVM] [SECONDS]     .build/debug/skvm, and 0.3 s before each answer, unless told
#
# Needs git and python3. Each time is of one run: what counts is the proportion.
set -euo pipefail

skvm=$(realpath "${1:-.build/debug/skvm}")
delay=${2:-0.3}
work=$(mktemp -d)
servers=()
trap 'for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done; rm -rf "$work"' EXIT
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null HOME=$work/home
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
mkdir -p "$work/home" "$work/root"
cd "$work"

cat > server.py <<'PYTHON'
import http.server, os, subprocess, sys, time
root, delay, port = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def send(self, status, headers, body):
        self.send_response(status)
        for name, value in headers: self.send_header(name, value)
        self.send_header("Content-Length", len(body))
        self.end_headers()
        self.wfile.write(body)
    def do(self):
        time.sleep(delay)
        path, _, query = self.path.partition("?")
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if ".git/" not in path:
            try: return self.send(200, [], open(root + path, "rb").read())
            except OSError: return self.send(404, [], b"")
        environment = dict(os.environ, GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path, QUERY_STRING=query,
            REQUEST_METHOD=self.command, CONTENT_TYPE=self.headers.get("Content-Type", ""), CONTENT_LENGTH=str(len(data)),
            HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding", ""), GIT_PROTOCOL=self.headers.get("Git-Protocol", ""))
        head, _, body = subprocess.run(["git", "http-backend"], input=data, env=environment, stdout=-1).stdout.partition(b"\r\n\r\n")
        headers = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        status = next((int(v.split()[0]) for n, v in headers if n == "Status"), 200)
        self.send(status, [h for h in headers if h[0] != "Status"], body)
    do_GET = do_POST = do
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
PYTHON

skill() { printf -- '---\nname: %s\ndescription: Generated, to be fetched from a slow server.\n---\n# %s\n\n1. Run `wc -l FILE`.\n' "$1" "$1"; }
{
    echo '[dependencies]'
    for host in 1 2 3 4; do
        mkdir -p "root/$host"
        port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
        for number in a b; do
            name=skill-$host-$number
            mkdir "$name" && skill "$name" > "$name/SKILL.md"
            if [ "$host" -le 2 ]; then
                git -C "$name" init -q -b main && git -C "$name" add -A && git -C "$name" commit -qm c && git -C "$name" tag v1.0.0
                git clone -q --bare "$name" "root/$host/$name.git"
                git -C "root/$host/$name.git" config uploadpack.allowFilter true
                git -C "root/$host/$name.git" config uploadpack.allowAnySHA1InWant true
                echo "$name = { git = \"http://127.0.0.1:$port/$name.git\", version = \"^1\" }"
            else
                tar -czf "root/$host/$name.tar.gz" -C "$name" .
                echo "$name = { url = \"http://127.0.0.1:$port/$name.tar.gz\" }"
            fi
        done
        python3 server.py "$work/root/$host" "$delay" "$port" >&2 &
        servers+=($!)
    done
} > skvm.toml
sleep 1

# $1 connections, from an empty cache; prints milliseconds.
run() {
    rm -rf cache && mkdir -p "project-$1" && cp skvm.toml "project-$1/"
    local begin end
    begin=$(date +%s%N)
    (cd "project-$1" && SKVM_NET_CONNECTIONS=$1 SKVM_CACHE_DIR=$work/cache SKVM_CONFIG_DIR=$work/config "$skvm" -q "${@:2}")
    end=$(date +%s%N)
    echo "$(((end - begin) / 1000000))"
}

echo "4 servers, 8 skills, $delay s before each answer; milliseconds"
for width in 1 8; do echo "resolve and fetch, $width at a time: $(run "$width" lock)"; done
cmp project-1/skvm.lock project-8/skvm.lock && echo "the locks are the same"
for width in 1 8; do echo "fetch what the lock pins, $width at a time: $(run "$width" lock --locked)"; done
