#!/usr/bin/env bash
# `weir snapshot` and `weir verify` beside huggingface_hub, aria2c and openssl, against nginx with static answers on this machine.
# Needs some 14 GB in WORK.
set -euo pipefail
cd "$(dirname "$0")/.."
./scripts/system-packages.sh nginx-light aria2 openssl
work=$(realpath "${WORK:-$(mktemp -d)}")
port=${PORT:-18099}
mkdir -p "$work/hub"
[[ -x .venv-bench/bin/python ]] || python3 -m venv .venv-bench
.venv-bench/bin/python -c 'import huggingface_hub' 2>/dev/null || .venv-bench/bin/pip install --quiet --disable-pip-version-check huggingface_hub
[[ -d $work/hub/files/bench/small199 ]] || python3 Benchmarks/make_hub.py "$work/hub" small 200 10 4000
[[ -d $work/hub/files/bench/large3 ]] || python3 Benchmarks/make_hub.py "$work/hub" large 4 1 1000000000
sed "s|@ROOT@|$work/hub|g; s|@PORT@|$port|g" Benchmarks/nginx.conf.in > "$work/nginx.conf"
# nginx's workers must be able to read what this user made.
chmod -R a+rX "$work"
nginx -c "$work/nginx.conf" &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
sleep 1
python3 Benchmarks/snapshots.py .build/release/weir "$port" "$work" .venv-bench/bin/python
