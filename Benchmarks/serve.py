#!/usr/bin/env python3
"""Times `weir serve` beside nginx and olah on the same bytes, in turn, and search as it is typed; prints the ratios and the goals.

usage: serve.py hub WORK                             finishes the folder that nginx serves, after make_hub.py
       serve.py compare WEIR WORK NGINX_PORT BIN     BIN: the folder with python and olah-cli
Environment: PARTS, ROUNDS, RECORDS, MILLION, MILLION_WAIT, BENCH_MILLION, OLAH_ONLINE; see serve.sh.
"""
import contextlib, glob, hashlib, http.client, json, os, random, select, shutil, signal, socket, statistics, subprocess, sys, time, urllib.parse, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
PACKAGES = 100
EMPTY = "empty.txt"
LARGE = "bench/large0/resolve/main/file-0.safetensors"


def hub(work):
    """An empty file more in each small package (see serve.lua), a time of change, and a listing for `weir pull`."""
    with open(os.path.join(work, "listing.jsonl"), "w") as listing:
        for api in sorted(glob.glob(os.path.join(work, "hub/api/bench/*.json"))):
            name = os.path.splitext(os.path.basename(api))[0]
            record = json.load(open(api))
            record["lastModified"] = record["createdAt"] = "2026-01-01T10:00:00.000Z"
            if name.startswith("small") and all(s["rfilename"] != EMPTY for s in record["siblings"]):
                oid = hashlib.sha1(b"blob 0\0").hexdigest()
                record["siblings"].append({"rfilename": EMPTY, "size": 0, "blobId": oid})
                open(os.path.join(work, "hub/files/bench", name, EMPTY), "w").close()
                place = os.path.join(work, "hub/tree/bench", name + ".json")
                tree = json.load(open(place)) + [{"type": "file", "path": EMPTY, "size": 0, "oid": oid}]
                json.dump(tree, open(place, "w"))
            json.dump(record, open(api, "w"))
            listing.write(json.dumps(record) + "\n")


class Failure(Exception):
    """Why something could not be measured."""


# Processes

class Server:
    """A process in a group of its own, ended with all its children."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen(command, start_new_session=True, **options)

    def stop(self):
        with contextlib.suppress(ProcessLookupError): os.killpg(self.process.pid, signal.SIGTERM)
        try: self.process.wait(10)
        except subprocess.TimeoutExpired: pass
        with contextlib.suppress(ProcessLookupError): os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def peak(self):
        """Peak memory in MB, the processes of the group added up."""
        total = 0
        for status in glob.glob("/proc/[0-9]*/status"):
            with contextlib.suppress(OSError):
                if os.getpgid(int(status.split("/")[2])) != self.process.pid: continue
                total += sum(int(line.split()[1]) for line in open(status) if line.startswith("VmHWM"))
        return total / 1024


servers = contextlib.ExitStack()


def start(command, **options):
    server = Server(command, **options)
    servers.callback(server.stop)
    return server


def start_weir(weir, dataset, wait=60):
    """`weir serve` at a free port. A dataset of an older version is brought up to date first, which may take a while."""
    server = start([weir, "serve", "--port", "0", "--quiet", "--dataset", dataset], stdout=subprocess.PIPE)
    if not select.select([server.process.stdout], [], [], wait)[0]:
        server.stop()
        raise Failure(f"weir serve was not there after {wait} s; a large dataset of an older version wants one 'weir stats --dataset DIR' first")
    server.address = server.process.stdout.readline().decode().strip()
    if not server.address: raise Failure("weir serve ended at once")
    return server


def start_olah(folder, upstream, cache, offline):
    """olah with as many processes as cores; offline it answers from its cache alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.makedirs(folder, exist_ok=True)
    config = os.path.join(folder, "config.toml")
    netloc = urllib.parse.urlsplit(upstream).netloc
    with open(config, "w") as out:
        out.write(f'[basic]\nhost = "127.0.0.1"\nport = {port}\nrepos-path = "{cache}"\nhf-scheme = "http"\nhf-netloc = "{netloc}"\n'
                  f'hf-lfs-netloc = "{netloc}"\n[accessibility]\noffline = {str(offline).lower()}\n')
    server = start([os.path.join(binaries, "olah-cli"), "--config", config, "--host", "127.0.0.1", "--port", str(port), "--workers", str(os.cpu_count()),
                    "--log-path", os.path.join(folder, "logs")], stdout=open(os.path.join(folder, "out"), "w"), stderr=subprocess.STDOUT)
    server.address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1): return server
        if server.process.poll() is not None: break
        time.sleep(0.1)
    raise Failure(f"olah did not start: {open(os.path.join(folder, 'out')).read()[-500:]}")


