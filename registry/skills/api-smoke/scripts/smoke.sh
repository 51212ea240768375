#!/bin/sh
# Runs the checks of a list against a server: smoke.sh BASE_URL CHECKS.tsv
# Prints: name, pass|fail, status, milliseconds, reason. Exits 1 when a check failed, 2 when nothing answered.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: smoke.sh BASE_URL CHECKS.tsv" >&2
    exit 2
fi
base=${1%/}
folder=$(dirname "$2")
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
tab=$(printf '\t')
failed=0
reached=0

# The token goes in through curl's standard input, so that no process list shows it.
headers() {
    if [ -n "${API_TOKEN:-}" ]; then
        printf 'header = "Authorization: Bearer %s"\n' "$API_TOKEN"
    fi
}

while IFS="$tab" read -r name method path status expression body; do
    case $name in '' | '#'*) continue ;; esac
    set -- --silent --max-time 10 --request "$method" --output "$answer" --write-out '%{http_code} %{time_total}'
    if [ "${body:--}" != "-" ]; then
        set -- "$@" --header 'Content-Type: application/json' --data-binary "@$folder/$body"
    fi
    : > "$answer"
    got=$(headers | curl --config - "$@" "$base$path" || true)
    code=${got%% *}
    ms=$(echo "${got#* }" | awk '{ printf "%d", $1 * 1000 }')
    [ "$code" = 000 ] || reached=1
    reason=
    if [ "$code" != "$status" ]; then
        reason="expected $status"
    elif [ "$expression" != "-" ] && ! jq --exit-status "$expression" "$answer" > /dev/null 2>&1; then
        reason="not true: $expression"
    fi
    if [ -z "$reason" ]; then
        printf '%s\tpass\t%s\t%s\t\n' "$name" "$code" "$ms"
    else
        printf '%s\tfail\t%s\t%s\t%s\n' "$name" "$code" "$ms" "$reason"
        failed=1
    fi
    sleep 0.1
done < "$2"

[ "$reached" = 1 ] || exit 2
exit "$failed"
