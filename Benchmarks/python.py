#!/usr/bin/env python3
"""Runs `weir python` beside CPython's ast, tree-sitter and bandit on one folder, whole processes, and prints the ratios.

usage: python.py WEIR FOLDER LIST
"""
import os, statistics, subprocess, sys, time

weir, folder, listing = sys.argv[1:4]
here = os.path.dirname(os.path.abspath(__file__))
files = open(listing).read().split("\n")[:-1]
size = sum(os.path.getsize(path) for path in files) / 1e6
ROUNDS = 3


def measured(command, cores):
    """Median wall seconds and largest peak memory in MB of some runs on so many cores."""
    times, peaks = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        process = subprocess.Popen(["taskset", "-c", cores, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, 1): sys.exit(f"failed: {' '.join(command)}")
        times.append(time.perf_counter() - start)
        peaks.append(usage.ru_maxrss / 1024)
    return statistics.median(times), max(peaks)


def peer(name): return [sys.executable, f"{here}/python_parse.py", name, listing]


print(f"{len(files):,} files, {size:.1f} MB of Python")
ours, peak = measured([weir, "python", folder, "--check", "--jsonl"], "0")
both, _ = measured([weir, "python", folder, "--check", "--jsonl"], "0,1")
cpython, _ = measured(peer("ast"), "0")
sitter, _ = measured(peer("tree-sitter"), "0")
print(f"parse, one core: weir {ours:.2f} s ({size / ours:.0f} MB/s, peak {peak:.0f} MB), ast.parse {cpython:.2f} s: "
      f"{cpython / ours:.1f} times as fast; tree-sitter {sitter:.2f} s: {sitter / ours:.1f} times as fast")
print(f"parse, both cores: weir {both:.2f} s: {ours / both:.2f} times one core")
calls, peak = measured([weir, "python", folder, "--calls", "--jsonl"], "0,1")
bandit, _ = measured([sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", folder], "0,1")
print(f"calls with values: weir {calls:.2f} s (peak {peak:.0f} MB), bandit {bandit:.2f} s: {bandit / calls:.1f} times as fast")
