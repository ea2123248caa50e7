#!/usr/bin/env python3
"""Runs `weir pull` and the Python peer in turn on one listing, whole processes, and prints the ratio; then times search.

usage: compare.py WEIR PEER.py LISTING.jsonl WORKFOLDER
"""
import json, os, random, resource, shutil, statistics, subprocess, sys, time

weir, peer, listing, work = sys.argv[1:5]
ROUNDS = 3


def measured(command, env=None):
    """Wall seconds and peak memory in MB of one process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    if status: sys.exit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


dataset = os.path.join(work, "dataset")
ours, theirs = [], []
for _ in range(ROUNDS):
    shutil.rmtree(dataset, ignore_errors=True)
    subprocess.run(["sync"])
    ours.append(measured([weir, "pull", "huggingface", "--from", listing, "--dataset", dataset, "--quiet"]))
    subprocess.run(["sync"])
    theirs.append(measured([sys.executable, peer, listing, os.path.join(work, "peer.sqlite")]))
a, b = statistics.median(t for t, _ in ours), statistics.median(t for t, _ in theirs)
records = sum(1 for _ in open(listing, "rb"))
print(f"ingest of {records:,} records, median of {ROUNDS}: weir {a:.2f} s ({records / a:,.0f}/s, peak {max(m for _, m in ours):.0f} MB), "
      f"python orjson+sqlite3 {b:.2f} s ({records / b:,.0f}/s, peak {max(m for _, m in theirs):.0f} MB): {b / a:.2f} times as fast")


def quantiles(label, commands):
    times = []
    for command in commands:
        start = time.perf_counter()
        subprocess.run([weir, *command, "--dataset", dataset, "--quiet", "--json"], stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(f"{label}, whole process, {len(times)} queries: p50 {times[len(times) // 2]:.1f} ms, p99 {times[int(len(times) * .99)]:.1f} ms")


R = random.Random(7)
families = ["bert", "llama", "mistral", "qwen2", "t5", "vit", "whisper", "gpt2"]
quantiles("weir --version (start-up alone)", [["search", "nothingatall", "--limit", "1"] for _ in range(50)])
quantiles("weir search TEXT", [["search", f"{R.choice(families)} {R.choice(['7b', '13b', '1b', 'run' + str(R.randrange(records)), ''])}".strip()] for _ in range(200)])
quantiles("weir search TEXT with facets to narrow by", [
    ["search", R.choice(families), "--license", R.choice(["mit", "apache-2.0", "gemma"]), "--task", R.choice(["fill-mask", "text-generation", "text-to-image"])]
    for _ in range(200)])
quantiles("weir search TEXT --facets (counts too)", [["search", R.choice(families), "--facets"] for _ in range(100)])
