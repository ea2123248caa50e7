#!/usr/bin/env python3
"""Runs `weir scan --json` and its peers in turn on the same files, whole processes, and prints the ratios.

usage: scan.py make WORK
       scan.py compare WEIR WORK

The process that measures stays small, and makes and checks files in others: what Linux tells as a child's peak memory is never
less than that of the process which started it.
"""
import os, pickle, random, subprocess, sys, time, zipfile

FICKLING = """
import os, sys
from fickling.fickle import StackedPickle
from fickling.analysis import check_safety
target = sys.argv[1]
paths = [os.path.join(folder, name) for folder, _, names in os.walk(target) for name in names] if os.path.isdir(target) else [target]
for path in paths:
    with open(path, "rb") as file:
        try:
            for pickled in StackedPickle.load(file): check_safety(pickled)
        except NotImplementedError: pass  # it does not know all opcodes of protocol 5
print(len(paths), "files")
"""


def make(work):
    import numpy
    random.seed(7)
    small = os.path.join(work, "pickles")
    if not os.path.isdir(small):
        os.makedirs(small)
        for number in range(2000):
            value = {
                "epoch": number, "name": f"run {number}", "losses": [random.random() for _ in range(40)],
                "weights": numpy.random.default_rng(number).random(32), "tags": [f"tag{i}" for i in range(number % 20)],
            }
            with open(os.path.join(small, f"state-{number:04}.pkl"), "wb") as file: pickle.dump(value, file, protocol=2 + number % 4)
    large = os.path.join(work, "large.pkl")
    if not os.path.exists(large):
        rows = [{"id": i, "text": f"a row with the number {i} and some words", "scores": [i * 0.5, i * 0.25, float(i)], "flag": i % 2 == 0} for i in range(2_200_000)]
        with open(large, "wb") as file: pickle.dump(rows, file, protocol=4)
    torch = os.path.join(work, "torch.pt")
    if not os.path.exists(torch):
        program = b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01("
        with zipfile.ZipFile(torch, "w", zipfile.ZIP_STORED) as archive:
            for number in range(300):
                key = str(number)
                program += b"X" + len(f"layer.{number}.weight").to_bytes(4, "little") + f"layer.{number}.weight".encode()
                program += b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
                program += b"X" + len(key).to_bytes(4, "little") + key.encode() + b"X\x03\x00\x00\x00cpuJ" + (262144).to_bytes(4, "little") + b"tQ"
                program += b"K\x00M\x00\x02M\x00\x02\x86M\x00\x02K\x01\x86\x89ccollections\nOrderedDict\n)RtR"
            archive.writestr("archive/data.pkl", program + b"u.")
            for number in range(300): archive.writestr(f"archive/data/{number}", os.urandom(1 << 20))
            archive.writestr("archive/version", "3\n")
    code = os.path.join(work, "code")
    if not os.path.isdir(code):
        # The standard library and the packages of this environment, copied until there are 5,000 files.
        import shutil, sysconfig
        sources = []
        for folder in (sysconfig.get_paths()["stdlib"], sysconfig.get_paths()["purelib"]):
            for place, _, names in os.walk(folder):
                sources += [os.path.join(place, name) for name in sorted(names) if name.endswith(".py") and os.path.getsize(os.path.join(place, name)) < 200_000]
        sources = sources[:5000]
        for number, source in enumerate(sources):
            folder = os.path.join(code, f"part{number // 100:03}")
            os.makedirs(folder, exist_ok=True)
            shutil.copy(source, os.path.join(folder, f"m{number:04}_{os.path.basename(source)}"))
        print(len(sources), "Python files")


def run(command, allowed=(0, 1, 2)):
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    if code not in allowed: return None, usage.ru_maxrss / 1024, code
    return seconds, usage.ru_maxrss / 1024, code


def compare(weir, work):
    here = os.path.dirname(os.path.abspath(__file__))
    tools = os.path.join(os.path.dirname(here), ".venv-bench-scan", "bin")
    python = os.path.join(tools, "python")
    names = {"picklescan": [os.path.join(tools, "picklescan"), "-p"], "ModelScan": [os.path.join(tools, "modelscan"), "-p"], "fickling": [python, "-c", FICKLING],
             "bandit": [os.path.join(tools, "bandit"), "-q", "-r"]}
    cases = [("2,000 small pickles", "pickles", ["picklescan", "ModelScan", "fickling"], 5), ("one pickle of 200 MB", "large.pkl", ["picklescan", "ModelScan", "fickling"], 1),
             ("torch zip of 300 MB", "torch.pt", ["picklescan", "ModelScan"], 5), ("5,000 Python files", "code", ["bandit"], 1)]
    limit = ["timeout", os.environ.get("PEER_TIMEOUT", "900")]
    print("| | weir | peak | peer | | peak | weir is faster |\n|---|---|---|---|---|---|---|")
    for title, name, peers, rounds in cases:
        target = os.path.join(work, name)
        run([weir, "scan", target, "--json"])
        ours = min((run([weir, "scan", target, "--json"]) for _ in range(rounds)), key=lambda r: r[0] or 1e9)
        for peer in peers:
            theirs = min((run(limit + names[peer] + [target], allowed=(0, 1, 2, 3, 4)) for _ in range(min(rounds, 3))), key=lambda r: r[0] or 1e9)
            time_text = f"{theirs[0] * 1000:,.0f} ms" if theirs[0] else f"did not end (exit {theirs[2]})"
            ratio = f"**{theirs[0] / ours[0]:.1f} times**" if theirs[0] and ours[0] else ""
            print(f"| {title} | {ours[0] * 1000:,.0f} ms | {ours[1]:.0f} MB | {peer} | {time_text} | {theirs[1]:.0f} MB | {ratio} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "make": make(sys.argv[2])
    else: compare(sys.argv[2], sys.argv[3])
