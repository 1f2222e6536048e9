"""What the page of a feature tells of its past: every version with what changed, and what stood on its land before."""

import re
from typing import Any

import pytest
from django.test import Client

from landgis.catalog import lineage
from tests import samples

pytestmark = pytest.mark.usefixtures("empty_world")


@pytest.fixture
def halves() -> tuple[Any, Any, Any]:
    """A plot, and two that share its land."""
    whole = samples.plot(1)
    west, south, east, north = whole["box"]
    middle = (west + east) / 2
    return (
        whole,
        {**samples.plot(2), "box": (west, south, middle, north)},
        {**samples.plot(3), "box": (middle, south, east, north)},
    )


def page(path: str) -> str:
    return Client().get(path).content.decode()


def ref(plot: Any) -> str:
    return samples.public_land().ref(plot)


def test_each_version_says_what_changed_and_where_it_came_from() -> None:
    plot = samples.plot(1)
    samples.the_whole_state([plot])
    west, south, east, north = plot["box"]
    moved = {**plot, "name": "Khu đất mới", "area_legal_m2": 1234.5, "box": (west, south, east, (south + north) / 2)}
    samples.the_whole_state([moved])
    newest, first = lineage.lineage(samples.public_land(), ref(plot)).versions
    assert first.is_first and not first.changes
    assert {change.field.name if change.field else "" for change in newest.changes} == {"name", "area_legal_m2", ""}
    html = page(f"/public-land/{ref(plot)}/")
    assert f">{plot['name']}</del>" in html and ">Khu đất mới</ins>" in html
    assert "1.234,5 m²</ins>" in html and "Ranh giới: " in html
    assert f'<del><span lang="vi">{plot["name"]}</span></del>' in page(f"/en/public-land/{ref(plot)}/")


def test_what_is_not_public_is_no_change() -> None:
    plot = samples.plot(1)
    samples.the_whole_state([{**plot, "note": "Canary one"}])
    samples.the_whole_state([{**plot, "note": "Canary two"}])
    newest, _first = lineage.lineage(samples.public_land(), ref(plot)).versions
    assert not newest.changes
    html = page(f"/public-land/{ref(plot)}/")
    assert "Canary" not in html and "không khác lần trước" in html


def test_a_divided_plot_names_its_parts_and_they_name_it(halves: tuple[Any, Any, Any]) -> None:
    whole, west, east = halves
    apart = samples.plot(40)
    samples.the_whole_state([whole, apart])
    samples.the_whole_state([west, east])
    dataset = samples.public_land()
    assert [one.ref for one in lineage.lineage(dataset, ref(west)).predecessors] == [ref(whole)]
    assert [one.ref for one in lineage.successors(dataset, ref(whole))] == sorted([ref(west), ref(east)])
    assert lineage.successors(dataset, ref(apart)) == []
    gone = Client().get(f"/public-land/{ref(whole)}/")
    assert gone.status_code == 410
    assert all(f'href="/public-land/{ref(one)}/"' in gone.content.decode() for one in (west, east))
    named = Client().get(f"/public-land/{ref(whole)}.json").json()["successors"]
    assert [one["ref"] for one in named] == sorted([ref(west), ref(east)])
    html = page(f"/public-land/{ref(west)}/")
    assert f'href="/public-land/{ref(whole)}/?as_of=1"' in html and "Hình thành trên đất của" in html


def test_a_plot_that_took_in_another_is_its_successor(halves: tuple[Any, Any, Any]) -> None:
    whole, west, east = halves
    samples.the_whole_state([west, east])
    samples.the_whole_state([{**west, "box": whole["box"]}])
    dataset = samples.public_land()
    assert [one.ref for one in lineage.successors(dataset, ref(east))] == [ref(west)]
    assert [one.ref for one in lineage.lineage(dataset, ref(west)).predecessors] == [ref(east)]


def test_what_may_not_be_seen_is_nobody_s_relative(halves: tuple[Any, Any, Any]) -> None:
    whole, west, east = halves
    samples.the_whole_state([whole])
    samples.the_whole_state([{**west, "is_public": False}, east])
    assert [one.ref for one in lineage.successors(samples.public_land(), ref(whole))] == [ref(east)]
    samples.the_whole_state([{**west, "is_public": False}, east, samples.plot(50)])
    assert lineage.lineage(samples.public_land(), ref(west)).predecessors == []


def test_where_nothing_stood_before_the_page_says_so() -> None:
    samples.the_whole_state([samples.plot(1)])
    assert "Chưa công bố đối tượng nào trước đây" in page(f"/public-land/{ref(samples.plot(1))}/")


def test_one_that_merely_changed_is_nobody_s_successor() -> None:
    """A neighbour that overlaps what ended, and was drawn a little anew: all of that ground was its own before."""
    gone = samples.plot(1)
    west, south, east, north = gone["box"]
    over = {**samples.plot(2), "box": ((west + east) / 2, south, east + (east - west) / 2, north)}
    samples.the_whole_state([gone, over])
    samples.the_whole_state([{**over, "name": "Tên mới", "box": (*over["box"][:3], north + (north - south) / 50)}])
    assert lineage.successors(samples.public_land(), ref(gone)) == []
    assert lineage.lineage(samples.public_land(), ref(over)).predecessors == []


def test_a_change_whose_two_sides_read_alike_is_only_told() -> None:
    plot = samples.plot(1)
    west, south, east, north = plot["box"]
    samples.the_whole_state([{**plot, "address": f"{'Đường dài ' * 20}số 1"}])
    step = (east - west) / 10
    moved = (west + step, south, east + step, north)
    samples.the_whole_state([{**plot, "address": f"{'Đường dài ' * 20}số 2", "box": moved}])
    html = page(f"/public-land/{ref(plot)}/")
    assert re.search(r"Ranh giới:\s+đã thay đổi", html)
    sides = re.findall(r"<del>(.*?)</del>.*?<ins>(.*?)</ins>", html, re.S)
    assert sides and all(before != after for before, after in sides)
    assert "số 1</del>" in html and "số 2</ins>" in html
