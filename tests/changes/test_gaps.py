"""Gaps between neighbours: slivers and small holes of nobody; streets, and the play of a survey, are none."""

from collections.abc import Iterator

import pytest

from landgis.catalog import tolerances
from landgis.changes import actions as changes
from landgis.changes import gaps, strips
from landgis.changes.models import ChangeSet
from tests import samples

pytestmark = pytest.mark.usefixtures("empty_world")
STEP = samples.STEP
METRE = 1 / 110_600  # a metre of latitude in degrees
EAST = 1 / 109_400  # and of longitude, at 10.5 degrees north
PER_ROW = 10


def side_by_side(
    number: int, *, north: float = 0.0, east: float = 0.0, west: float = 0.0, **values: object
) -> samples.Plot:
    """A plot that shares its sides with its neighbours, or ends so many metres before them."""
    row, column = divmod(number, PER_ROW)
    left, bottom = 107.0 + column * STEP, 10.5 + row * STEP
    box = (left + west * EAST, bottom, left + STEP - east * EAST, bottom + STEP - north * METRE)
    return samples.plot(number, box=box, **values)


def found(change_set: ChangeSet) -> list[tuple[int | None, str, float]]:
    findings = gaps.neighbours(samples.public_land(), change_set)
    return sorted((one.row, one.params["other"], float(one.params["area"])) for one in findings if one.code == "gap")


def test_neighbours_that_share_a_line_leave_no_gap() -> None:
    assert found(samples.drafted(side_by_side(number) for number in range(40))) == []


def test_a_sliver_between_two_rows_is_named_with_both_and_its_area() -> None:
    plots = [side_by_side(number, north=0.3 if number == 13 else 0) for number in range(40)]
    [(row, other, area)] = found(samples.drafted(plots))
    assert (row, other) == (24, "P-00013")  # the later row, and the one that ends too early
    assert area == pytest.approx(0.3 * 54.7, abs=0.2)


def test_a_sliver_that_is_open_to_the_street_at_both_ends_is_found_too() -> None:
    """A single column of plots: nothing closes the sliver in."""
    plots = [side_by_side(number * PER_ROW, north=0.3 if number == 2 else 0) for number in range(5)]
    assert [(row, other) for row, other, _area in found(samples.drafted(plots))] == [(4, "P-00020")]


@pytest.mark.parametrize("wide", [0.04, 0.6, 1.5, 6.0])
def test_the_play_of_a_survey_and_paths_and_streets_are_no_gaps(wide: float) -> None:
    """A street right across, and one that ends at plots on both sides."""
    across = [side_by_side(number, north=wide if 10 <= number < 20 else 0) for number in range(40)]
    assert found(samples.drafted(across)) == []
    closed = [side_by_side(number, north=wide if 12 <= number < 17 else 0) for number in range(40)]
    assert found(samples.drafted(closed)) == []


def test_a_small_hole_that_neighbours_close_in_is_a_gap_and_a_large_one_a_square() -> None:
    def drafted(side: float) -> ChangeSet:
        """Eight plots round a hole of that side, in metres."""
        across = [107.0 + offset * EAST for offset in (0, 30, 30 + side, 60 + side)]
        upward = [10.5 + offset * METRE for offset in (0, 30, 30 + side, 60 + side)]
        cells = [(i, j) for i in range(3) for j in range(3) if (i, j) != (1, 1)]
        boxes = [(across[i], upward[j], across[i + 1], upward[j + 1]) for i, j in cells]
        return samples.drafted(samples.plot(number, box=box) for number, box in enumerate(boxes))

    [(row, other, area)] = found(drafted(2.0))
    assert (row, other) == (8, "P-00006") and area == pytest.approx(4, abs=0.1)
    assert found(drafted(8.0)) == []


def test_what_stays_in_force_closes_a_gap_too_and_what_is_replaced_does_not() -> None:
    samples.applied(side_by_side(number) for number in range(30))
    [(row, other, _area)] = found(samples.drafted([side_by_side(14, west=0.3)]))
    assert (row, other) == (1, "P-00013")
    assert found(samples.drafted([side_by_side(14), side_by_side(13)])) == []


@pytest.mark.parametrize("window", [1, 3, 7])
def test_the_window_does_not_matter(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plots = [
        side_by_side(number, north=0.3 if number % 7 == 0 else 0, east=0.2 if number % 9 == 4 else 0)
        for number in range(60)
    ]
    change_set = samples.drafted(plots)
    whole = found(change_set)
    assert len(whole) > 10
    monkeypatch.setattr(strips, "WINDOW_ROWS", window)
    assert found(change_set) == whole


@pytest.mark.parametrize(
    ("scale", "use", "metres"),
    [
        (None, None, 0.05),
        (500, "ODT", 0.07),
        (1000, "ODT", 0.15),
        (1000, "CLN", 0.225),
        (1500, "ODT", 0.3),
        (25000, None, 3.0),
    ],
)
def test_the_tolerance_follows_the_scale_of_the_map(scale: int | None, use: str | None, metres: float) -> None:
    assert tolerances.of([scale], [use]).tolist() == [metres]


def test_slivers_within_the_tolerance_of_the_scale_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Overlaps and gaps of 0.2 m: too much at 1:500, within the tolerance at 1:2,000."""
    short = [side_by_side(number, north=0.2 if number == 13 else 0) for number in range(40)]
    long = [side_by_side(number, north=-0.2 if number == 13 else 0) for number in range(40)]
    for plots, code in ((short, "gap"), (long, "overlap")):
        change_set = samples.drafted(plots)
        for play, told in ((0.07, [code]), (0.3, [])):
            monkeypatch.setattr(tolerances, "PLAY_M", play)
            codes = [one.code for one in gaps.neighbours(samples.public_land(), change_set)]
            assert codes == told, (code, play)


@pytest.fixture
def checked_for_gaps() -> Iterator[None]:
    dataset = samples.public_land()
    dataset.checks = (*type(dataset).checks, gaps.neighbours)
    yield
    del dataset.checks


@pytest.mark.usefixtures("checked_for_gaps")
def test_a_declaration_names_the_check_and_the_issue_is_a_warning() -> None:
    change_set = samples.drafted([side_by_side(0, north=0.3), side_by_side(10)])
    changes.check(change_set)
    [issue] = change_set.issues.filter(code="gap")
    assert (issue.severity, issue.row, issue.ref) == ("warn", 2, "P-00010")
    assert not changes.stopping(change_set)


def test_a_feature_that_a_complete_file_lacks_is_named() -> None:
    samples.applied(side_by_side(number) for number in range(6))
    change_set = samples.drafted([side_by_side(number) for number in (0, 1, 2, 4)], is_complete=True)
    changes.check(change_set)
    lost = change_set.issues.filter(code="feature-lost").order_by("ref")
    assert [(one.ref, one.row, one.severity) for one in lost] == [("P-00003", None, "warn"), ("P-00005", None, "warn")]
    assert lost[0].params == {"count": 2}
    assert not changes.stopping(change_set)
    part = samples.drafted([side_by_side(0)])
    changes.check(part)
    assert not part.issues.filter(code="feature-lost").exists()
