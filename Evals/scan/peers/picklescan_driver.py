"""picklescan: unsafe = dangerous globals found (its exit code 1), lesser = suspicious globals."""

import os

from picklescan.scanner import scan_directory_path, scan_file_path
from serve import serve


def scan(path):
    result = scan_directory_path(path) if os.path.isdir(path) else scan_file_path(path)
    what = [f"{item.module}.{item.name}: {item.safety.value}" for item in result.globals if item.safety.value != "innocuous"]
    return {
        "unsafe": result.issues_count > 0,
        "lesser": result.suspicious_count > 0,
        "error": "scan error" if result.scan_err else None,
        "what": what[:5],
    }


serve(scan)
