"""Pytest plug-in (`-p tests.ground`): the private cluster of the tests runs before Django's settings are read.

In memory where there is room: a copy of a database is a thousand files, and a disk takes five times as long for them.
Never in the state of the clone's demo: programs that tests start would read and write what that one keeps.
"""

import hashlib
import os
import shutil
from pathlib import Path

from landgis import env
from landgis.operations import cluster

MEMORY = Path("/dev/shm")  # of Linux
ROOM = 4 * 2**30  # bytes; the world and its copies take a fraction, the machine has other work
MINE = f"landgis-tests-{os.geteuid()}-"


def in_memory() -> bool:
    """Whether the state of the tests lies there."""
    return MEMORY in env.value("LANDGIS_STATE").parents


def _begin() -> cluster.Hold | None:
    if "LANDGIS_STATE" not in os.environ:  # processes of the tests have it from the first one
        _drop_lost()
        os.environ["LANDGIS_STATE"] = str(_own_folder() if _is_room() else env.BASE_DIR / ".landgis" / "tests")
    if os.environ.get("DATABASE_URL", "").strip():
        return None
    return cluster.hold(env.value("LANDGIS_STATE"))


def _is_room() -> bool:
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii").split()
        available = int(told[told.index("MemAvailable:") + 1]) * 1024
        return min(available, shutil.disk_usage(MEMORY).free) > ROOM
    except (OSError, ValueError):
        return False


def _own_folder() -> Path:
    """This clone's, which nobody else may have made."""
    folder = MEMORY / f"{MINE}{hashlib.sha256(os.fsencode(env.BASE_DIR)).hexdigest()[:8]}"
    folder.mkdir(mode=0o755, exist_ok=True)  # the server's user has to pass through it
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} was made by another user: remove it.")
    (folder / "clone").write_text(str(env.BASE_DIR), encoding="utf-8")
    return folder


def _drop_lost() -> None:
    """Give back the memory of clones that are gone."""
    for told in MEMORY.glob(f"{MINE}*/clone"):
        if told.stat().st_uid == os.geteuid() and not Path(told.read_text(encoding="utf-8")).exists():
            shutil.rmtree(told.parent, ignore_errors=True)


HELD = _begin()
