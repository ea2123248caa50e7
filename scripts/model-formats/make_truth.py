#!/usr/bin/env python3
"""Writes many small and odd model files with the reference packages, and what those packages say is in them.

usage: make_truth.py OUT_DIR [--heavy] [--only FORMAT]

Files go below OUT_DIR/FORMAT/, and OUT_DIR/truth.jsonl has a line for each that is to be read:

    {"path", "format", "tensors": [{"name", "dtype", "shape", "offset", "length", "sha256"}], "metadata", "note"}

- `dtype` is safetensors' name, ggml's for its block types, ONNX's and OpenVINO's own (INT4, U4) for what safetensors lacks,
  TensorFlow Lite's INT4, INT2 and UINT4, and otherwise STRING, OBJECT
  (Python objects), STRUCT (records with fields), VOID, DATETIME, TIMEDELTA, F128.
- `shape` is in the order in which the reference package gives it.
- `offset` and `length` are of the tensor's bytes in the file. They are null where it has no such bytes (compressed,
  chunked, in another file, in fields of their own); the keys are left out where the package cannot tell.
- `sha256` is of those bytes, taken from the array which the package reads, and proven against the file here.
- `data_sha256` is of the unpacked bytes of a tensor that has no place in the file, in the order in which it would be
  stored: row by row, little-endian unless `byteorder` says "big".
- `external` is {"file", "offset", "length"}: the file beside this one that has the bytes, and where it has them; `sha256`
  is then of those.
- `strides` (in elements) are of a view that is not contiguous: it has an offset and no digest.
- `shared_with` names an earlier tensor of the same file that is the very same object.
- `byteorder` is "big" for values stored in that order, `order` is "F" for arrays stored column by column.
- `sparse` has the records of the tensors that a sparse one is made of; `strings` are the values of a tensor of text.
- `parts` are the places of a tensor that lies in several; `aliases` are other paths of the same HDF5 dataset.
- `metadata` is what the format has as such; `header` beside it has what else the package reports of the file.
- `attribute_tensors` (ONNX) and `constants` (TorchScript, SavedModel) are tensors that are no weights: attributes of
  nodes, and constants of code or of a graph. `scope` names the graphs and functions around a tensor.
- Numbers that JSON lacks are "NaN", "Infinity" and "-Infinity"; bytes that are no UTF-8 are {"hex"}.

A tensor nested in containers is named by its keys, one in an object by the path through the objects' attributes, joined
by dots; one in HDF5 by its path; a bare one by "".

Light cases need requirements.txt; --heavy adds those that need requirements-heavy.txt. Cases that need a package that is
not installed are left out with a line on stderr.
"""

import argparse
import importlib
import shutil
import sys
import time
import traceback
from pathlib import Path

MODULES = (
    "safetensors_cases gguf_cases onnx_cases npy_cases pytorch_cases pickle_cases hdf5_cases keras_cases "
    "msgpack_cases openvino_cases tensorflow_cases tflite_cases coreml_cases torch_heavy_cases sklearn_heavy_cases keras_heavy_cases "
    "tensorflow_heavy_cases flax_heavy_cases coreml_heavy_cases openvino_heavy_cases"
).split()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--heavy", action="store_true", help="also the cases that need large packages")
    parser.add_argument("--only", action="append", help="only the cases of this format (may be given several times)")
    parser.add_argument("--times", action="store_true", help="tell how long each case took")
    arguments = parser.parse_args()

    folder = Path(__file__).resolve().parent
    sys.path.insert(0, str(folder))
    oracle = importlib.import_module("oracle")
    for module in MODULES:
        if (folder / f"{module}.py").exists() and (arguments.heavy or "heavy" not in module):
            try:
                importlib.import_module(module)
            except ImportError as error:
                oracle.log(f"left out {module}: {error}")

    for name in oracle.FORMATS:
        shutil.rmtree(arguments.out / name, ignore_errors=True)
    arguments.out.mkdir(parents=True, exist_ok=True)

    recorded, failed = {}, []
    with open(arguments.out / "truth.jsonl", "w", encoding="ascii") as truth:
        for case in oracle.CASES:
            if (case.heavy and not arguments.heavy) or (arguments.only and case.folder not in arguments.only):
                continue
            if missing := case.missing():
                oracle.log(f"left out {case.name}: {', '.join(missing)} not installed")
                continue
            out = oracle.Out(arguments.out, case.folder, truth, case.name)
            started = time.monotonic()
            try:
                case.function(out)
            except Exception:
                oracle.log(f"failed: {case.name}\n{traceback.format_exc()}")
                failed.append(case.name)
            if arguments.times:
                oracle.log(f"{time.monotonic() - started:7.2f} s  {case.name}")
            recorded[case.folder] = recorded.get(case.folder, 0) + out.recorded
    for name in oracle.FORMATS:
        if name in recorded:
            oracle.log(f"{recorded[name]:5} {name}")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
