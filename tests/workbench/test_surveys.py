"""A surveyor's file under the editor: read by the one reader of files, asked where it is in doubt, kept by nobody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from landgis.changes.models import AuditEntry, ChangeSet
from landgis.ingest import sandbox
from landgis.workbench import corners, dividing
from landgis.workbench.models import Edit, Run
from tests.ingest import office_files
from tests.workbench.test_splits import a_parcel

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]


def a_file(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def a_table(shape: shapely.Geometry, name: str = "diem_do.csv") -> SimpleUploadedFile:
    """Surveyed points, X (north) and Y (east), one a row."""
    lines = [f"{at};{y:.3f};{x:.3f}" for at, (x, y) in enumerate(shape.exterior.coords[:-1], start=1)]
    return SimpleUploadedFile(name, "\n".join(["STT;X;Y", *lines]).encode())


def beside(row: Any) -> shapely.Polygon:
    """Its ground as somebody measured it anew."""
    (ground,) = shapely.get_parts(dividing.ground_of(row).plane)
    west, south, east, north = ground.bounds
    return shapely.Polygon(
        [(west, south), (west, north), (east + 0.5, north), (east, south)]
    )  # as a Shapefile turns it


def asked(client: Client, row: Any, file: SimpleUploadedFile, **said: str) -> Any:
    told = {"file": file, "plane": str(row.legal_srid)} | said
    return client.post(f"/en/officer/survey/parcels/shapes.json?ref={row.ref}", told)


def kept() -> tuple[int, ...]:
    files = [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]
    return (
        ChangeSet.objects.count(),
        Edit.objects.count(),
        Run.objects.count(),
        AuditEntry.objects.count(),
        len(files),
    )


def test_a_shape_of_the_file_becomes_the_boundary_and_nothing_else_is_kept(signed_in: ClientOf, tmp_path: Path) -> None:
    officer, row = signed_in("officer"), a_parcel()
    measured, far = beside(row), shapely.affinity.translate(beside(row), 250, 0)
    data = office_files.frame([far, measured], names=["Xa", "Gần"])
    path = office_files.shapefile(tmp_path / "do_dac.zip", data, encoding="utf-8")
    before = kept()
    # Without a word of where it lies it is asked, and nothing is shown.
    told = asked(officer, row, a_file(path)).json()
    assert told["shapes"] == [] and any(one["name"] == "reading" for one in told["asked"]) and told["systems"]
    found = asked(officer, row, a_file(path), reading="other", srid=f"{row.legal_srid}:").json()
    assert found["asked"] == [] and str(row.legal_srid) in found["system"], found
    nearest, farther = found["shapes"]
    assert (nearest["away"], farther["away"] != "") == ("", True)
    assert nearest["text"] == corners.written(measured, row.legal_srid)
    assert shapely.geometry.shape(nearest["shape"]).equals_exact(measured, 1e-3)
    assert kept() == before
    # Without a script: the page has the same, and its button saves these corners alone.
    page = officer.post(
        f"/en/officer/survey/parcels/?ref={row.ref}",
        {"file": a_file(path), "plane": str(row.legal_srid), "reading": "other", "srid": f"{row.legal_srid}:"},
    )
    assert nearest["text"] in page.content.decode() and kept() == before
    said = {"base": row.from_revision, "srid": row.legal_srid, "corners": nearest["text"], "step": "save"}
    assert officer.post(f"/en/officer/edit/parcels/{row.ref}/", said).status_code == 302
    assert Edit.objects.get(ref=row.ref).facts == {"boundary": {"text": nearest["text"], "srid": row.legal_srid}}


def test_surveyed_points_are_corners_and_together_a_boundary(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    measured = beside(row)
    found = asked(officer, row, a_table(measured), reading="other", srid=f"{row.legal_srid}:").json()
    whole, *points = found["shapes"]
    assert whole["name"] == "All points, in the order of the file" and whole["text"].count("\n") == 3
    assert [one["shape"]["type"] for one in points] == ["Point"] * 4 and {one["text"] for one in points} == {""}
    assert shapely.geometry.shape(whole["shape"]).equals_exact(
        shapely.transform(measured, lambda xy: xy.round(3)), 1e-9
    )


def test_what_cannot_be_read_says_why(signed_in: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    officer, row = signed_in("officer"), a_parcel()
    plain = SimpleUploadedFile("a.csv", b"ten;so\nA;1\nB;2\n")
    assert [one["code"] for one in asked(officer, row, plain).json()["asked"]] == ["geometry"]
    for file, part in (
        (SimpleUploadedFile("a.pdf", b"%PDF-1.7\n"), "PDF"),
        (SimpleUploadedFile("a.shp", b""), "Choose a file"),
    ):
        answer = asked(officer, row, file)
        assert answer.status_code == 400 and part in answer.json()["error"]
    assert officer.get("/en/officer/survey/parcels/").status_code == 200  # a new one, of which nothing is saved yet
    assert officer.get("/en/officer/survey/land-prices/").status_code == 404
    assert officer.get("/en/officer/survey/parcels/?ref=never-was").status_code == 404
    monkeypatch.setattr(sandbox, "is_available", lambda: False)
    assert asked(officer, row, plain).status_code == 503
