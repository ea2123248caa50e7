#!/usr/bin/env python3
"""Compares the trees of `weir python --ast` with those of this Python's own `ast`: kinds, fields, constants, lines and columns.

usage: compare-python-trees.py WEIR FOLDER...
Left out are fields that this Python's version lacks, and the places of nodes within f-strings, which CPython tells right from 3.12 on.
"""
import ast, json, os, struct, subprocess, sys, warnings

warnings.simplefilter("ignore")

FSTRING = (ast.JoinedStr, ast.FormattedValue)
def bits(x): return struct.pack(">d", x).hex()

def const(v):
    if v is None: return "none", None
    if v is Ellipsis: return "ellipsis", None
    if v is True or v is False: return "bool", v
    if isinstance(v, str): return "str", v
    if isinstance(v, bytes): return "bytes", v.hex()
    if isinstance(v, int):
        return "int", str(v)
    if isinstance(v, float): return "float", bits(v)
    if isinstance(v, complex): return "complex", bits(v.imag)

class Mismatch(Exception): pass
count = 0

def same(t, j, path, infs):
    global count
    if t is None:
        if j is not None: raise Mismatch(f"{path}: none against {str(j)[:80]}")
        return
    if isinstance(t, list):
        if not isinstance(j, list) or len(t) != len(j): raise Mismatch(f"{path}: list of {len(t)} against {len(j) if isinstance(j, list) else j}")
        for i, (a, b) in enumerate(zip(t, j)): same(a, b, f"{path}[{i}]", infs)
        return
    if isinstance(t, str):
        if t != j: raise Mismatch(f"{path}: {t!r} against {j!r}")
        return
    if isinstance(t, ast.AST):
        count += 1
        if j is None or j.get("_type") != type(t).__name__: raise Mismatch(f"{path}: {type(t).__name__} against {j and j.get('_type')}")
        inside = infs or isinstance(t, FSTRING)
        if isinstance(t, ast.Constant):
            k, v = const(t.value)
            # JSON cannot tell two lone surrogates from a pair.
            if k == "str": v = v.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
            if (j["kind"], j["value"]) != (k, v): raise Mismatch(f"{path}: constant {k} {str(v)[:60]!r} against {j['kind']} {str(j['value'])[:60]!r} line {t.lineno}")
        else:
            for f in t._fields:
                if f == "value" and isinstance(t, ast.MatchSingleton):
                    k, v = const(t.value)
                    if (j["value"]["kind"], j["value"]["value"]) != (k, v): raise Mismatch(path)
                    continue
                if f not in j: raise Mismatch(f"{path}: no field {f} in {j['_type']}")
                v = getattr(t, f, None)
                if isinstance(v, (str, int)) and not isinstance(v, ast.AST):
                    if v != j[f]: raise Mismatch(f"{path}.{f}: {v!r} against {j[f]!r}")
                else: same(v, j[f], f"{path}.{f}", inside)
            extra = {k for k in j if k != "_type"} - set(t._fields) - set(t._attributes) - {"type_params", "default_value"}
            if extra: raise Mismatch(f"{path}: fields {extra}")
        for a in t._attributes:
            if inside and not isinstance(t, ast.JoinedStr) : continue
            if infs: continue
            if getattr(t, a) != j.get(a): raise Mismatch(f"{path} {type(t).__name__} line {t.lineno}: {a} {getattr(t, a)} against {j.get(a)}")
        return
    raise Mismatch(f"{path}: {t!r}")

def main():
    weir, roots = sys.argv[1], sys.argv[2:]
    sys.setrecursionlimit(100000)
    # What is installed beside the standard library is compared where its folder is named.
    files = sorted(os.path.join(at, name) for root in roots for at, _, names in os.walk(root)
                   if "site-packages" not in os.path.relpath(at, root) for name in names if name.endswith(".py"))
    good = bad = refused = 0
    for start in range(0, len(files), 40):
        batch = files[start:start + 40]
        out = subprocess.run([weir, "python", "--ast", "--jsonl", *batch], stdout=subprocess.PIPE).stdout.split(b"\n")
        for path, line in zip(batch, out):
            try: tree = ast.parse(open(path, "rb").read())
            except (SyntaxError, ValueError) as e: tree, error = None, e
            ours = json.loads(line)
            if tree is None:
                refused += 1
                if not ours["errors"]: print("accepted", path, error); bad += 1
                continue
            if ours["errors"]: print("refused", path, ours["errors"][:2]); bad += 1; continue
            try: same(tree, ours["ast"], "", False); good += 1
            except Mismatch as m: print("differs", path, str(m)[:300]); bad += 1
    print(f"{good} files equal, {refused} refused by both, {bad} differ; {count} nodes compared")
    sys.exit(1 if bad else 0)


main()
