#!/usr/bin/env python3
"""The peer for ingest: orjson and sqlite3 as a careful Python program would use them, with the same facts and a full-text index.

usage: ingest_python.py LISTING.jsonl OUT.sqlite     (needs orjson)
"""
import os, sqlite3, sys
import orjson

source, out = sys.argv[1:3]
for suffix in ("", "-wal", "-shm"):
    if os.path.exists(out + suffix): os.remove(out + suffix)
db = sqlite3.connect(out, isolation_level=None)
db.executescript("""
PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
CREATE TABLE model(key INTEGER PRIMARY KEY, id TEXT UNIQUE, owner TEXT, task TEXT, library TEXT, architecture TEXT, license TEXT, revision TEXT,
  downloads INT, likes INT, gated TEXT, private INT, disabled INT, created TEXT, modified TEXT);
CREATE TABLE tag(key INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE model_tag(model INT, tag INT, PRIMARY KEY(model, tag)) WITHOUT ROWID;
CREATE TABLE model_dataset(model INT, name TEXT, PRIMARY KEY(model, name)) WITHOUT ROWID;
CREATE TABLE model_paper(model INT, name TEXT, PRIMARY KEY(model, name)) WITHOUT ROWID;
CREATE TABLE model_language(model INT, name TEXT, PRIMARY KEY(model, name)) WITHOUT ROWID;
CREATE TABLE model_base(model INT, base TEXT, relation TEXT, PRIMARY KEY(model, base)) WITHOUT ROWID;
CREATE TABLE model_file(model INT, path TEXT, PRIMARY KEY(model, path)) WITHOUT ROWID;
CREATE TABLE observation(model INT, crawl INT, revision TEXT, downloads INT, likes INT, PRIMARY KEY(model, crawl)) WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5(text, content = '');
""")
tags, rows = {}, {name: [] for name in ("model", "tag", "model_tag", "model_dataset", "model_paper", "model_language", "model_base", "model_file", "observation", "search")}


def flush():
    db.execute("BEGIN")
    for table, values in rows.items():
        if not values: continue
        if table == "search": db.executemany("INSERT INTO search(rowid, text) VALUES(?,?)", values)
        else: db.executemany(f"INSERT OR IGNORE INTO {table} VALUES({','.join('?' * len(values[0]))})", values)
        values.clear()
    db.execute("COMMIT")


for key, line in enumerate(open(source, "rb"), 1):
    m = orjson.loads(line)
    names, config, card = m["tags"], m.get("config") or {}, m.get("cardData") or {}
    rows["model"].append((key, m["id"], m.get("author"), m.get("pipeline_tag"), m.get("library_name"), config.get("model_type"),
                          next((t[8:] for t in names if t.startswith("license:")), None), m["sha"], m["downloads"], m["likes"], str(m["gated"]),
                          m["private"], m["disabled"], m["createdAt"], m["lastModified"]))
    for name in names:
        number = tags.get(name)
        if number is None:
            number = tags[name] = len(tags) + 1
            rows["tag"].append((number, name))
        rows["model_tag"].append((key, number))
        if name.startswith("arxiv:"): rows["model_paper"].append((key, name[6:]))
        elif name.startswith("base_model:") and name.count(":") == 2: rows["model_base"].append((key, name.split(":")[2], name.split(":")[1]))
    rows["model_dataset"] += [(key, d) for d in card.get("datasets") or ()]
    rows["model_language"] += [(key, l) for l in card.get("language") or ()]
    rows["model_file"] += [(key, s["rfilename"]) for s in m["siblings"]]
    rows["observation"].append((key, 1, m["sha"], m["downloads"], m["likes"]))
    rows["search"].append((key, " ".join([m["id"], m.get("pipeline_tag") or "", m.get("library_name") or "", *names])))
    if key % 1000 == 0: flush()
flush()
db.close()
