#!/usr/bin/env bash
# `weir serve` beside nginx (a large file), beside olah (answers about packages, downloads with huggingface_hub), and search as it is typed.
#   ./Benchmarks/serve.sh                           needs some 3 GB in WORK and a quarter of an hour, most of it olah's
#   PARTS="large search" ./Benchmarks/serve.sh      large, small, download, search
#   MILLION=DATASET ./Benchmarks/serve.sh           with search, on a dataset that is there
#   BENCH_MILLION=1 ./Benchmarks/serve.sh           with search, on a dataset of a million packages that is made first (5 GB more)
#   OLAH_ONLINE=1 ./Benchmarks/serve.sh             downloads through olah as it comes, too, which asks its upstream about every file
set -euo pipefail
cd "$(dirname "$0")/.."
./scripts/system-packages.sh nginx-light wrk curl
weir=${WEIR:-.build/release/weir}
[[ -x $weir ]] || make release
work=$(realpath "${WORK:-$(mktemp -d)}")
port=${PORT:-18109}
started=()
finish() {
    [[ ${#started[@]} -eq 0 ]] || kill "${started[@]}" 2>/dev/null || true
    wait
    [[ -n ${WORK:-} ]] || rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
venv=.venv-bench-serve
requirements=Benchmarks/serve-requirements.txt
cmp -s $requirements $venv/installed.txt || {
    python3 -m venv --clear $venv && $venv/bin/pip install --quiet --disable-pip-version-check -r $requirements && cp $requirements $venv/installed.txt
}
mkdir -p "$work/hub"
[[ -d $work/hub/files/bench/small99 ]] || python3 Benchmarks/make_hub.py "$work/hub" small 100 5 4000
[[ -d $work/hub/files/bench/large0 ]] || python3 Benchmarks/make_hub.py "$work/hub" large 1 1 1000000000
# As many workers as cores: Weir uses them all.
sed "s|@ROOT@|$work/hub|g; s|@PORT@|$port|g; s|^worker_processes .*|worker_processes auto;|" Benchmarks/nginx.conf.in > "$work/nginx.conf"
python3 Benchmarks/serve.py hub "$work"
# nginx's workers must be able to read what this user made.
chmod -R a+rX "$work"
nginx -c "$work/nginx.conf" &
started+=($!)
$venv/bin/python Benchmarks/serve.py compare "$weir" "$work" "$port" $venv/bin &
started+=($!)
wait "${started[1]}"
