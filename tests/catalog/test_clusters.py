"""What stands for many features adds up to them, covers nothing of its kind, and says nothing that is not public."""

import itertools
from dataclasses import replace
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import Client
from django.utils import timezone, translation

from landgis.catalog import pill_words, queries, registry, symbols
from landgis.catalog.clusters import FeatureCluster, clusters, gathered
from landgis.lib.filters import OneOf
from landgis.lib.webmap import EQUATOR_M, WORLD_PX, metres
from landgis.pictures.pills import pill_box

NAMES = [dataset.name for dataset in registry.all_datasets() if dataset.map.tiles.cluster_zooms]


def in_tiles(name: str, zoom: int) -> list[dict[str, Any]]:
    """What all tiles round the dataset hold of its clusters."""
    box = queries.extent(registry.get(name))
    assert box is not None
    side = EQUATOR_M / 2**zoom
    columns, rows = (range(int(low), int(high) + 1) for low, high in tiles_of(box, side))
    found = []
    for x, y in itertools.product(columns, rows):
        answer = Client().get(f"/tiles/{name}/{zoom}/{x}/{y}.mvt")
        if answer.status_code == 200:
            layer = mapbox_vector_tile.decode(answer.content).get(f"{name}-counts", {"features": []})
            found += [one["properties"] for one in layer["features"]]
    return found


def tiles_of(box: Any, side: float) -> tuple[tuple[float, float], tuple[float, float]]:
    (west, south), (east, north) = metres(*box[:2]), metres(*box[2:])
    half = EQUATOR_M / 2
    return ((west + half) / side, (east + half) / side), ((half - north) / side, (half - south) / side)


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_of_all_tiles_are_those_of_the_dataset(world: None, name: str) -> None:
    dataset = registry.get(name)
    for zoom in (8, 9, 10):
        assert sum(one["number"] for one in in_tiles(name, zoom)) == queries.count(dataset)
    for zoom in dataset.map.tiles.cluster_zooms:
        assert sum(one.number for one in clusters(dataset, zoom)) == queries.count(dataset)


@pytest.mark.parametrize("name", NAMES)
def test_none_meets_another_at_any_zoom(world: None, name: str) -> None:
    dataset = registry.get(name)
    width, height = symbols.room(dataset.map.tiles)
    for zoom in dataset.map.tiles.cluster_zooms:
        pixel_m = EQUATOR_M / WORLD_PX / 2**zoom
        for one, other in itertools.combinations(clusters(dataset, zoom), 2):
            assert abs(one.x - other.x) >= width * pixel_m or abs(one.y - other.y) >= height * pixel_m


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_longest_words_have_their_room(language: str) -> None:
    lots = registry.get("auction-lots")
    with translation.override(language):
        for number, least in ((999, 99_999_000_000), (1, 999_999_000_000), (99_999, None)):
            name = "M" * pill_words.LONGEST
            one = FeatureCluster(number, 0, 0, (0, 0, 0, 0), 15, least, together=name if number > 1 else None)
            left, top, right, bottom = pill_box(pill_words.said(lots, one), (0, 0), 1)
            assert right - left < symbols.PILL_ROOM[0] and bottom - top < symbols.PILL_ROOM[1]
    disc = symbols.DISC
    assert 2 * (disc.radius[-1][1] + disc.ring) < min(symbols.DISC_ROOM)


def test_the_lowest_price_is_of_those_that_have_one() -> None:
    lots = registry.get("auction-lots")

    def lot(east: float, least: int | None) -> FeatureCluster:
        return FeatureCluster(1, east, 0, (east, 0, east, 0), 15, least, f"L{east}")

    [both] = gathered(lots, [lot(0, None), lot(5, 2_000_000), lot(9, 1_000_000)])[14]
    assert (both.number, both.least, both.about, both.box, both.opens) == (3, 1_000_000, None, (0, 0, 9, 0), 15)
    [none] = gathered(lots, [lot(0, None), lot(5, None)])[6]
    assert none.least is None
    with translation.override("en"):
        assert pill_words.said(lots, both) == "3 lots · from 1 million"
        assert pill_words.said(lots, none) == "2 lots"
        assert pill_words.said(lots, lot(0, 1_240_000_000)) == "1.24 billion"


def test_a_price_that_nobody_can_bid_any_more_is_none_to_begin_with(world: None) -> None:
    lots = registry.get("auction-lots")
    closed = FeatureCluster(1, 0, 0, (0, 0, 0, 0), 15, 1_000_000, "L1", is_asked=False)
    taking = FeatureCluster(1, 5, 0, (5, 0, 5, 0), 15, 2_000_000, "L2")
    assert [one.least for one in gathered(lots, [closed, taking])[14]] == [2_000_000]
    assert [one.least for one in gathered(lots, [closed, replace(closed, about="L3")])[14]] == [None]
    for zoom in (6, 10):
        said = min(
            (one.least for one in clusters(lots, zoom) if one.number > 1 and one.least is not None), default=None
        )
        rows = queries.rows(lots, OneOf("status", ("open",)))
        assert said == min(row["starting_price_vnd"] for row in rows if row["starting_price_vnd"])
    with translation.override("en"):
        assert "the state “Taking dossiers”" in pill_words.meaning(lots)


def test_a_pill_names_the_auction_of_all_its_lots_and_its_day(world: None) -> None:
    lots = registry.get("auction-lots")
    codes = {row["ref"]: row["auction_code"] for row in queries.rows(lots)}
    opens = {row["ref"]: row["opens_at"] for row in queries.rows(registry.get("auctions"))}
    assert codes and clusters(lots, 6)[0].together is None
    named = [one for zoom in lots.map.tiles.cluster_zooms for one in clusters(lots, zoom) if one.together]
    assert {one.together for one in named} <= set(codes.values())
    several = next(one for one in named if one.number > 1)
    assert several.number <= sum(code == several.together for code in codes.values())
    day = timezone.localtime(opens[several.together]).strftime("%d/%m/%Y")
    with translation.override("vi"):
        assert pill_words.said(lots, several).splitlines()[1:] == [f"{several.together} · {day}"]
        assert "\n" not in pill_words.said(lots, replace(several, together="X" * (pill_words.LONGEST + 1)))
    assert any(one.get("together") == several.together for one in in_tiles("auction-lots", several.opens - 1))


def test_each_opens_into_its_own() -> None:
    """Two pairs: far from each other the pairs part first, each at its zoom."""
    lots = registry.get("auction-lots")
    found = [
        FeatureCluster(1, east, 0, (east, 0, east, 0), 15, None, f"L{east}") for east in (0, 1000, 100_000, 101_000)
    ]
    levels = gathered(lots, found)
    for zoom, nearer in itertools.pairwise(range(6, 15)):
        for one in levels[zoom]:
            inside = [each for each in levels[nearer] if one.box[0] <= each.x <= one.box[2]]
            assert sum(each.number for each in inside) == one.number
            assert (len(inside) > 1) == (one.opens == nearer and one.number > 1)


def test_a_filter_gathers_what_it_leaves(world: None) -> None:
    lots = registry.get("auction-lots")
    where = OneOf("status", ("open",))
    assert sum(one.number for one in clusters(lots, 9, where)) == queries.count(lots, where) < queries.count(lots)


def test_a_feature_alone_brings_its_ref(world: None) -> None:
    lots = registry.get("auction-lots")
    alone = [one for one in clusters(lots, 14) if one.number == 1]
    assert all(queries.feature(lots, str(one.about)) for one in alone)
    assert all(one.about is None for one in clusters(lots, 14) if one.number > 1)
