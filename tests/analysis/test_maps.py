"""Maps of tables: what they carry, what they leave on the server, and what they refuse."""

import re

import pytest

from landgis.analysis import open_dataset
from landgis.analysis.maps import Layer, folium_map

ELSEWHERE = re.compile(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=|url\(["']?https?:|@import""")


def test_a_saved_map_names_no_address_to_fetch_from(address: str, database: str) -> None:
    for source in (address, database):
        lots = open_dataset("auction-lots", source=source, status="won")
        text = folium_map(lots, source=address).get_root().render()
        assert not ELSEWHERE.search(text)
        assert address not in text and "//cdn" not in text
        assert "Leaflet 1.9" in text
        assert text.count("data:image/webp;base64,") >= 1


def test_without_a_server_there_is_no_scene_and_still_a_map(database: str) -> None:
    lots = open_dataset("auction-lots", source=database)
    text = folium_map(lots).get_root().render()
    assert "data:image/webp" not in text
    assert lots["name"].iloc[0] in text.encode().decode("unicode_escape", "ignore") or "MultiPolygon" in text


def test_the_scene_may_stay_on_the_server(address: str) -> None:
    lots = open_dataset("auction-lots", source=address)
    text = folium_map(lots, embedded=False).get_root().render()
    assert f"{address}/imagery/2026-02/{{z}}/{{x}}/{{y}}.webp" in text
    assert "data:image/webp" not in text


def test_an_older_scene_is_chosen_by_name(address: str) -> None:
    lots = open_dataset("auction-lots", source=address, language="en")
    assert "Satellite image 11 Feb 2024" in folium_map(lots, scene="2024-02").get_root().render()
    with pytest.raises(LookupError, match=r"'1999-01'; there are: 2026-02, .*2024-02"):
        folium_map(lots, scene="1999-01")


def test_the_pieces_of_the_scene_are_not_more_than_asked_for(address: str) -> None:
    lots = open_dataset("auction-lots", source=address)
    assert 0 < folium_map(lots).get_root().render().count("data:image/webp") <= 40


def test_what_stands_in_a_table_is_text_on_the_map(address: str) -> None:
    lots = open_dataset("auction-lots", source=address).head(1)
    lots.loc[:, "address"] = "<img src=x onerror=alert(1)></script>"
    text = folium_map(Layer(lots, fields=["address"])).get_root().render()
    assert "<img" not in text and "onerror=alert(1)>" not in text
    assert "\\u0026lt;img" in text


def test_an_empty_table_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no row to draw"):
        folium_map(open_dataset("auction-lots", source=address, bbox=(0, 0, 1, 1)))
