"""What touches a feature, compared with what shapely finds in the legal coordinate system."""

import json
from typing import Any

import pytest
import shapely
from django.test import Client
from shapely.geometry import shape

from landgis.catalog import queries, registry
from landgis.catalog.geometry_kinds import AREA
from landgis.catalog.surroundings import APART, LEAST_OVERLAP_M2, NO_DATA, TOUCHES, surroundings
from landgis.lib import geometry
from landgis.lib.filters import Equals

pytestmark = pytest.mark.usefixtures("world")

SRID = 5899


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> dict[str, dict[str, shapely.Geometry]]:
    """dataset -> ref -> boundary in the legal system."""
    with django_db_blocker.unblock():
        return {name: boundaries(name) for name in ("public-land", "planning-zones", "auction-lots")}


def boundaries(name: str) -> dict[str, shapely.Geometry]:
    features = (json.loads(text) for text in queries.geojson_features(registry.get(name)))
    return {one["id"]: geometry.from_wgs84(shape(one["geometry"]), SRID) for one in features}


def some(found: dict[str, shapely.Geometry], step: int) -> list[str]:
    return sorted(found)[::step]


def test_shares_and_areas_are_those_of_the_legal_system(ground: dict[str, Any]) -> None:
    zones = ground["planning-zones"]
    pending = {row["ref"] for row in queries.rows(registry.get("planning-zones")) if row["plan_state"] != "in-force"}
    states = set()
    for ref in some(ground["public-land"], 60):
        plot = ground["public-land"][ref]
        [theme] = surroundings(registry.get("public-land"), ref).themes
        states.add(theme.state)
        overlaps = {name: zone.intersection(plot).area for name, zone in zones.items() if zone.intersects(plot)}
        expected = {name: area for name, area in overlaps.items() if area >= LEAST_OVERLAP_M2 * 1.01}
        told = {hit.ref: hit for hit in (*theme.hits, *theme.pending)}
        assert expected.keys() <= told.keys() <= overlaps.keys()
        for name, area in expected.items():
            assert told[name].size == pytest.approx(area, rel=1e-3, abs=0.05)
            assert told[name].share == pytest.approx(area / plot.area, abs=1e-3)
        assert (theme.state == TOUCHES) == bool(theme.hits)
        assert not {hit.ref for hit in theme.hits} & pending and {hit.ref for hit in theme.pending} <= pending
    assert {TOUCHES, APART} <= states


def test_where_a_theme_is_far_nothing_is_known(ground: dict[str, Any]) -> None:
    zones = shapely.STRtree(list(ground["planning-zones"].values()))
    far = [
        ref
        for ref, plot in ground["public-land"].items()
        if zones.query(plot, predicate="dwithin", distance=4000).size == 0
    ]
    near = [
        ref
        for ref, plot in ground["public-land"].items()
        if zones.query(plot).size == 0 and zones.query(plot, predicate="dwithin", distance=500).size
    ]
    for refs, state in ((far, NO_DATA), (near, APART)):
        assert refs, state
        for ref in refs[:10]:
            assert [theme.state for theme in surroundings(registry.get("public-land"), ref).themes] == [state]


def test_neighbours_are_those_that_lie_within_half_a_metre(ground: dict[str, Any]) -> None:
    plots = ground["public-land"]
    refs = list(plots)
    tree = shapely.STRtree(list(plots.values()))
    several = 0
    for ref in some(plots, 90):
        near = tree.query(plots[ref], predicate="dwithin", distance=AREA.neighbour_m)
        expected = {refs[place] for place in near} - {ref}
        found = surroundings(registry.get("public-land"), ref)
        told = {hit.ref for hit in found.neighbours}
        assert told <= expected if found.more_neighbours else told == expected
        several += len(told) > 1
    assert several > 5


def test_a_lot_lies_on_its_plot(ground: dict[str, Any]) -> None:
    lots = {row["ref"]: row for row in queries.rows(registry.get("auction-lots"))}
    for ref in some(lots, 9):
        on_it = [hit for hit in surroundings(registry.get("auction-lots"), ref).ground if hit.share > 0.5]
        assert lots[ref]["plot_code"] in [hit.ref for hit in on_it if hit.dataset.name == "public-land"]


def test_what_is_not_there_has_no_surroundings() -> None:
    found = surroundings(registry.get("public-land"), "never-was")
    assert not found.neighbours and not found.ground
    assert {theme.state for theme in found.themes} == {NO_DATA}


@pytest.mark.parametrize(("prefix", "words"), [("", ("có liên quan", "Không liên quan", "Không có dữ liệu tại đây")),
                                              ("/en", ("touches", "Does not touch", "No data here"))])  # fmt: skip
def test_the_page_names_all_three_states(client: Client, prefix: str, words: tuple[str, ...]) -> None:
    lot = queries.rows(registry.get("auction-lots"), limit=1)[0]
    page = client.get(f"{prefix}/lots/{lot['ref']}/").content.decode()
    for word in words:
        assert word in page
    assert "3127/Q" in page or "QĐ-UBND" in page


def test_a_zone_is_not_its_own_rule() -> None:
    zone = queries.rows(registry.get("planning-zones"), limit=1)[0]
    assert surroundings(registry.get("planning-zones"), zone["ref"]).themes == []


def test_plans_that_are_not_in_force_yet_stand_apart(ground: dict[str, Any], client: Client) -> None:
    """The page of a plot names them under their own heading with what they wait for; where there are none it says so."""
    pending = queries.rows(registry.get("planning-zones"), Equals("plan_state", "approved"))
    drafts = {row["ref"]: ground["planning-zones"][row["ref"]] for row in pending}
    plots = ground["public-land"]
    touched = next(
        ref for ref, plot in plots.items() if any(plot.intersection(one).area > 10 for one in drafts.values())
    )
    [theme] = surroundings(registry.get("public-land"), touched).themes
    assert {hit.ref for hit in theme.pending} & drafts.keys()
    page = client.get(f"/public-land/{touched}/").content.decode()
    _before, after = page.split("chưa có hiệu lực</span></h3>", 1)
    assert theme.pending[0].title in after.split("</ul>")[0]
    assert "Đã phê duyệt, chưa có hiệu lực" in after and "01/01/2031" in after
    free = next(ref for ref in some(plots, 7) if _is_free_of_pending(ref))
    for prefix, words in (("", "chưa công bố quy hoạch nào đang lập"), ("/en", "none that is being drawn up")):
        assert words in client.get(f"{prefix}/public-land/{free}/").content.decode()
        assert words not in client.get(f"{prefix}/public-land/{touched}/").content.decode()


def _is_free_of_pending(ref: str) -> bool:
    [theme] = surroundings(registry.get("public-land"), ref).themes
    return theme.state == TOUCHES and not theme.pending


def test_the_map_is_told_which_zones_have_a_broken_line(client: Client) -> None:
    layers = json.loads(
        client.get("/").content.decode().split('id="map-config" type="application/json">')[1].split("</script>")[0]
    )
    [zones] = [layer for layer in layers["layers"] if layer["name"] == "planning-zones"]
    assert zones["colour_by"] == "plan_state"
    [broken] = [one for one in zones["drawn"]["features"] if "line-dasharray" in one["paint"]]
    pending = set(registry.get("planning-zones").map.style.dashed)
    assert set(broken["filter"][-1][-1]) == pending < set(zones["colours"])
    assert "stroke-dasharray" in client.get("/planning/").content.decode()
