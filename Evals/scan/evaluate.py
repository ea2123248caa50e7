#!/usr/bin/env python3
"""Runs scanners over a corpus of make_corpus.py and prints Markdown tables. See README.md for the definitions."""

import argparse
import concurrent.futures
import json
import os
import queue
import subprocess
import sys
import threading
from collections import defaultdict

TIMEOUT = 60
WORKERS = 2
PEERS = ("picklescan", "modelscan", "fickling")
GROUPS = ("pickle", "container", "format", "python")
HERE = os.path.dirname(os.path.abspath(__file__))


def answer(unsafe=False, lesser=False, error=None, what=()):
    """unsafe: counts as caught. lesser: said something below that. error: could not read all of it."""
    return {"unsafe": unsafe, "lesser": lesser, "error": error, "what": list(what)}


# weir: one process a case


def run_weir(weir, path):
    try:
        done = subprocess.run([weir, "scan", path, "--json"], capture_output=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return answer(error="timeout")
    try:
        report = json.loads(done.stdout)
        severities = [finding["severity"] for finding in report["findings"]]
    except (ValueError, KeyError, TypeError) as problem:
        return answer(error=f"exit {done.returncode}, no report ({problem}): {done.stderr.decode(errors='replace')[:200]}")
    what = sorted({f"{finding['severity']}: {finding['rule']}: {finding.get('message', '')}"[:160] for finding in report["findings"]})
    errors = [error.get("message", "error") for error in report.get("errors", [])]
    unsafe = any(severity in ("critical", "high") for severity in severities)
    expected = 1 if unsafe else 2 if errors else 0
    if done.returncode != expected:
        errors.append(f"exit code {done.returncode} where {expected} was expected")
    return answer(unsafe, unsafe or "medium" in severities, errors[0] if errors else None, what[:8])


def scan_with_weir(weir, paths):
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return dict(zip(paths, pool.map(lambda path: run_weir(weir, path), paths)))


# peers: a driver process that takes a path a line; restarted when it dies or hangs


class Driver:
    def __init__(self, python, peer):
        self.command = [python, os.path.join(HERE, "peers", f"{peer}_driver.py")]
        self.process = None

    def start(self):
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._read, args=(self.process, self.lines), daemon=True).start()

    @staticmethod
    def _read(process, lines):
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    def ask(self, path):
        if self.process is None or self.process.poll() is not None:
            self.start()
        try:
            self.process.stdin.write(json.dumps(path) + "\n")
            self.process.stdin.flush()
            line = self.lines.get(timeout=TIMEOUT)
        except (queue.Empty, BrokenPipeError) as problem:
            self.stop()
            return answer(error="timeout" if isinstance(problem, queue.Empty) else "crashed")
        if line is None:
            self.stop()
            return answer(error="crashed")
        return json.loads(line)

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def scan_with_peer(python, peer, paths):
    results, todo = {}, queue.Queue()
    for path in paths:
        todo.put(path)

    def work():
        driver = Driver(python, peer)
        while True:
            try:
                path = todo.get_nowait()
            except queue.Empty:
                break
            results[path] = driver.ask(path)
        driver.stop()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def probe(python, peer):
    """The peer's version, or None where it is not installed."""
    code = f"import importlib.metadata as m; print(m.version('{peer}'))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


# tables


def share(part, whole):
    return f"{part}/{whole} ({100 * part / whole:.1f} %)" if whole else "-"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def flagged(tool, result):
    """Whether a benign case counts as alarmed: for weir from medium on, for the peers what counts as caught."""
    return result["lesser"] if tool == "weir" else result["unsafe"]


def labelled(cases, label, group=None):
    return [case["path"] for case in cases if case["label"] == label and group in (None, case["group"])]


def summary(cases, results):
    rows = []
    malicious, benign = labelled(cases, "malicious"), labelled(cases, "benign")
    for tool, found in results.items():
        missed = [found[path] for path in malicious if not found[path]["unsafe"]]
        clean = [path for path in benign if not flagged(tool, found[path])]
        rows.append(
            [
                tool,
                share(len(malicious) - len(missed), len(malicious)),
                sum(result["lesser"] for result in missed),
                sum(bool(result["error"]) and not result["lesser"] for result in missed),
                share(len(clean), len(benign)),
                sum(found[path]["unsafe"] for path in benign),
                sum(found[path]["lesser"] for path in benign),
                sum(bool(found[path]["error"]) for path in benign),
            ]
        )
    head = [
        "tool",
        "malicious caught",
        "missed, but a lesser finding",
        "missed, only an error",
        "benign clean",
        "benign with a severe finding",
        "benign with a severe or lesser finding",
        "benign with errors",
    ]
    return table(head, rows)


