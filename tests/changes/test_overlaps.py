"""Overlaps: of rows with each other and with what stays in force; slivers and neighbours are no overlaps."""

from collections.abc import Iterator

import pytest

from landgis.changes import actions as changes
from landgis.changes import overlaps, strips
from landgis.changes.models import ChangeSet
from tests import samples

pytestmark = pytest.mark.usefixtures("empty_world")
STEP = samples.STEP
METRE = 1 / 110_600  # a metre of latitude in degrees, at 10 degrees north


def side_by_side(number: int, *, by: float = 0.0, west: float = 0.0, **values: object) -> samples.Plot:
    """A plot that shares its west side with the one before, or reaches `by` metres to its north over the next row."""
    row, column = divmod(number, 10)
    left, bottom = 107.0 + column * STEP, 10.5 + row * STEP
    box = (left - west * METRE, bottom, left + STEP, bottom + STEP + by * METRE)
    return samples.plot(number, box=box, **values)


def found(change_set: ChangeSet, width_m: float = overlaps.WIDTH_M) -> list[tuple[int | None, str, float]]:
    findings = overlaps.overlaps(samples.public_land(), change_set, width_m=width_m)
    return sorted((one.row, one.params["other"], float(one.params["area"])) for one in findings)


def test_neighbours_share_a_line_and_do_not_overlap() -> None:
    assert found(samples.drafted(side_by_side(number) for number in range(40))) == []


def test_both_rows_and_the_area_are_named() -> None:
    plots = [side_by_side(number, by=2 if number == 3 else 0) for number in range(20)]
    [(row, other, area)] = found(samples.drafted(plots))
    # Row 14 (plot 13) lies north of row 4 (plot 3), which is 2 m too long; a step is about 55 m wide.
    assert (row, other) == (14, "P-00003")
    assert area == pytest.approx(2 * 54.7, abs=1)


def test_a_sliver_within_the_tolerance_is_passed_over() -> None:
    plots = [side_by_side(number, by=0.04 if number == 3 else 0) for number in range(20)]
    change_set = samples.drafted(plots)
    assert found(change_set) == []
    assert len(found(change_set, width_m=0.02)) == 1
    assert len(list(overlaps.wider_than(0.02)(samples.public_land(), change_set))) == 1


def test_a_plot_inside_another_and_one_twice_are_found() -> None:
    outer = samples.plot(0, box=(107.0, 10.5, 107.01, 10.51))
    inner = samples.plot(1, box=(107.004, 10.504, 107.006, 10.506))
    twin = samples.plot(2, box=(107.0, 10.5, 107.01, 10.51))
    assert {(row, other) for row, other, _area in found(samples.drafted([outer, inner, twin]))} == {
        (2, "P-00000"),
        (3, "P-00000"),
        (3, "P-00001"),
    }


def test_what_stays_in_force_counts_and_what_is_replaced_does_not() -> None:
    samples.applied(side_by_side(number) for number in range(10))
    # Plot 4 is drawn again, 3 m wider to the west, over plot 3, which is not in the file.
    change_set = samples.drafted([side_by_side(4, west=3)])
    [(row, other, area)] = found(change_set)
    assert (row, other) == (1, "P-00003")
    assert area == pytest.approx(3 * 55, rel=0.05)
    # A file that holds every plot retires plot 3.
    assert found(samples.drafted([side_by_side(4, west=3)], is_complete=True)) == []


def test_many_items_are_compared_with_what_is_in_force_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips, "FEW_ITEMS", 0)
    samples.applied(side_by_side(number) for number in range(10))
    assert [other for _row, other, _area in found(samples.drafted([side_by_side(4, west=3)]))] == ["P-00003"]


@pytest.mark.parametrize("window", [1, 3, 7])
def test_the_window_does_not_matter(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plots = [
        side_by_side(number, by=2 if number % 3 == 0 else 0, west=1 if number % 7 == 0 else 0) for number in range(60)
    ]
    change_set = samples.drafted(plots)
    whole = found(change_set)
    assert len(whole) > 15
    monkeypatch.setattr(strips, "WINDOW_ROWS", window)
    assert found(change_set) == whole


@pytest.fixture
def checked_for_overlaps() -> Iterator[None]:
    dataset = samples.public_land()
    dataset.checks = (*type(dataset).checks, overlaps.overlaps)
    yield
    del dataset.checks


@pytest.mark.usefixtures("checked_for_overlaps")
def test_a_declaration_names_the_check_and_the_issue_is_a_warning() -> None:
    change_set = samples.drafted([side_by_side(0, by=2), side_by_side(10)])
    changes.check(change_set)
    [issue] = change_set.issues.filter(code="overlap")
    assert (issue.severity, issue.row, issue.ref) == ("warn", 2, "P-00010")
    assert not changes.stopping(change_set)
