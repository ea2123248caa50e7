#!/usr/bin/env python3
"""Writes the labelled corpus: OUT/malicious, OUT/benign and OUT/cases.jsonl. See README.md."""

import argparse
import os
import sys
import time

from corpus import registry


def parts(heavy):
    """The generators in their order; imported late so that a missing package names its part."""
    from corpus import pickles_calls, pickles_machine

    yield "pickles: calls", lambda c: (pickles_calls.add(c), pickles_calls.add_object_opcodes(c), pickles_calls.add_resolvers(c))
    yield "pickles: machine", pickles_machine.add
    from corpus import containers

    yield "containers", containers.add
    from corpus import formats, python_code

    yield "formats", formats.add
    yield "python", python_code.add
    from corpus import benign_code, benign_data, benign_estimators, benign_formats, benign_torch

    yield "benign data", benign_data.add
    yield "benign estimators", benign_estimators.add
    yield "benign torch layouts", benign_torch.add
    yield "benign formats", benign_formats.add
    yield "benign code", benign_code.add
    if heavy:
        from corpus import benign_heavy

        yield "benign heavy", benign_heavy.add


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--heavy", action="store_true", help="also what torch, tensorflow, keras and transformers write")
    options = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Sets of texts are pickled in the order of their hashes.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    corpus = registry.Corpus(options.out)
    for name, generate in parts(options.heavy):
        start = time.monotonic()
        before = len(corpus.cases)
        generate(corpus)
        print(f"{name}: {len(corpus.cases) - before} cases, {time.monotonic() - start:.1f} s", file=sys.stderr)
    corpus.save()
    labels = [case["label"] for case in corpus.cases]
    techniques = {case["technique"] for case in corpus.cases if "technique" in case}
    print(f"{labels.count('malicious')} malicious cases of {len(techniques)} techniques, {labels.count('benign')} benign cases")


if __name__ == "__main__":
    main()
