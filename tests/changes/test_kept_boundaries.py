"""A change of one fact needs no boundary: what the source does not bring stays as it is in force, to the byte."""

import io
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest
from django.core.management import call_command
from django.utils import translation

from landgis.catalog import lineage
from landgis.changes import actions as changes
from landgis.changes import overlaps
from landgis.changes.models import ChangeSet, Door, Issue
from tests import samples
from tests.ingest.test_load import codes
from tests.ingest.test_load import load as load_of

pytestmark = pytest.mark.usefixtures("empty_world")


def load(path: Path, **options: Any) -> dict[str, Any]:
    return load_of(path, dataset="public-land", **options)


def state() -> dict[str, dict[str, Any]]:
    """Every column of what is in force, the boundary as its bytes."""
    dataset = samples.public_land()
    rows = dataset.in_force._default_manager.filter(until_revision=None).values("ref", *dataset.columns)
    return {row["ref"]: row | {"boundary": bytes(row["boundary"].ewkb)} for row in rows}


def edited(columns: list[str], *rows: tuple[Any, ...]) -> ChangeSet:
    """A checked change set of the command line that brings only those columns."""
    change_set = changes.draft(samples.public_land(), by=None, door=Door.COMMAND_LINE)
    changes.stage(change_set, columns, [(number, row[0], None, *row) for number, row in enumerate(rows, 1)])
    changes.check(change_set)
    return change_set


def found(change_set: ChangeSet) -> list[tuple[str, str]]:
    return list(change_set.issues.order_by("id").values_list("code", "ref"))


def apply(change_set: ChangeSet) -> int:
    changes.submit(change_set, by=change_set.author)
    changes.approve(change_set, by=None)
    return changes.apply(change_set, by=None)


def test_an_edit_of_one_fact_leaves_all_else_as_it_is() -> None:
    samples.applied([samples.plot(0), samples.plot(1)])
    before = state()
    change_set = edited(["plot_code", "name"], ("P-00000", "Another name"), ("P-00001", "Plot 1"))
    assert (changes.counts(change_set)["change"], changes.counts(change_set)["unchanged"]) == (1, 1)
    assert found(change_set) == []
    assert apply(change_set) == 2
    before["P-00000"]["name"] = "Another name"
    assert state() == before
    newest = lineage.lineage(samples.public_land(), "P-00000").versions[0]
    assert [change.field and change.field.name for change in newest.changes] == ["name"]
    assert lineage.lineage(samples.public_land(), "P-00000").predecessors == []
    assert lineage.successors(samples.public_land(), "P-00000") == []


def test_a_new_feature_needs_its_boundary() -> None:
    samples.applied([samples.plot(0)])
    columns = ["plot_code", "name", "area_legal_m2"]
    change_set = edited(columns, ("P-00000", "Another name", 1940), ("P-00007", "New", 1940))
    assert found(change_set) == [("geometry-missing", "P-00007")]
    with pytest.raises(changes.StoppedByIssues):
        changes.submit(change_set, by=change_set.author)


def test_what_has_not_moved_is_not_compared_with_its_neighbours_again() -> None:
    west, _south, east, north = samples.plot(1)["box"]
    over_the_next = samples.plot(0) | {"box": (*samples.plot(0)["box"][:2], (west + east) / 2, north)}
    first = samples.approved([over_the_next, samples.plot(1)])
    assert [one.code for one in overlaps.overlaps(samples.public_land(), first)] == ["overlap"]
    changes.apply(first, by=None)
    second = edited(["plot_code", "name"], ("P-00000", "a"), ("P-00001", "b"))
    assert found(second) == []
    assert list(overlaps.overlaps(samples.public_land(), second)) == []
    # But what paper says now is compared with the ground as it is.
    assert found(edited(["plot_code", "area_legal_m2"], ("P-00001", 5000))) == [("area-difference", "P-00001")]


@pytest.mark.parametrize("ending", ["csv", "gpkg"])
def test_a_table_of_a_key_and_one_column_changes_that_column(tmp_path: Path, ending: str) -> None:
    samples.applied([samples.plot(0), samples.plot(1), samples.plot(2)])
    before = state()
    path = tmp_path / f"names.{ending}"
    table = pd.DataFrame({"plot_code": ["P-00000", "P-00001"], "name": ["Tên mới", "Plot 1"]})
    if ending == "csv":
        table.to_csv(path, index=False)
    else:
        pyogrio.write_dataframe(table, path)
    report = load(path, commit=True)
    assert (report["status"], report["revision"], codes(report)) == (0, 2, {"geometry-kept": 1})
    assert [report[key] for key in ("add", "change", "unchanged", "retire")] == [0, 1, 1, 0]
    assert (report["understood"]["srid"], report["understood"]["geometry"]) == (None, None)
    before["P-00000"]["name"] = "Tên mới"
    assert state() == before
    assert load(path, commit=True)["revision"] is None


def test_such_a_table_may_be_complete_and_names_what_is_new(tmp_path: Path) -> None:
    samples.applied([samples.plot(0), samples.plot(1)])
    path = tmp_path / "names.csv"
    path.write_text("plot_code,name,area_legal_m2\nP-00000,Plot 0,1940\nP-00009,New,1940\n", encoding="utf-8")
    report = load(path, complete=True, leave_out=True, commit=True)
    assert {"geometry-kept": 1, "geometry-missing": 1, "feature-lost": 1}.items() <= codes(report).items()
    assert (report["unchanged"], report["left_out"], report["retire"]) == (1, 1, 1)


def test_the_report_for_people_says_that_the_boundaries_stay(tmp_path: Path) -> None:
    samples.applied([samples.plot(0)])
    path = tmp_path / "names.csv"
    path.write_text("plot_code,name\nP-00000,New name\n", encoding="utf-8")
    out = io.StringIO()
    with translation.override("vi"):
        call_command("load", path, dataset="public-land", stdout=out)
    assert "ranh giới hiện hành được giữ nguyên" in out.getvalue()
    assert not Issue.objects.exists()