def status_of(address, path, method="GET", headers={}):
    try:
        with urllib.request.urlopen(urllib.request.Request(address + path, method=method, headers=headers), timeout=60) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error: return error.code


# The table

WIDTHS = (46, 16, 30, 8, 10)


def row(*cells): print("  ".join(f"{c:<{w}}" for c, w in zip(cells, WIDTHS)).rstrip(), flush=True)


def head(title):
    print(f"\n{title}, median of {ROUNDS}", flush=True)
    row("", "weir", "peer", "ratio", "goal")


def memory(server, after): print(f"  peak memory of weir serve so far, after {after}: {server.peak():.0f} MB", flush=True)


def in_turn(runs):
    """The median of each of the runs, which take turns."""
    results = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items(): results[name].append(run())
    return {name: statistics.median(r) for name, r in results.items()}


# 1. A large file

def throughput(url, clients, size):
    """MB a second of so many curl processes that each read the whole file."""
    command = ["curl", "-sS", "-f", "-o", "/dev/null", "-w", "%{size_download}", url]
    begin = time.perf_counter()
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(clients)]
    read = [p.communicate()[0] for p in running]
    seconds = time.perf_counter() - begin
    if any(p.returncode for p in running) or any(int(r) != size for r in read): raise Failure(f"{url} was not read whole by every client")
    return size * clients / seconds / 1e6


def large(server, nginx, work):
    size = os.path.getsize(os.path.join(work, "hub/files/bench/large0/file-0.safetensors"))
    head(f"A file of {size / 1e9:.1f} GB, beside nginx with sendfile")
    for address in (server.address, nginx): throughput(f"{address}/{LARGE}", 2, size)
    for clients in (1, 32):
        m = in_turn({a: lambda a=a: throughput(f"{a}/{LARGE}", clients, size) for a in (server.address, nginx)})
        ours, theirs = m[server.address], m[nginx]
        row(f"{clients} client{'s' * (clients > 1)}", f"{ours:,.0f} MB/s", f"{theirs:,.0f} MB/s", f"{ours / theirs:.2f}", "≥ 0.8")
    memory(server, "the large file")


# 2. Small answers

def rate(address, method, listing):
    out = subprocess.run(["wrk", "-t1", "-c16", "-d5s", "--timeout", "30s", "-s", os.path.join(HERE, "serve.lua"), address, "--", method, listing],
                         capture_output=True, text=True, check=True).stdout
    count, duration, bad, broken, _ = map(int, next(l for l in out.splitlines() if l.startswith("RESULT")).split()[1:])
    if bad or broken or not count: raise Failure(f"{address}: of {count} answers {bad} were errors, {broken} did not come")
    return count / duration * 1e6


ASKED = [("GET", "the record of a package", "/api/models/bench/small{}"),
         ("GET", "… of a revision", "/api/models/bench/small{}/revision/main"),
         ("HEAD", "HEAD of a file", "/bench/small{}/resolve/main/" + EMPTY),
         ("GET", "a file of 4 kB", "/bench/small{}/resolve/main/file-0.json")]


def small(server, olah, offline, work):
    head("Requests a second (wrk, 16 connections, 100 packages), beside olah online and offline, both warm")
    for method, label, pattern in ASKED:
        listing = os.path.join(work, "paths.txt")
        paths = [pattern.format(n) for n in range(PACKAGES)]
        with open(listing, "w") as out: out.write("\n".join(paths) + "\n")
        runs, peers = {}, {"olah": olah, "offline": offline}
        for name, peer in {"weir": server, **peers}.items():
            # Warms it. What olah cannot answer offline is left out.
            answers = {status_of(peer.address, path, method) for path in paths}
            if answers == {200}: runs[name] = lambda a=peer.address: rate(a, method, listing)
            elif name == "weir": raise Failure(f"weir serve answers {method} {paths[0]} with {sorted(answers)}")
        m = in_turn(runs)
        best = max(m.get(name, 0) for name in peers)
        if not best: raise Failure(f"olah answers {method} {paths[0]} neither online nor offline")
        row(label, f"{m['weir']:,.0f}", ", ".join(f"{n} {m[n]:,.0f}" if n in m else f"{n}: no answer" for n in peers), f"{m['weir'] / best:.1f}", "≥ 20")
    memory(server, "the small answers")


