"""What a page says of plans and restrictions: those that touch, those that do not, and those of which nothing is known."""

import dataclasses
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from landgis.catalog import office, registry
from landgis.catalog.office import OfficeTheme
from landgis.catalog.surroundings import APART, NO_DATA, Surroundings, ThemeHits
from landgis.pages.surroundings import context

LIST = (
    OfficeTheme({"vi": "Hành lang đường bộ", "en": "Road corridors"}),
    OfficeTheme({"vi": "Quy hoạch", "en": "Plans"}, "planning-zones"),
    OfficeTheme({"vi": "Di tích"}),
)


def told(monkeypatch: pytest.MonkeyPatch, state: str, listing: tuple[OfficeTheme, ...], **more: Any) -> dict[str, Any]:
    listed = dataclasses.replace(office.current(), themes=listing)
    monkeypatch.setattr(office, "current", lambda: listed)
    zones = ThemeHits(registry.get("planning-zones"), state)
    return context(registry.get("parcels"), Surroundings(**{"themes": [zones], "ground": [], "neighbours": []} | more))


def test_the_themes_are_those_of_the_office_with_those_it_has_no_data_of(monkeypatch: pytest.MonkeyPatch) -> None:
    with translation.override("en"):
        apart = told(monkeypatch, APART, LIST)
        assert (apart["apart"], apart["not_near"]) == (["Plans"], [])
        assert apart["without_data"] == ["Road corridors", "Di tích"]
        far = told(monkeypatch, NO_DATA, LIST)
        assert (far["apart"], far["not_near"], far["without_data"]) == ([], ["Plans"], ["Road corridors", "Di tích"])


def test_one_that_could_not_be_asked_is_not_without_data(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = told(monkeypatch, APART, LIST, themes=[], failed=[registry.get("planning-zones")])
    assert failed["without_data"] == ["Hành lang đường bộ", "Di tích"] and failed["failed"]


@pytest.mark.parametrize(
    ("language", "no_list", "no_data"),
    [("vi", "chưa lập danh mục", "không có dữ liệu về các loại này"), ("en", "has not listed", "has no data of these")],
)
def test_none_is_said_only_of_a_whole_list(
    monkeypatch: pytest.MonkeyPatch, language: str, no_list: str, no_data: str
) -> None:
    with translation.override(language):
        pages = [
            render_to_string("pages/_themes.html", {"around": told(monkeypatch, APART, themes)})
            for themes in ((), LIST, LIST[1:2])
        ]
    assert [no_list in page for page in pages] == [True, False, False]
    assert [no_data in page for page in pages] == [False, True, False]
