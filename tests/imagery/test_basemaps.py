"""Base maps of other publishers: off by default, lawful, and asked for only when the office names them."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client, override_settings

from landgis.imagery import basemaps

GOOD = {
    "title": {"vi": "Nền", "en": "Ground"},
    "tiles": "https://tiles.example.org/{z}/{x}/{y}.png",
    "tile_size": 256,
    "maxzoom": 14,
    "source": "Example",
    "attribution": "Example, 2026",
    "licence": "CC-BY-4.0",
    "terms_url": "https://example.org/terms",
}


def test_none_is_offered_and_no_other_host_may_be_asked_by_default(world: None) -> None:
    response = Client().get("/imagery/map.json")
    assert response.json()["basemaps"] == []
    assert "https:" not in Client().get("/")["Content-Security-Policy"]


def test_a_named_one_is_offered_with_its_credit_and_terms(world: None) -> None:
    with override_settings(BASEMAPS=["nasa-landsat-2000"]):
        [english] = Client().get("/imagery/map.json?lang=en").json()["basemaps"]
    assert english["is_real"] is True
    assert english["attribution"] and english["licence"] in basemaps.OPEN_LICENCES and english["terms_url"]
    assert english["title"].startswith("Landsat")


@pytest.mark.parametrize("named", ["", "nasa-landsat-2000,nasa-blue-marble"])
def test_pages_may_ask_just_the_hosts_of_those_that_are_named(named: str) -> None:
    command = "from django.conf import settings; import json; print(json.dumps(settings.CONTENT_SECURITY_POLICY))"
    environment = {**os.environ, "LANDGIS_BASEMAPS": named, "DJANGO_SETTINGS_MODULE": "landgis.settings"}
    told = subprocess.run(
        [sys.executable, "-c", command],
        env=environment,
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert told.count("https://gibs.earthdata.nasa.gov") == (2 if named else 0)
    assert told.count("https://") == (2 if named else 0)


def test_a_title_is_told_in_the_readers_language() -> None:
    basemap = basemaps.read({"it": GOOD})["it"]
    assert (basemap.for_map("vi")["title"], basemap.for_map("fr")["title"]) == ("Nền", "Ground")


def test_every_known_one_has_titles_in_both_languages() -> None:
    assert basemaps.by_name()
    for basemap in basemaps.by_name().values():
        assert set(basemap.title) == {code for code, _name in settings.LANGUAGES}
        assert basemap.licence in basemaps.OPEN_LICENCES


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"licence": "CC-BY-NC-SA-4.0"}, "the licence of it is none of"),
        ({"tiles": "http://tiles.example.org/{z}/{x}/{y}.png"}, "https address"),
        ({"tiles": "https://tiles.example.org/{z}/{x}.png"}, "https address"),
        ({"attribution": ""}, "an attribution"),
        ({"title": {"vi": "Nền"}}, "English title"),
        ({"colour": "red"}, "exactly"),
    ],
)
def test_one_that_may_not_be_used_or_credited_is_refused(wrong: dict, says: str) -> None:
    assert basemaps.read({"it": GOOD})["it"].origin == "https://tiles.example.org"
    with pytest.raises(ValueError, match=says):
        basemaps.read({"it": GOOD | wrong})
