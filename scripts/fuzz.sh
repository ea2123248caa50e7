#!/usr/bin/env bash
# Runs libFuzzer on one parser: READER=json|yaml|card|record|python|analysis SECONDS=60 make fuzz
set -euo pipefail
cd "$(dirname "$0")/.."
reader=${READER:-json}
seconds=${SECONDS_TO_RUN:-${FUZZ_SECONDS:-60}}
case $reader in
    json) target=FuzzJSON ;;
    yaml) target=FuzzYAML ;;
    card) target=FuzzCard ;;
    record) target=FuzzRecord ;;
    python) target=FuzzPython ;;
    analysis) target=FuzzAnalysis ;;
    *) echo "READER should be json, yaml, card, record, python or analysis, not '$reader'" >&2; exit 64 ;;
esac
# Every module is instrumented, so that libFuzzer sees which branches an input takes.
swift build -c release -Xswiftc -sanitize=fuzzer --package-path Fuzzing --scratch-path .build-fuzzing --product $target
# libFuzzer handles crashes itself, and keeps the input that led there.
export SWIFT_BACKTRACE=enable=no
mkdir -p .build-fuzzing/corpus-$reader
.build-fuzzing/release/$target .build-fuzzing/corpus-$reader Fuzzing/Corpus/$reader -max_total_time="$seconds" -max_len=8192 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix=.build-fuzzing/
