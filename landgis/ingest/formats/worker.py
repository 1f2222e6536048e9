"""The process that parses a file: no settings, no database, no network, and limits on all that it uses.

It is told on its standard input, a line of JSON at a time, what to open and then what to read; it answers on its
standard output in frames. It ends with its input.
"""

import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from landgis.lib import walls


class Without:
    """Refuses what a library would import although nothing here needs it: that takes longer than to read most files."""

    def __init__(self, *names: str):
        self.names = names

    def find_spec(self, name: str, *_more: Any) -> None:
        if name in self.names:
            raise ImportError(name)


def read_code() -> None:
    """All that every file needs."""
    if "landgis.ingest.formats.opening" not in sys.modules:
        sys.meta_path[:0] = [Without("pandas", "geopandas"), without_crs := Without("pyproj")]
        from landgis.ingest.formats import opening  # noqa: F401 -- and with it what it imports

        sys.meta_path.remove(without_crs)  # one of the formats needs it, and imports it when it meets such a file


def main() -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    request = json.loads(sys.stdin.readline())
    walls.limit(**request.pop("limits"))
    read_code()
    from landgis.ingest.errors import FileError
    from landgis.ingest.formats import frames

    folder = ""
    try:
        with tempfile.TemporaryDirectory() as folder:
            _answer(request, Path(folder), out)
    except FileError as error:
        params = {
            name: list(value) if isinstance(value, list | tuple) else str(value).replace(f"{folder}/", "")
            for name, value in error.params.items()
        }
        frames.write_json(out, frames.ERROR, {"code": error.code, "params": params})
    except MemoryError:
        frames.write_json(out, frames.ERROR, {"code": "reading-stopped", "params": {}})
    except Exception as error:  # whatever a library meets in a broken file
        reason = f"{type(error).__name__}: {error}"[:300]
        frames.write_json(out, frames.ERROR, {"code": "file-unreadable", "params": {"reason": reason}})


def _answer(request: dict[str, Any], folder: Path, out: BinaryIO) -> None:
    from landgis.ingest.formats import Conventions, Shape, frames, without_curves
    from landgis.ingest.formats.opening import open_content

    parts = {ending: Path(path) for ending, path in request["parts"].items()}
    opened = open_content(parts, request["name"], request["layer"], folder, Conventions(**request["conventions"]))
    frames.write_json(out, frames.CONTENT, asdict(opened.content))
    for line in sys.stdin:
        wanted = json.loads(line)
        shape = Shape(**{name: _tuple(value) for name, value in wanted["shape"].items()}) if wanted["shape"] else None
        left = wanted["rows"]
        for batch in opened.batches(shape):
            part = batch if left is None else batch.slice(0, left)
            frames.write_batch(out, without_curves(part))
            left = None if left is None else left - part.num_rows
            if left == 0:
                break
        frames.write(out, frames.END)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


if __name__ == "__main__":
    main()
