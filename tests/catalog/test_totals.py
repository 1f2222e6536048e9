"""The kept sums are what the rows in force add up to, whatever was applied."""

import random
from typing import Any

import pytest

from landgis.catalog import memory, published, queries, registry
from landgis.catalog.coverage import by_place
from landgis.catalog.published import totals
from landgis.catalog.queries import extents
from landgis.changes import actions as changes
from landgis.lib.filters import ALL, And, Equals, OneOf
from tests import samples

BY = ["commune_name", "land_use", "manager"]
FILTERS = (
    ALL,
    And((Equals("land_use", "ODT"),)),
    And((OneOf("commune_name", ("Commune 0", "Commune 2")),)),
    And((Equals("land_use", "no such use"),)),
)


def plot(chance: random.Random, number: int) -> samples.Plot:
    values: dict[str, Any] = {
        "land_use": chance.choice(["ODT", "CLN", None]),
        "area_legal_m2": chance.choice([1940, 1939.9, 2500]),
        "is_public": chance.random() < 0.8,
        "manager": chance.choice(["One", "Two", None]),
    }
    return samples.plot(number, **values)


def said(where: Any, by: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The lines, with sums of floats as far as those of another order are the same."""
    lines = queries.totals(samples.public_land(), where, by=by)
    for line in (line for part in lines.values() for line in part):
        line["area"] = line["area"] and round(line["area"], 6)
    return lines


@pytest.mark.usefixtures("empty_world")
def test_kept_sums_are_those_of_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each of some files that add, change, retire, hide and show plots."""
    chance, dataset = random.Random(16), samples.public_land()
    for count in (12, 9, 15):
        chosen = sorted(chance.sample(range(20), count))
        samples.applied([plot(chance, number) for number in chosen], is_complete=count == 9)
        asked = [(where, by) for where in FILTERS for by in ([], BY if where is ALL else [])]
        kept = [said(where, by) for where, by in asked]
        counts = [queries.count(dataset, where) for where in FILTERS]
        assert published.differences(dataset) == 0
        lines = by_place(dataset)
        with monkeypatch.context() as without:
            without.setattr(published, "keeps_coverage", lambda _dataset: False)
            memory.forget()
            assert lines == by_place(dataset)
        with monkeypatch.context() as without:
            without.setattr(published, "keeps_totals", lambda _dataset: False)
            assert [said(where, by) for where, by in asked] == kept
            assert [queries.count(dataset, where) for where in FILTERS] == counts


@pytest.mark.usefixtures("empty_world")
def test_a_cut_apply_leaves_the_sums_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    samples.applied([samples.plot(number) for number in range(3)])
    before = said(ALL, BY)

    def cut(*_: object, **_named: object) -> None:
        raise RuntimeError

    change_set = samples.approved([samples.plot(number, land_use="ODT") for number in range(5)])
    with monkeypatch.context() as broken:
        broken.setattr(changes, "_put_in_force", cut)
        with pytest.raises(RuntimeError):
            changes.apply(change_set, by=None)
    assert said(ALL, BY) == before and published.differences(samples.public_land()) == 0


def test_sums_are_kept_where_a_row_counts_as_itself_alone() -> None:
    kept = {dataset.name for dataset in registry.all_datasets() if totals.keeps_totals(dataset)}
    assert {"parcels", "public-land", "land-prices"} <= kept
    assert not kept & {"auction-lots", "planning-zones", "parcel-masks"}


@pytest.mark.usefixtures("empty_world")
def test_the_box_is_that_of_all_rows_and_of_many_that_of_some(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, dataset = random.Random(7), samples.public_land()
    places = [(107 + chance.random(), 10 + chance.random()) for _number in range(400)]
    boxes = [(west, south, west + samples.SIDE, south + samples.SIDE) for west, south in places]
    samples.applied([samples.plot(number, box=box, is_public=number > 3) for number, box in enumerate(boxes)])
    public = boxes[4:]
    all_of_them = tuple(extreme(box[side] for box in public) for side, extreme in enumerate((min, min, max, max)))
    assert queries.extent(dataset) == pytest.approx(all_of_them, abs=1e-9)
    left = (107.0, 10.0, 107.3, 11.1)
    right = [box for box in public if box[0] > 107.3]
    assert queries.extent(dataset, but=[left]) == pytest.approx(
        tuple(extreme(box[side] for box in right) for side, extreme in enumerate((min, min, max, max))), abs=1e-9
    )
    exact = queries.extent(dataset, share=0.9)
    monkeypatch.setattr(extents, "SAMPLE", 150)
    sampled = queries.extent(dataset, share=0.9)
    assert exact and sampled and sampled != exact and sampled == pytest.approx(exact, abs=0.1)
