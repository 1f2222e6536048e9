"""No file breaks out: what is broken is refused or loaded harmlessly, in time, behind walls that hold."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import CommandError

from landgis import env
from landgis.ingest import files, sandbox
from landgis.ingest.errors import FileError
from landgis.ingest.formats import FAULTS, WKB
from landgis.lib.walls import BASE
from tests.ingest import broken_files, drawing_files, test_formats
from tests.ingest.test_load import load, write, zone
from tests.members import some_of
from tests.waiting import PATIENCE_S

REAL = Path(os.environ.get("LANDGIS_REAL_DATA", "/nowhere"))
LONGEST = PATIENCE_S  # nothing hangs: what a file may take of the processor is the limit of its process
walls = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")


def drawing(folder: Path) -> Path:
    return drawing_files.dgn(folder / "DC12.dgn", test_formats.LINES, test_formats.TEXTS)


def flatgeobuf(folder: Path) -> Path:
    test_formats.degrees().to_file(folder / "vung.fgb", driver="FlatGeobuf")
    return folder / "vung.fgb"


MAKERS = {
    "gpkg": test_formats.gpkg,
    "shp": test_formats.shouted_shapefile,
    "gdb": test_formats.filegdb,
    "kml": test_formats.kml,
    "gml": test_formats.gml,
    "parquet": test_formats.parquet,
    "esri": test_formats.esri_json,
    "xlsx": test_formats.xlsx,
    "dgn": drawing,
    "fgb": flatgeobuf,
}
CATALOGUE: dict[str, Callable[[], Iterator[tuple[str, bytes]]]] = {
    "damaged": lambda: broken_files.damaged(broken_files.good(MAKERS)),
    "disguised": broken_files.disguised,
    "xml": broken_files.xml,
    "archives": broken_files.archives,
    "texts": broken_files.texts,
}


def read(path: Path) -> tuple[str, str, float]:
    """(name, what became of it, seconds)."""
    begin = time.monotonic()
    try:
        with files.open_file(path) as source:
            outcome = f"{sum(batch.num_rows for batch in files.batches(source))} rows"
    except FileError as error:
        outcome = str(error)
    return path.name, outcome, time.monotonic() - begin


@pytest.mark.prove  # it makes every file, as the whole catalogue does
def test_the_catalogue_is_large() -> None:
    assert sum(len(list(make())) for name, make in CATALOGUE.items() if name != "damaged") + 10 * len(MAKERS) >= 150


@pytest.mark.parametrize("every", [12, pytest.param(1, marks=pytest.mark.prove)], ids=["some", "all"])
@pytest.mark.parametrize("kind", CATALOGUE)
def test_no_broken_file_breaks_the_reading(tmp_path: Path, kind: str, every: int) -> None:
    paths = []
    for name, content in islice(CATALOGUE[kind](), None, None, every):
        (tmp_path / name).write_bytes(content)
        paths.append(tmp_path / name)
    assert paths
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(read, paths))
    assert [one for one in outcomes if one[2] > LONGEST] == []
    assert [one for one in outcomes if not one[1] or "passwd" in one[1] or "root:" in one[1]] == []
    # Nothing was written beside the uploads.
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)


LONG = "long-cell.csv"  # 20 MB, and as many seconds
TEXTS = [
    pytest.param(name, marks=pytest.mark.prove) if name == LONG else name
    for name, _content in broken_files.texts()
    if not name.startswith("deep")
]


@pytest.mark.usefixtures("empty_world")
@pytest.mark.parametrize("name", some_of(TEXTS, every=3))
def test_what_can_be_read_ends_in_issues_or_a_refusal(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(dict(broken_files.texts())[name])
    try:
        report = load(path, crs="EPSG:4326")
    except CommandError as refused:
        said = str(refused)
    else:
        said = "issues" if report["issues"] else f"{report['rows']} rows, {report['add']} new"
    assert said in {"issues", "0 rows, 0 new"} or len(said) > 20, said


@pytest.mark.parametrize("depth", [2, 1000, 20_000, 300_000])
def test_nested_collections_end_nobody_but_their_reader(tmp_path: Path, depth: int) -> None:
    path = broken_files.nested_parquet(tmp_path, depth)
    try:
        with files.open_file(path) as source:
            [batch] = files.batches(source)
        said = f"{batch.column(WKB)[0]} {batch.column(FAULTS)[0]}"
    except FileError as refused:
        said = str(refused)
    assert ("None" in said and "geometry-unreadable" in said) or said == str(sandbox._stopped())


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_dir(), reason="LANDGIS_REAL_DATA names no folder")
def test_nasty_files_of_others_are_refused_or_read() -> None:
    paths = sorted(path for path in (REAL / "nasty").rglob("*") if path.is_file())
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(read, paths))
    assert len(outcomes) > 50
    assert [one for one in outcomes if one[2] > LONGEST or one[1] == str(sandbox._stopped())] == []


# --- The walls


def inside(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program where files are parsed."""
    command = [*sandbox._walls({}, {}), sys.executable, "-c", program]
    return subprocess.run(command, env=sandbox._environment(), capture_output=True, text=True, check=False)


@walls
@pytest.mark.parametrize(
    "program",
    [
        "open('/etc/passwd')",
        "open('/etc/hostname')",
        f"open({str(BASE / 'settings.py')!r})",
        f"open({str(BASE.parent / 'manage.py')!r})",
        f"open({str(env.value('LANDGIS_STATE') / 'cluster.json')!r})",
        f"open({str(BASE / 'lib' / 'new.py')!r}, 'w')",
        "open('/usr/new', 'w')",
        "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
        "import socket; socket.create_connection(('1.1.1.1', 53), 1)",
        "import os; os.kill(1, 9) if len([p for p in os.listdir('/proc') if p.isdigit()]) > 5 else 1/0",
    ],
)
def test_the_walls_hold(program: str) -> None:
    assert inside("print('runs')").stdout == "runs\n"
    assert inside(program).returncode != 0


@walls
def test_nothing_of_the_environment_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert "secret" not in inside("import os; print(dict(os.environ))").stdout


def test_without_walls_limits_and_drivers_still_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_probe", lambda: False)
    assert not sandbox.is_available()
    _name, outcome, _seconds = read(write(tmp_path / "a.geojson", zone("A")))
    assert outcome == "1 rows"
    path = tmp_path / "vrt.gml"
    path.write_bytes(broken_files.VRT)
    assert "neither KML nor GML" in read(path)[1] or "KML" in read(path)[1]


def test_time_and_memory_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.geojson", *(zone(f"Z{n}", n) for n in range(3000)))
    monkeypatch.setattr(sandbox, "MEMORY_BYTES", 2**28)
    before = time.monotonic()
    with pytest.raises(FileError), files.open_file(path) as source:
        list(files.batches(source))
    assert time.monotonic() - before < LONGEST


def test_the_process_ends_with_the_reading(tmp_path: Path) -> None:
    with files.open_file(write(tmp_path / "a.geojson", zone("A"))) as source:
        process = source.process.process
        assert process.poll() is None
    assert process.poll() is not None


def test_what_is_packed_may_take_longer(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.csv", tmp_path / "a.xlsx"
    plain.write_bytes(b"ab" * 2**19)
    packed.write_bytes(b"PK" * 2**19)
    assert sandbox.seconds([plain]) == sandbox.CPU_SECONDS + sandbox.CPU_SECONDS_PER_MB
    assert sandbox.seconds([packed, plain]) == sandbox.seconds([plain]) + sandbox.CPU_SECONDS_PER_PACKED_MB
