#!/usr/bin/env python3
"""Times `weir snapshot` and its peers on one static server, whole processes, in turn, and prints the ratios.

usage: snapshots.py WEIR PORT WORK PYTHON
"""
import os, resource, shutil, statistics, subprocess, sys, time

weir, port, work, python = sys.argv[1:5]
hub = f"http://127.0.0.1:{port}"
ROUNDS = 3
env = os.environ | {"HF_ENDPOINT": hub, "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_XET": "1"}


def measured(command, folder):
    """Wall seconds and peak memory in MB of one process that writes to a fresh folder."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["sync"])
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status: sys.exit(f"failed: {command[:4]}: {errors.decode()[-500:]}")
    shutil.rmtree(folder, ignore_errors=True)
    return seconds, usage.ru_maxrss / 1024


def ours(names):
    folder = os.path.join(work, "dataset")
    return measured([weir, "snapshot", *(f"hf:{n}" for n in names), "--dataset", folder, "--quiet"], folder)


CLIENT = """
import sys
from huggingface_hub import snapshot_download
for name in sys.argv[2:]: snapshot_download(name, cache_dir=sys.argv[1], max_workers=8)
"""


def client(names):
    folder = os.path.join(work, "cache")
    return measured([python, "-c", CLIENT, folder, *names], folder)


def aria(names, files):
    folder = os.path.join(work, "aria")
    listing = os.path.join(work, "aria.txt")
    with open(listing, "w") as out:
        for n in names:
            for f in files: out.write(f"{hub}/{n}/resolve/{'c' * 40}/{f}\n  out={n}/{f}\n")
    return measured(["aria2c", "-x8", "-s8", "-j4", "--file-allocation=none", "-q", "-d", folder, "-i", listing], folder)


def compare(label, runs):
    results = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items(): results[name].append(run())
    medians = {name: statistics.median(t for t, _ in r) for name, r in results.items()}
    base = medians["weir"]
    print(f"{label}, median of {ROUNDS}: " + ", ".join(
        f"{name} {medians[name]:.2f} s (peak {max(m for _, m in results[name]):.0f} MB)" + ("" if name == "weir" else f": weir is {medians[name] / base:.2f} times as fast")
        for name in runs), flush=True)


small = [f"bench/small{n}" for n in range(200)]
large = [f"bench/large{n}" for n in range(4)]
compare("200 packages of 10 files of 4 kB", {"weir": lambda: ours(small), "huggingface_hub": lambda: client(small)})
compare("four files of 1 GB", {"weir": lambda: ours(large), "huggingface_hub": lambda: client(large),
                              "aria2c -x8 (no verification)": lambda: aria(large, ["file-0.safetensors"])})

# verify against openssl over the same files, as many processes as cores
dataset = os.path.join(work, "verify")
shutil.rmtree(dataset, ignore_errors=True)
subprocess.run([weir, "snapshot", *(f"hf:{n}" for n in large), "--dataset", dataset, "--quiet"], check=True, env=env)
cores = os.cpu_count()
verify, openssl = [], []
for _ in range(ROUNDS):
    start = time.perf_counter()
    subprocess.run([weir, "verify", "--dataset", dataset, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    verify.append(time.perf_counter() - start)
    start = time.perf_counter()
    subprocess.run(f"find '{dataset}/blobs' -type f -print0 | xargs -0 -n1 -P{cores} openssl dgst -sha256", shell=True, check=True, stdout=subprocess.DEVNULL)
    openssl.append(time.perf_counter() - start)
a, b = statistics.median(verify), statistics.median(openssl)
print(f"verify 4 GB, median of {ROUNDS}: weir {a:.2f} s, openssl with {cores} processes {b:.2f} s: {b / a:.2f} times as fast")
shutil.rmtree(dataset, ignore_errors=True)
