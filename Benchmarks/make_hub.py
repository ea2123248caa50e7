#!/usr/bin/env python3
"""Makes what a static server needs to stand for the Hub: files of models, and the Hub's answer about each.

usage: make_hub.py FOLDER PREFIX PACKAGES FILES SIZE   e.g. make_hub.py hub small 200 10 4000
Models are called bench/PREFIX0 …; files of 1 MB and more are large files of LFS, with their SHA-256.
"""
import hashlib, json, os, random, sys

root, prefix, packages, files, size = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
COMMIT = "c" * 40
R = random.Random(size)
for p in range(packages):
    name = f"bench/{prefix}{p}"
    siblings = []
    for f in range(files):
        path = f"file-{f}.{'safetensors' if size >= 1 << 20 else 'json'}"
        target = os.path.join(root, "files", name, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        sha256, sha1 = hashlib.sha256(), hashlib.sha1(f"blob {size}\0".encode())
        with open(target, "wb") as out:
            left = size
            while left:
                block = R.randbytes(min(left, 1 << 20))
                out.write(block); sha256.update(block); sha1.update(block)
                left -= len(block)
        entry = {"rfilename": path, "size": size, "blobId": sha1.hexdigest()}
        if size >= 1 << 20:
            entry |= {"blobId": "b" * 40, "lfs": {"sha256": sha256.hexdigest(), "size": size, "pointerSize": 134}}
        siblings.append(entry)
    tree = os.path.join(root, "tree", name + ".json")
    os.makedirs(os.path.dirname(tree), exist_ok=True)
    json.dump([{"type": "file", "path": s["rfilename"], "size": size, "oid": s["blobId"]}
               | ({"lfs": {"oid": s["lfs"]["sha256"], "size": size, "pointerSize": 134}} if "lfs" in s else {}) for s in siblings], open(tree, "w"))
    api = os.path.join(root, "api", name + ".json")
    os.makedirs(os.path.dirname(api), exist_ok=True)
    json.dump({"_id": "0" * 24, "id": name, "modelId": name, "sha": COMMIT, "private": False, "gated": False, "disabled": False,
               "downloads": 0, "likes": 0, "tags": [], "siblings": siblings}, open(api, "w"))
