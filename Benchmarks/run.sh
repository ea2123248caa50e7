#!/usr/bin/env bash
# Weir beside its peers on the same input in one run: whole processes, in turn, three rounds.
#   make bench                     100,000 records
#   RECORDS=1000000 make bench     a million (about 2 GB of listing)
set -euo pipefail
cd "$(dirname "$0")/.."
records=${RECORDS:-100000}
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"
shared=../shared/bench
listing="$work/listing-$records.jsonl"
maker=Benchmarks/make_listing.py
peer=Benchmarks/ingest_python.py
[[ -f $shared/make_listing.py ]] && maker=$shared/make_listing.py
[[ -f $shared/ingest_python.py ]] && peer=$shared/ingest_python.py
[[ -x .venv-bench/bin/python ]] || { python3 -m venv .venv-bench && .venv-bench/bin/pip install --quiet --disable-pip-version-check orjson; }
[[ -f $listing ]] || python3 "$maker" "$records" "$listing"
.venv-bench/bin/python Benchmarks/compare.py .build/release/weir "$peer" "$listing" "$work"
