#!/usr/bin/env bash
# `weir inspect` beside the reference Python packages: whole processes on the same files, in turn.
# Needs some 1.5 GB in WORK, and 4 GB of memory while the files are made.
set -euo pipefail
cd "$(dirname "$0")/.."
weir=${WEIR:-.build/release/weir}
[[ -x $weir ]] || make release
work=${WORK:-$(mktemp -d)}
[[ -n ${WORK:-} ]] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
venv=.venv-bench-formats
[[ -x $venv/bin/picklescan ]] || { python3 -m venv $venv && $venv/bin/pip install --quiet --disable-pip-version-check safetensors gguf onnx h5py numpy picklescan; }
$venv/bin/python Benchmarks/formats.py make "$work"
$venv/bin/python Benchmarks/formats.py compare "$weir" "$work"
