"""Walls round a process that reads what strangers handed in: bubblewrap, and limits on what it uses.

Behind them it sees the libraries, the code and the files that it is given, and an empty folder: no network, no
environment, no settings. It needs neither Django nor settings to be started there.
"""

import functools
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import landgis

BASE = Path(landgis.__file__).parent
LIBRARIES = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache")


def command(code: Iterable[str], given: Mapping[Path, str]) -> list[str]:
    """The command line of bubblewrap up to the program.

    `code` are the parts of the house that the program imports, by their paths in landgis/; `given` says of each file
    under which path the program sees it. All are read-only.
    """
    shown = [*map(Path, LIBRARIES), Path(sys.prefix), Path(sys.base_prefix), *(BASE / part for part in code)]
    return [
        "bwrap",
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--tmpfs",
        "/tmp",  # noqa: S108 -- of the sandbox
        *(word for path in dict.fromkeys(shown) for word in ("--ro-bind-try", str(path), str(path))),
        *(word for path, seen_as in given.items() for word in ("--ro-bind", str(path), seen_as)),
        "--chdir",
        "/tmp",  # noqa: S108
        "--",
    ]


def environment(**more: str) -> dict[str, str]:
    """All that the program finds in its environment."""
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(BASE.parent),
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **more,
    }


@functools.cache
def stand(code: tuple[str, ...], program: str) -> bool:
    """Whether bubblewrap can make its walls here, and the program, a module, starts behind them."""
    if shutil.which("bwrap") is None:
        return False
    tried = [*command(code, {}), sys.executable, "-c", f"import {program}"]
    return subprocess.run(tried, env=environment(), capture_output=True, timeout=60, check=False).returncode == 0


def limit(memory: int, cpu: int, file_size: int) -> None:
    """Bound this process: bytes of address space and of any file it writes, seconds of processor time."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
    ):
        resource.setrlimit(what, (most, most))