# 3. Downloads with the Hub's own client

CLIENT = """
import sys
from huggingface_hub import snapshot_download
for n in range(int(sys.argv[2])): snapshot_download(f"bench/small{n}", cache_dir=sys.argv[1], max_workers=8)
"""


def download(address, work):
    """Seconds of one Python process that fetches all small packages to an empty cache."""
    cache = os.path.join(work, "cache")
    shutil.rmtree(cache, ignore_errors=True)
    env = os.environ | {"HF_ENDPOINT": address, "HF_HOME": os.path.join(work, "home"), "HF_HUB_DISABLE_TELEMETRY": "1",
                        "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_XET": "1"}
    begin = time.perf_counter()
    run = subprocess.run([os.path.join(binaries, "python"), "-c", CLIENT, cache, str(PACKAGES)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    seconds = time.perf_counter() - begin
    if run.returncode: raise Failure(f"snapshot_download from {address}: {run.stderr.decode()[-300:]}")
    found = sum(len(files) for folder, _, files in os.walk(cache) if "/snapshots/" in folder)
    if found != PACKAGES * 6: raise Failure(f"{address} gave {found} files of {PACKAGES * 6}")
    shutil.rmtree(cache)
    return seconds


def downloads(server, olah, offline, work):
    head(f"snapshot_download of {PACKAGES} packages of 6 files, one Python process, beside olah offline, both warm")
    runs = {"weir": lambda: download(server.address, work), "offline": lambda: download(offline.address, work)}
    if os.environ.get("OLAH_ONLINE") == "1": runs["olah"] = lambda: download(olah.address, work)
    download(server.address, work)
    m = in_turn(runs)
    for name, label in (("offline", "olah offline"), ("olah", "olah online, which asks its upstream")):
        if name in m: row(label, f"{m['weir']:.2f} s", f"{m[name]:.2f} s", f"{m[name] / m['weir']:.2f}", "≥ 3")
    memory(server, "the downloads")


# 4. Search as it is typed

def typed():
    """What is asked for while 200 queries are typed, letter by letter."""
    rng = random.Random(200)
    families = ["bert", "llama", "mistral", "qwen2", "t5", "vit", "whisper", "gpt2"]
    seconds = [lambda: f"{rng.randrange(1, 70)}b", lambda: "run", lambda: f"run{rng.randrange(1000)}", lambda: rng.choice(["apache", "mit", "gemma"]),
               lambda: rng.choice(["text generation", "fill mask", "image classification"]), lambda: f"dataset-{rng.randrange(500)}"]
    others = [lambda: f"org-{rng.randrange(1000)}", lambda: rng.choice(families), lambda: rng.choice(["sentence transformers", "text to image", "peft"]),
              lambda: f"org-{rng.randrange(100)} {rng.choice(families)}"]
    for n in range(200):
        query = f"{rng.choice(families)} {rng.choice(seconds)()}" if n % 3 else rng.choice(others)()
        for length in range(1, len(query) + 1): yield query[:length]


def search(server):
    """Milliseconds of each request, one at a time over one connection."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.address).netloc, timeout=60)
    connection.connect()
    kept, times = connection.sock, []
    for prefix in typed():
        path = "/?q=" + urllib.parse.quote(prefix)
        begin = time.perf_counter()
        connection.request("GET", path, headers={"X-Weir-Fragment": "results"})
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - begin) * 1000)
        if answer.status != 200 or not body:
            raise Failure(f"GET {path} with X-Weir-Fragment: results was answered with {answer.status} {body[:100].decode(errors='replace')!r}")
        if connection.sock is not kept: raise Failure("weir serve closed the connection between two letters")
    connection.close()
    return sorted(times)


def searches(weir, work):
    dataset = os.environ.get("MILLION") or os.path.join(work, "million")
    records = int(os.environ.get("RECORDS", "1000000"))
    if not os.environ.get("MILLION") and os.environ.get("BENCH_MILLION") != "1":
        return print("\nSearch as it is typed: skipped. MILLION=DATASET names a dataset of a million packages, BENCH_MILLION=1 makes one.", flush=True)
    if not os.environ.get("MILLION") and not os.path.exists(dataset + ".done"):
        listing = os.path.join(work, "million.jsonl")
        subprocess.run([sys.executable, os.path.join(HERE, "make_listing.py"), str(records), listing], check=True)
        subprocess.run([weir, "pull", "huggingface", "--from", listing, "--dataset", dataset, "--quiet"], check=True)
        os.remove(listing)
        open(dataset + ".done", "w").close()
    server = start_weir(weir, dataset, int(os.environ.get("MILLION_WAIT", "600")))
    before = server.peak()
    count = json.loads(subprocess.run([weir, "sql", "SELECT count(*) AS n FROM packages", "--json", "--dataset", dataset],
                                      check=True, capture_output=True, text=True).stdout)[0]["n"]
    search(server)
    rounds = [search(server) for _ in range(ROUNDS)]
    asked = len(rounds[0])
    at = lambda share: statistics.median(r[min(asked - 1, int(share * asked))] for r in rounds)
    print(f"\nSearch as it is typed: 200 queries, {asked:,} requests one after another, {count:,} packages, median of {ROUNDS}", flush=True)
    row("", "p50", "p99", "max", "goal")
    row("GET /?q=…, the results alone", f"{at(0.5):.1f} ms", f"{at(0.99):.1f} ms", f"{max(r[-1] for r in rounds):.1f} ms", "p99 < 30 ms")
    print(f"  peak memory of weir serve: {before:.0f} MB before, {server.peak():.0f} MB after", flush=True)
    server.stop()


def dataset_of(weir, work, nginx):
    dataset = os.path.join(work, "dataset")
    if os.path.exists(dataset + ".done"): return dataset
    shutil.rmtree(dataset, ignore_errors=True)
    subprocess.run([weir, "pull", "huggingface", "--from", os.path.join(work, "listing.jsonl"), "--dataset", dataset, "--quiet"], check=True)
    names = [f"hf:bench/small{n}" for n in range(PACKAGES)] + ["hf:bench/large0"]
    subprocess.run([weir, "snapshot", *names, "--dataset", dataset, "--quiet"], check=True, env=os.environ | {"HF_ENDPOINT": nginx})
    open(dataset + ".done", "w").close()
    return dataset


def compare(weir, work, port):
    nginx = f"http://127.0.0.1:{port}"
    parts = os.environ.get("PARTS", "large small download search").split()
    failed = False

    def part(name, run):
        nonlocal failed
        if name not in parts: return
        try: run()
        except (Failure, OSError, subprocess.CalledProcessError, http.client.HTTPException) as failure:
            failed = True
            print(f"  not measured ({name}): {failure}", flush=True)
        if server.process.poll() is not None: raise Failure(f"weir serve ended with status {server.process.returncode} ({name})")

    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), 1): break
        time.sleep(0.1)
    server = start_weir(weir, dataset_of(weir, work, nginx))
    print(f"peak memory of weir serve at the start: {server.peak():.0f} MB", flush=True)
    part("large", lambda: large(server, nginx, work))
    if {"small", "download"} & set(parts):
        cache = os.path.join(work, "olah-cache")
        olah = start_olah(os.path.join(work, "olah"), server.address, cache, offline=False)
        offline = start_olah(os.path.join(work, "olah-offline"), server.address, cache, offline=True)
        if not os.path.exists(cache + ".done"):
            seconds = download(olah.address, work)
            open(cache + ".done", "w").close()
            print(f"\nolah's cache is filled: one snapshot_download of everything through it took {seconds:.0f} s", flush=True)
        part("small", lambda: small(server, olah, offline, work))
        part("download", lambda: downloads(server, olah, offline, work))
        print(f"  peak memory of olah, {os.cpu_count()} processes and their parent: online {olah.peak():.0f} MB, offline {offline.peak():.0f} MB", flush=True)
        olah.stop(); offline.stop()
    part("search", lambda: searches(weir, work))
    server.stop()
    return 1 if failed else 0


if sys.argv[1] == "hub": hub(sys.argv[2])
else:
    weir, work, port, binaries = sys.argv[2:6]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with servers:
        try: code = compare(weir, work, port)
        except Failure as failure: code = f"error: {failure}"
    sys.exit(code)
