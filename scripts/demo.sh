#!/usr/bin/env bash
# The main job end to end, without a network: a sample hub on this machine, five pulls, one dataset, and what can be asked of it.
set -euo pipefail
cd "$(dirname "$0")/.."
weir=.build/debug/weir
work=$(mktemp -d)
export WEIR_DATASET="$work/dataset"
.build/debug/sample-hub Samples > "$work/address" &
hub=$!
trap 'kill $hub 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 100); do [[ -s $work/address ]] && break; sleep 0.1; done
address=$(cat "$work/address")

bold=""; plain=""
if [[ -t 1 ]]; then bold=$'\e[1m'; plain=$'\e[0m'; fi
say() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
run() { printf '\n%s$ weir %s%s\n' "$bold" "$(printf '%q ' "$@" | sed 's/\\//g')" "$plain"; "$weir" "$@"; }

say "Five hubs, served from this machine at $address, become one dataset."
run pull huggingface --from "$address" --details
run pull onnx --from Samples/onnx
run pull pytorch --from Samples/pytorch
run pull modelhub --from "$address/modelhub/models.json"
run pull modelzoo --from "$address/modelzoo"

say "Run again, a pull only looks what changed."
run pull huggingface --from "$address" --details

say "Search every hub at once."
run search classification --limit 6 --facets

say "Every value says where it comes from."
run show "$("$weir" sql "SELECT id FROM packages WHERE hub = 'onnx' AND license IS NOT NULL ORDER BY (SELECT count(*) FROM evaluations e WHERE e.package = packages.id) DESC, id LIMIT 1" --format csv | sed -n 2p | tr -d '\r')"

say "Ask anything in SQL: which models descend from which?"
run sql "SELECT package, relation, base FROM base_models ORDER BY base, package"
run sql "SELECT hub, count(*) AS packages, count(license) AS with_license, count(DISTINCT owner) AS owners FROM packages GROUP BY hub ORDER BY packages DESC"

say "Fetch files: every byte is checked, every content stored once."
run snapshot hf:estuary/kelp-instruct-GGUF hf:millpond/pike-vit-16px hf:millpond/pike-vit-freshwater-fish --from "$address"
run verify
run checkout hf:millpond/pike-vit-16px "$work/pike"

say "Look inside a package that is still on its hub: only the headers of its files are read."
run inspect hf:sluice-audio/whisper-dewdrop-nordic --from "$address"

say "Is it safe? A pickle that would run a command when it is loaded, and the package from before."
printf 'cos\nsystem\n(S"echo I could have done anything"\ntR.' > "$work/weights.bin"
"$weir" scan "$work/weights.bin" --explain || [[ $? -eq 1 ]]
run scan hf:sluice-audio/whisper-dewdrop-nordic --from "$address"

say "Serve it: any client of the Hub reads packages of every hub; people get pages, programs an API."
"$weir" serve --port 0 --quiet > "$work/serve.address" &
serving=$!
trap 'kill $hub $serving 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 50); do [[ -s $work/serve.address ]] && break; sleep 0.1; done
served=$(cat "$work/serve.address")
curl -s "$served/api/models?author=onnx&limit=1"; echo
curl -s "$served/api/weir/v1/packages?q=pike&limit=1"; echo
curl -s "$served/millpond/pike-vit-16px/resolve/main/config.json" | head -n 4
kill $serving

say "Write it as PTMTorrent published it."
run export ptmtorrent "$work/out"

say "How complete is it?"
run stats --limit 6

say "Next: weir pull huggingface --limit 1000, or weir pull onnx, for the real thing. weir --help lists everything."
