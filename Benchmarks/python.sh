#!/usr/bin/env bash
# `weir python` beside CPython's ast, tree-sitter and bandit on the standard library of the python3 at hand.
# PYTHON_FILES=FOLDER takes another folder.
set -euo pipefail
cd "$(dirname "$0")/.."
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"
venv=.venv-bench-python
[[ -x $venv/bin/bandit ]] || { python3 -m venv $venv && $venv/bin/pip install --quiet --disable-pip-version-check bandit tree-sitter tree-sitter-python; }
folder=${PYTHON_FILES:-$work/python}
if [[ -z ${PYTHON_FILES:-} && ! -d $folder ]]; then
    mkdir -p "$folder"
    standard=$(python3 -c 'import os; print(os.path.dirname(os.__file__))')
    tar -C "$standard" --exclude=site-packages --exclude=dist-packages --exclude=__pycache__ -ch . | tar -C "$folder" -x
fi
find "$folder" -name '*.py' -type f | sort >"$work/python-files.txt"
$venv/bin/python Benchmarks/python.py .build/release/weir "$folder" "$work/python-files.txt"
