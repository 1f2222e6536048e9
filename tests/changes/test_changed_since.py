"""A file that is older than what is in force: a conflict to decide, never an overwrite."""

import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError

from landgis.changes.models import ChangeSet
from tests.ingest.test_load import codes, in_force, load, write, zone

pytestmark = pytest.mark.usefixtures("empty_world")
OLD, MIDDLE, NEW = (datetime.date(2026, month, 1) for month in (1, 2, 3))


@pytest.fixture
def later(empty_world: str, tmp_path: Path) -> None:
    """A and B of the middle; then B changed and C added by a newer file."""
    load(write(tmp_path / "a.geojson", zone("A", 0), zone("B", 1)), commit=True, as_of=OLD)
    load(write(tmp_path / "b.geojson", zone("B", 1, name="mới"), zone("C", 2)), commit=True, as_of=NEW)


def older(tmp_path: Path, **options: object) -> dict:
    """The complete state of the middle: A changed, B as it was, C not known."""
    path = write(tmp_path / "c.geojson", zone("A", 0, name="giữa"), zone("B", 1, name="giữa"))
    return load(path, commit=True, complete=True, as_of=MIDDLE, **options)


@pytest.mark.usefixtures("later")
def test_what_changed_here_since_stops_an_older_file(tmp_path: Path) -> None:
    report = older(tmp_path)
    assert (report["status"], codes(report)) == (1, {"changed-since": 2})
    assert {one["ref"] for one in report["issues"][0]["examples"]} == {"B", "C"}
    assert "1 Mar 2026" in report["issues"][0]["examples"][0]["message"]
    assert in_force() == {"A": "Vùng A", "B": "mới", "C": "Vùng C"}


@pytest.mark.usefixtures("later")
def test_what_is_here_may_be_kept(tmp_path: Path) -> None:
    report = older(tmp_path, changed_since="keep")
    assert (report["status"], codes(report)) == (0, {"changed-since-kept": 2})
    assert in_force() == {"A": "giữa", "B": "mới", "C": "Vùng C"}


@pytest.mark.usefixtures("later")
def test_or_the_file_may_be_followed(tmp_path: Path) -> None:
    report = older(tmp_path, changed_since="take")
    assert (report["status"], codes(report)) == (0, {"changed-since-taken": 2})
    assert in_force() == {"A": "giữa", "B": "giữa"}


@pytest.mark.usefixtures("later")
def test_a_newer_file_and_one_that_agrees_are_not_stopped(tmp_path: Path) -> None:
    same = write(tmp_path / "d.geojson", zone("B", 1, name="mới"))
    assert codes(load(same, as_of=MIDDLE)) == {}
    newer = write(tmp_path / "e.geojson", zone("B", 1, name="mới hơn"))
    assert codes(load(newer, as_of=datetime.date(2026, 3, 2))) == {}
    assert codes(load(newer)) == {}


def test_what_was_loaded_without_a_day_may_be_newer_if_it_came_into_force_later(tmp_path: Path) -> None:
    load(write(tmp_path / "a.geojson", zone("A", 0)), commit=True)
    report = load(write(tmp_path / "b.geojson", zone("A", 0, name="cũ")), as_of=OLD)
    assert codes(report) == {"changed-since": 1}
    assert "chưa rõ" in str(report["issues"]) or "an unknown day" in str(report["issues"])
    assert ChangeSet.objects.count() == 1


def test_another_word_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises((CommandError, ValueError)):
        load(write(tmp_path / "a.geojson", zone("A", 0)), changed_since="maybe")