def by_group(cases, results):
    rows = []
    for tool, found in results.items():
        row = [tool]
        for group in GROUPS:
            malicious, benign = labelled(cases, "malicious", group), labelled(cases, "benign", group)
            row.append(share(sum(found[path]["unsafe"] for path in malicious), len(malicious)))
            row.append(share(sum(not flagged(tool, found[path]) for path in benign), len(benign)))
        rows.append(row)
    return table(["tool"] + [f"{group}: {what}" for group in GROUPS for what in ("caught", "clean")], rows)


def by_kind(cases, results, label):
    kinds = defaultdict(list)
    for case in cases:
        if case["label"] == label:
            kinds[case["technique" if label == "malicious" else "class"]].append(case["path"])
    rows = []
    for kind in sorted(kinds):
        paths = kinds[kind]
        row = [kind, len(paths)]
        for tool, found in results.items():
            if label == "malicious":
                caught = sum(found[path]["unsafe"] for path in paths)
                lesser = sum(found[path]["lesser"] and not found[path]["unsafe"] for path in paths)
                row.append(f"{caught} +{lesser}" if lesser else caught)
            else:
                row.append(sum(not flagged(tool, found[path]) for path in paths))
        rows.append(row)
    return table(
        ["technique" if label == "malicious" else "benign class", "cases"]
        + [f"{tool} {'caught' if label == 'malicious' else 'clean'}" for tool in results],
        rows,
    )


def write_failures(path, cases, found):
    """weir's misses, its false alarms, and benign files it could not read."""
    with open(path, "w", encoding="utf-8") as file:
        for case in cases:
            result = found[case["path"]]
            if case["label"] == "malicious" and not result["unsafe"]:
                kind = "miss"
            elif case["label"] == "benign" and result["lesser"]:
                kind = "false alarm (high)" if result["unsafe"] else "false alarm (medium)"
            elif case["label"] == "benign" and result["error"]:
                kind = "benign error"
            else:
                continue
            file.write(json.dumps({"failure": kind, **case, "error": result["error"], "what": result["what"]}, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--weir", help="the weir program")
    parser.add_argument("--only", help="comma-separated: weir, " + ", ".join(PEERS))
    parser.add_argument("--peer-python", default=sys.executable, help="the Python in which the peers are installed (default: this one)")
    parser.add_argument("--failures", help="write weir's misses and false alarms there, one JSON object a line")
    parser.add_argument("--results", help="write every answer of every tool there, as JSON")
    parser.add_argument("--match", help="only cases whose path contains this text")
    options = parser.parse_args()
    with open(os.path.join(options.corpus, "cases.jsonl"), encoding="utf-8") as file:
        cases = [json.loads(line) for line in file]
    cases = [case for case in cases if not options.match or options.match in case["path"]]
    absolute = {case["path"]: os.path.abspath(os.path.join(options.corpus, case["path"])) for case in cases}
    wanted = options.only.split(",") if options.only else ["weir", *PEERS]
    results = {}
    for tool in wanted:
        if tool == "weir":
            if not options.weir:
                print("weir: left out, no --weir", file=sys.stderr)
                continue
            title, found = "weir", scan_with_weir(options.weir, list(absolute.values()))
        elif tool in PEERS:
            version = probe(options.peer_python, tool)
            if version is None:
                print(f"{tool}: left out, not installed in {options.peer_python}", file=sys.stderr)
                continue
            title, found = f"{tool} {version}", scan_with_peer(options.peer_python, tool, list(absolute.values()))
        else:
            parser.error(f"unknown tool {tool}")
        results[title] = {path: found[full] for path, full in absolute.items()}
        print(f"{title}: done", file=sys.stderr)
    print(
        summary(cases, results),
        by_group(cases, results),
        by_kind(cases, results, "malicious"),
        by_kind(cases, results, "benign"),
        sep="\n\n",
    )
    if options.failures and "weir" in results:
        write_failures(options.failures, cases, results["weir"])
    if options.results:
        with open(options.results, "w", encoding="utf-8") as file:
            json.dump(results, file, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
