#!/bin/sh
# Runs libFuzzer over the targets and keeps what is new to them.
#   Fuzzing/fuzz.sh [SECONDS [TARGET...]]
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- parse shell compile

# Swift's own handler of crashes would come before libFuzzer's, which writes down the input.
export SWIFT_BACKTRACE=enable=no

# Instrumented code is built apart: the ordinary build stays warm.
build=.build-fuzz
for target in "$@"; do
    SKVM_FUZZ=1 swift build -c release --scratch-path $build --product "fuzz-$target"
done
for target in "$@"; do
    corpus=Fuzzing/corpus/$target
    found=$build/found-$target
    mkdir -p "$corpus" "$found" "$build/faults"
    echo "fuzzing $target for $seconds seconds" >&2
    "$build/release/fuzz-$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=4096 \
        -artifact_prefix="$build/faults/$target-" -dict=Fuzzing/markdown.dict "$found" "$corpus"
done
