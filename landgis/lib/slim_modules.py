"""Our own modules without what only people read in them: comments, indentation, long names of what is theirs alone.

Each stays one file under its own name, so that a page asks for no more and no less. A map asks for some fifty; written out they are
half as heavy again.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

FOLDER = "js/"  # of static files
FORM = ("--minify", "--format=esm", "--target=es2022", "--charset=utf8", "--log-level=error")


@contextmanager
def written(sources: Mapping[str, Path]) -> Iterator[FileSystemStorage]:
    """A storage, while it is needed, that has those of the files (name -> where) that are modules of ours, made slim."""
    modules = {name: path for name, path in sources.items() if name.startswith(FOLDER) and name.endswith(".js")}
    base = settings.BASE_DIR / "landgis" / "static"
    with tempfile.TemporaryDirectory() as folder:
        if modules:
            asked = [_tool(), *modules.values(), *FORM, f"--outbase={base}", f"--outdir={folder}"]
            subprocess.run([str(part) for part in asked], check=True, cwd=base)
        yield FileSystemStorage(location=folder)


def version() -> str:
    """The version of what makes them slim."""
    told = json.loads((_package() / "package.json").read_text(encoding="utf-8"))
    return str(told["version"])


def _package() -> Path:
    return Path(settings.BASE_DIR / "node_modules" / "esbuild")


def _tool() -> Path:
    """The program itself, which npm puts beside the package for the machine's own processor."""
    found = next(_package().parent.glob("@esbuild/*/bin/esbuild"), None)
    if found is None:
        raise FileNotFoundError(f"esbuild is missing in {_package().parent}: run `make setup`.")
    return found
