"""The loop of a driver: a path in, one JSON object out: {"unsafe", "lesser", "error", "what"}."""

import json
import os
import sys


def serve(scan):
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    for line in sys.stdin:
        path = json.loads(line)
        try:
            answer = scan(path)
        except Exception as problem:
            answer = {"unsafe": False, "lesser": False, "error": f"{type(problem).__name__}: {problem}"[:300], "what": []}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
