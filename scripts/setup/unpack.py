"""Unpacks some entries of a zip archive: reads {archive, destination, keep} as JSON on standard input.

`keep` maps the beginning of an entry's name to what takes its place under `destination`; entries that no key fits are
left where they are. Python checks every entry's CRC-32. Files reach the disk before the program ends, so that the
caller's rename publishes whole files.
"""

import json
import os
import shutil
import sys
import zipfile

request = json.load(sys.stdin)
unused = set(request["keep"])

with zipfile.ZipFile(request["archive"]) as archive:
    for entry in archive.infolist():
        prefix = next((key for key in request["keep"] if entry.filename.startswith(key)), None)
        if prefix is None or entry.is_dir():
            continue
        unused.discard(prefix)
        path = os.path.join(request["destination"], request["keep"][prefix] + entry.filename[len(prefix) :])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(entry) as source, open(path, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
        if (entry.external_attr >> 16) & 0o111:
            os.chmod(path, 0o755)

if unused:
    sys.exit(f"{os.path.basename(request['archive'])} has no entry that begins with {sorted(unused)[0]}")
