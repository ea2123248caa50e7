"""ModelScan: unsafe = an issue of severity critical or high, lesser = an issue of any severity."""

from modelscan.modelscan import ModelScan
from serve import serve


def scan(path):
    result = ModelScan().scan(path)
    issues = result["issues"]
    severe = [issue for issue in issues if issue["severity"] in ("CRITICAL", "HIGH")]
    errors = result.get("errors", [])
    return {
        "unsafe": bool(severe),
        "lesser": bool(issues),
        "error": str(errors[0])[:300] if errors else None,
        "what": [issue["description"] for issue in issues][:5],
    }


serve(scan)
