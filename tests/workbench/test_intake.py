"""Folders of suppliers: new files become dry runs by the supplier's profile, the same file is not read twice."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from landgis.accounts.models import User
from landgis.catalog import office
from landgis.catalog.models import Revision
from landgis.changes.models import ChangeSet
from landgis.ingest.models import SupplierProfile
from landgis.workbench import intake
from landgis.workbench.models import Run, SupplierFile
from tests.workbench.conftest import do_waiting

pytestmark = pytest.mark.usefixtures("own_world", "state", "people")
ROWS = ["K1,K2,K3,wkt"] + [
    f'Q{n},Vùng {n},QH,"POLYGON((10{n} 10.4, 10{n}.1 10.4, 10{n}.1 10.5, 10{n} 10.4))"' for n in (7, 8)
]


@pytest.fixture
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a supplier whose columns only its profile tells."""
    settings.INTAKE_FOLDER = tmp_path / "intake"
    folder = tmp_path / "intake" / "phong"
    folder.mkdir(parents=True)
    (tmp_path / "intake" / "away").symlink_to(tmp_path)
    fields = {"K1": "zone_code", "K2": "name", "K3": "plan_name"}
    SupplierProfile.objects.create(name="Phòng", dataset="planning-zones", columns=fields)
    suppliers = (office.Supplier("Phòng", "phong", "officer"), office.Supplier("Phòng", "away", "officer"))
    here = replace(office.current(), suppliers=suppliers)
    monkeypatch.setattr(office, "current", lambda: here)
    return folder


def put(path: Path, text: str, minutes_ago: float = 60) -> Path:
    path.write_text(text, encoding="utf-8")
    then = time.time() - 60 * minutes_ago
    os.utime(path, (then, then))
    return path


def night() -> dict[str, str]:
    intake.read_folders()
    do_waiting()
    return dict(SupplierFile.objects.values_list("name", "state"))


def test_a_file_is_read_once_and_changes_nothing(folder: Path, signed_in: Callable[[str], Client]) -> None:
    before = Revision.objects.count()
    path = put(folder / "a.csv", "\n".join(ROWS))
    assert night() == {"a.csv": "read"}
    found = ChangeSet.objects.latest("id")
    assert (found.state, found.author.username, found.file_name, found.dataset) == (
        "checked",
        "officer",
        "a.csv",
        "planning-zones",
    )
    assert night() == {"a.csv": "unchanged"}
    put(path, "\n".join(ROWS), 30)  # sent again as it was
    assert night() == {"a.csv": "unchanged"}
    assert (Run.objects.count(), Revision.objects.count()) == (1, before)
    listed = signed_in("officer").get("/en/officer/").content.decode()
    assert "Unchanged since it was read" in listed and f"/officer/runs/{Run.objects.get().pk}/" in listed
    put(path, "\n".join(ROWS[:2]), 20)
    assert night() == {"a.csv": "read"}
    found.refresh_from_db()
    assert (found.state, ChangeSet.objects.latest("id").state, Run.objects.count()) == ("withdrawn", "checked", 2)


def test_what_is_half_there_waits_and_what_leads_out_is_not_read(folder: Path, tmp_path: Path) -> None:
    put(folder / "growing.csv", "\n".join(ROWS), minutes_ago=1)
    put(folder / "b.csv.part", "\n".join(ROWS))
    put(tmp_path / "secret.csv", "\n".join(ROWS))
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    put(folder / "c.shp", "x")
    (folder / "c.dbf").symlink_to(tmp_path / "secret.csv")
    assert night() == {"growing.csv": "arriving", "link.csv": "link", "c.shp": "link"}
    assert not Run.objects.exists()
    put(folder / "growing.csv", "\n".join(ROWS), minutes_ago=11)
    assert night()["growing.csv"] == "read"


def test_what_cannot_be_understood_changes_nothing_and_says_why(
    folder: Path, people: dict[str, User], signed_in: Callable[[str], Client]
) -> None:
    put(folder / "other.csv", "A,B\n1,2\n")
    night()
    run = Run.objects.get()
    assert (run.state, run.error, run.change_set) == ("failed", "answers-missing", None)
    assert (run.outcome, run.is_open) == ("Chờ khai báo thêm", False)
    shown = signed_in("second").get(f"/en/officer/runs/{run.pk}/").content.decode()
    assert "Which column holds “zone code”" in shown
    people["officer"].groups.clear()
    put(folder / "other.csv", "A,B\n1,3\n", 30)
    assert night() == {"other.csv": "nobody"}


@pytest.mark.parametrize("name", ["/etc", "../x", "a/../../x", ""])
def test_a_folder_of_a_supplier_lies_in_that_of_all(name: str) -> None:
    content = {"profile": {"vi": {"name": "x"}}, "supplier": [{"profile": "P", "folder": name, "officer": "o"}]}
    with pytest.raises(ValueError, match="LANDGIS_INTAKE"):
        office.read(content)
