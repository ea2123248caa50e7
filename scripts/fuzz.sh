#!/usr/bin/env bash
# Runs libFuzzer on one parser: make fuzz READER=json SECONDS=60
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
    # One target reads every model format; the name tells it which one is meant.
    formats) target=FuzzFormats ;;
    safetensors | gguf | onnx | npy | npz | keras | hdf5 | tflite | msgpack | joblib | openvino) target=FuzzFormats name=model.$reader ;;
    torch) target=FuzzFormats name=model.pt ;;
    pickle) target=FuzzFormats name=model.pkl ;;
    savedmodel) target=FuzzFormats name=saved_model.pb ;;
    graphdef) target=FuzzFormats name=frozen_graph.pb ;;
    coreml) target=FuzzFormats name=model.mlmodel ;;
    scan) target=FuzzScan name=blob ;;
    scan-pickle) target=FuzzScan name=model.pkl ;;
    *)
        echo "READER should be json, yaml, card, record, python, analysis, formats (all of them), or one of safetensors, gguf, onnx, torch, pickle, joblib, npy, npz, keras, hdf5, savedmodel, graphdef, tflite, msgpack, coreml and openvino, or scan or scan-pickle; not '$reader'" >&2
        exit 64
        ;;
esac
[[ ${name:-} == model.openvino ]] && name=openvino_model.xml
[[ ${name:-} == model.hdf5 ]] && name=model.h5
export FUZZ_NAME=${name:-model}
# Every module is instrumented, so that libFuzzer sees which branches an input takes.
swift build -c release -Xswiftc -sanitize=fuzzer --package-path Fuzzing --scratch-path .build-fuzzing --product $target
# libFuzzer handles crashes itself, and keeps the input that led there.
export SWIFT_BACKTRACE=enable=no
seeds=Fuzzing/Corpus/$reader
if [[ $target == FuzzFormats || $target == FuzzScan ]]; then
    # The seeds are the small files of the reference packages, made anew: no binary files are kept in the project.
    seeds=.build-fuzzing/seeds-$reader
    if [[ ! -d $seeds && -x .venv/bin/python ]]; then
        .venv/bin/python scripts/model-formats/make_truth.py .build-fuzzing/truth >/dev/null
        mkdir -p "$seeds"
        case $reader in
            formats) folders=$(ls .build-fuzzing/truth) ;;
            scan) folders=$(ls .build-fuzzing/truth) ;;
            scan-pickle) folders="pickle joblib" ;;
            torch) folders="pytorch-zip pytorch-legacy torchscript" ;;
            *) folders=$reader ;;
        esac
        for folder in $folders; do
            find ".build-fuzzing/truth/$folder" -type f -size -8k 2>/dev/null | while read -r file; do
                cp "$file" "$seeds/$(echo "$file" | sha256sum | cut -c1-16)"
            done
        done
    fi
    mkdir -p "$seeds"
fi
mkdir -p ".build-fuzzing/corpus-$reader"
.build-fuzzing/release/$target ".build-fuzzing/corpus-$reader" "$seeds" -max_total_time="$seconds" -max_len=8192 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix=.build-fuzzing/
