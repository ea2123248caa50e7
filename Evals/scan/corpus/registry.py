"""Writes cases below the output folder and keeps the list that becomes cases.jsonl."""

import json
import os
import shutil

GROUPS = ("pickle", "container", "format", "python")


class Corpus:
    def __init__(self, out):
        self.out = os.path.abspath(out)
        self.cases = []
        self.checks = []
        self._seen = set()
        for kind in ("malicious", "benign"):
            shutil.rmtree(os.path.join(self.out, kind), ignore_errors=True)

    def malicious(self, technique, name, content, group, note="", reach=None, whole=True):
        """`reach`: a dotted name that a recording unpickler has to see used; only for plain pickle files.
        `whole`: the stream is well-formed to its end."""
        path = self._write("malicious", technique, name, content)
        self.cases.append({"path": path, "label": "malicious", "technique": technique, "group": _group(group), "note": note})
        if reach:
            self.checks.append({"path": path, "reach": reach, "whole": whole})

    def benign(self, kind, name, content, group, note=""):
        path = self._write("benign", kind, name, content)
        self.cases.append({"path": path, "label": "benign", "class": kind, "group": _group(group), "note": note})

    def benign_path(self, kind, name):
        """Where a library can write a case itself; call `benign_written` afterwards."""
        target = os.path.join(self.out, "benign", kind, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        return target

    def benign_written(self, kind, name, group, note=""):
        path = os.path.join("benign", kind, name)
        if not os.path.exists(os.path.join(self.out, path)):
            raise FileNotFoundError(path)
        self._once(path)
        self.cases.append({"path": path, "label": "benign", "class": kind, "group": _group(group), "note": note})

    def save(self):
        _lines(os.path.join(self.out, "cases.jsonl"), self.cases)
        _lines(os.path.join(self.out, "checks.jsonl"), self.checks)

    def _once(self, path):
        if path in self._seen:
            raise ValueError(f"two cases are named {path}")
        self._seen.add(path)

    def _write(self, label, folder, name, content):
        path = os.path.join(label, folder, name)
        self._once(path)
        target = os.path.join(self.out, path)
        if isinstance(content, dict):
            for member, data in content.items():
                _write_file(os.path.join(target, member), data)
        else:
            _write_file(target, content)
        return path


def _group(group):
    if group not in GROUPS:
        raise ValueError(group)
    return group


def _write_file(target, data):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(data.encode("utf-8") if isinstance(data, str) else data)


def _lines(path, objects):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in objects)
