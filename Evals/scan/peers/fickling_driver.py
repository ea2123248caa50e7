"""fickling: unsafe = its safety check says more than "likely safe".

It dispatches as its own scan of a model repository does: zip archives member by member, other files as stacked pickles if they are
pickles or have a pickle's extension; everything else it skips. A parse error alone is an error.
"""

import os
import tempfile
import zipfile

from fickling.analysis import Severity
from fickling.fickle import Pickled
from fickling.loader import scan_file, scan_zip_archive
from serve import serve

PICKLE_EXTENSIONS = {".bin", ".pkl", ".pickle", ".p", ".joblib", ".ckpt", ".dat", ".data", ".sav", ".model"}
ZIP_EXTENSIONS = {".pt", ".pth"}
REPORT = os.path.join(tempfile.mkdtemp(), "report.json")


def is_pickle(path):
    try:
        with open(path, "rb") as file:
            Pickled.load(file)
        return True
    except Exception:
        return False


def scan(path):
    files = [path] if os.path.isfile(path) else [os.path.join(root, name) for root, _, names in os.walk(path) for name in names]
    unsafe, errors, what = False, [], []
    for file in files:
        extension = os.path.splitext(file)[1].lower()
        if zipfile.is_zipfile(file):
            results = list(scan_zip_archive(file, graceful=True, json_output_path=REPORT).values())
        elif extension in PICKLE_EXTENSIONS | ZIP_EXTENSIONS or is_pickle(file):
            results = [scan_file(file, graceful=True, json_output_path=REPORT)]
        else:
            continue
        for result in results:
            errors += result.errors
            for analysis in result.results:
                if analysis.severity > Severity.LIKELY_SAFE:
                    unsafe = True
                    what.append(analysis.severity.name)
    return {"unsafe": unsafe, "lesser": unsafe, "error": str(errors[0])[:300] if errors else None, "what": what[:5]}


serve(scan)
