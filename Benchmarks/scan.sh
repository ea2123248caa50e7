#!/usr/bin/env bash
# `weir scan` beside picklescan, ModelScan, fickling and bandit: whole processes on the same files, in turn.
# Needs some 700 MB in WORK, and 3 GB of memory while the files are made.
set -euo pipefail
cd "$(dirname "$0")/.."
weir=${WEIR:-.build/release/weir}
[[ -x $weir ]] || make release
work=${WORK:-$(mktemp -d)}
[[ -n ${WORK:-} ]] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
venv=.venv-bench-scan
[[ -x $venv/bin/bandit ]] || { python3 -m venv $venv && $venv/bin/pip install --quiet --disable-pip-version-check numpy picklescan modelscan fickling typing_extensions bandit; }
$venv/bin/python Benchmarks/scan.py make "$work"
$venv/bin/python Benchmarks/scan.py compare "$weir" "$work"
