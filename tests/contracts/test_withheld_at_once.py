"""A block that is withheld is gone from every memory of every process in the same moment; nothing is cleared for it."""

import datetime
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from django.core.cache import caches
from django.test.utils import override_settings
from rasterio.transform import from_origin

from landgis.catalog import memory
from landgis.imagery.actions import About, add_scene
from landgis.imagery.basemap.actions import AboutArchive, add_base_map
from tests import base_maps, pdf, reader
from tests.cadastre.conftest import load, mask, parcel, placed, places_world  # noqa: F401  # fixtures
from tests.contracts.test_canary import CHANGING, VISITS
from tests.imagery.test_concealed import HERE
from tests.reader import Reading

HIDDEN, SEEN = "26558-12-1", "26558-12-50"
NUMBERS = (0, 1, 50, 51)


def at(zoom: int) -> str:
    longitude, latitude = HERE
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return f"{zoom}/{int((longitude + 180) / 360 * 2**zoom)}/{int(y * 2**zoom)}"


VIEW = f"17/{HERE[1]}/{HERE[0]}"
# By the name of the address what is asked; {v} is that under which maps are told to ask for images.
ASKED: dict[str, list[str]] = {
    "pages:home": ["/", "/en/", "/?land_use=ODT"],
    "pages:embed": ["/embed"],
    "pages:datasets": ["/datasets/"],
    "pages:datasets-json": ["/datasets.json"],
    "pages:dataset": ["/datasets/parcels/"],
    "pages:dataset-json": ["/datasets/parcels.json"],
    "pages:list": ["/parcels/", "/parcels/?land_use=ODT"],
    "pages:list-json": ["/parcels.json"],
    "pages:list-geojson": ["/parcels.geojson"],
    "pages:list-csv": ["/parcels.csv"],
    "pages:list-csv-metadata": ["/parcels.csv-metadata.json"],
    "pages:list-feed": ["/parcels/feed.atom"],
    "pages:feature": [f"/parcels/{ref}/" for ref in (HIDDEN, SEEN)],
    "pages:feature-json": [f"/parcels/{ref}.json" for ref in (HIDDEN, SEEN)],
    "pages:feature-geojson": [f"/parcels/{ref}.geojson" for ref in (HIDDEN, SEEN)],
    "tiles:tile": [
        *(f"/tiles/parcels/{at(zoom)}.mvt" for zoom in (8, 10, 14, 16)),
        f"/tiles/parcels/{at(13)}.mvt?land_use=ODT",
    ],
    "tiles:state": ["/tiles/state.json"],
    "tiles:tilejson": ["/tiles/parcels.json"],
    "styles:style": ["/styles/parcels.json"],
    "imagery:tile": [f"/imagery/2026-02/{at(12)}.webp", f"/imagery/2026-02/{at(12)}.webp?v={{v}}"],
    "imagery:map": ["/imagery/map.json"],
    "basemap:tile": [f"/basemap/{at(14)}.mvt"],
    "pictures:outline": [f"/pictures/outline/parcels/{ref}.webp" for ref in (HIDDEN, SEEN)],
    "pictures:outline-jpeg": [f"/pictures/outline/parcels/{ref}.jpg" for ref in (HIDDEN, SEEN)],
    "pictures:still": [
        f"/pictures/still.{kind}?view={VIEW}&size=120x90{more}"
        for kind, more in (("png", "&scene=none"), ("webp", ""), ("jpg", "&furniture=1&v=1"), ("png", "&scene=map"))
    ],
    "search:parcel": [f"/p?ma={ref}" for ref in (HIDDEN, SEEN)],
    "search:results": [f"/search?q={HIDDEN}", "/search?q=ODT"],
    "search-data:suggest": [f"/api/search?q={HIDDEN}"],
}
BY_PAPER = {
    "pages:feature-pdf": [f"/parcels/{ref}.pdf" for ref in (HIDDEN, SEEN)],
    "pages:feature-extract": [f"/parcels/{ref}/extract.pdf" for ref in (HIDDEN, SEEN)],
    "pages:print": [f"/print.pdf?view={VIEW}&scale=1000&layers=parcels"],
    "pages:list-xlsx": ["/parcels.xlsx"],
}
# One of each memory, for every run of the tests.
FEW = ("pages:home", "pages:dataset", "pages:list-json", "pages:feature-json", "tiles:tile", "tiles:tilejson",
       "imagery:tile", "basemap:tile", "pictures:still")  # fmt: skip
# What says nothing of parcels.
OF_OTHERS = {"crawlers:robots", "pages:guide", "crawlers:sitemaps", "crawlers:sitemap", "pages:measure", "pages:qr", "documents:file", "documents:page", "pages:manifest", "pages:worker", "pages:offline", "pages:list-calendar",
             "pages:feature-calendar", "imagery:catalogue", "imagery:item", "imagery:seen", "basemap:tilejson", "mail:stop", "operations:livez", "operations:metrics",
             "operations:readyz"}  # fmt: skip
# Whose answer must be another one afterwards, or the test proves nothing.
CHANGES = {"pages:home", "pages:datasets", "pages:datasets-json", "pages:dataset", "pages:dataset-json", "pages:list",
           "pages:list-json", "pages:list-geojson", "pages:list-csv", "tiles:tile", "tiles:state", "imagery:tile", "basemap:tile", "pictures:still"}  # fmt: skip


@pytest.fixture
def web(places_world: str, load: Any, tmp_path: Path) -> Iterator[str]:  # noqa: F811
    """A database in which two of four parcels lie in a block, and a folder with an image."""
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        photograph(tmp_path / "ground.tif")
        add_base_map(
            base_maps.over(tmp_path / "ground.pmtiles", *HERE, (14,), "Chợ"), AboutArchive("ground"), by="test"
        )
        load([parcel(number) for number in NUMBERS])
        yield places_world


def photograph(path: Path) -> None:
    """An image of one grey over the block, 11 m a pixel."""
    about = {"driver": "GTiff", "count": 3, "dtype": "uint8", "width": 200, "height": 200, "crs": "EPSG:4326"}
    with rasterio.open(path, "w", transform=from_origin(HERE[0] - 0.01, HERE[1] + 0.01, 1e-4, 1e-4), **about) as image:
        image.write(np.full((3, 200, 200), 40, "uint8"))
    about_it = About("ground", datetime.date(2026, 2, 20), source="test", licence="CC0-1.0", attribution="test")
    add_scene(path, about_it, by="test")


def readings(addresses: Mapping[str, str], other: reader.Reader) -> tuple[dict[str, Reading], dict[str, Reading]]:
    return reader.answered(addresses), other.ask(addresses)


def told(answer: Reading) -> tuple[int, bytes]:
    """What a reader gets to know, without what differs each time; of a PDF its pictures."""
    body = answer.body
    if body.startswith(b"%PDF"):
        body = b"".join(picture.tobytes() for picture, _wide, _high in pdf.read(body).photographs)
    if body.startswith(b"PK"):
        body = b"%d" % (len(body) // 50)
    return answer.status, CHANGING.sub(b"-", body)


def words(answer: Reading) -> str:
    body = answer.body
    return pdf.read(body).letters if body.startswith(b"%PDF") else body.decode(errors="replace")


def withheld_in_two_processes(database: str, asked: Mapping[str, list[str]], withhold: Any) -> None:
    """Ask both processes before and after; what they answer then is what one answers that remembers nothing."""
    version = reader.answered({"/imagery/map.json": ""})["/imagery/map.json"].body.decode().partition("?v=")[2][:12]
    kinds = {address.replace("{v}", version): kind for kind, addresses in asked.items() for address in addresses}
    with reader.started(database) as other:
        before = readings(dict.fromkeys(kinds, ""), other)
        withhold()
        after = readings({address: answer.etag for address, answer in before[0].items()}, other)
    caches["memory"].clear()
    memory.forget()
    fresh = reader.answered(dict.fromkeys(kinds, ""))
    for address, kind in kinds.items():
        for was, now in ((before[process][address], after[process][address]) for process in (0, 1)):
            shown = was if now.status == 304 else now
            assert told(shown) == told(fresh[address]), address
            assert HIDDEN not in words(shown) or HIDDEN in address, address
            assert "no-cache" in now.control, (address, now.control)
        assert "public" not in before[0][address].control, address
        if kind in CHANGES and "?v=" not in address:
            assert told(before[0][address]) != told(fresh[address]), address


# What is never kept by anybody, and what only leads on.
OFFICE = ("account_", "choose-password", "feedback:", "former-pictures:", "mfa_", "openid_connect_", "people:",
          "socialaccount_", "workbench:")  # fmt: skip


def test_every_kind_of_address_is_asked() -> None:
    officers = {name for name in VISITS if name.startswith(OFFICE)}
    assert set(ASKED) | set(BY_PAPER) | OF_OTHERS | officers == set(VISITS)


def test_what_is_withheld_is_gone_from_memory_at_once(web: str, load: Any, mask: Any) -> None:  # noqa: F811
    asked = {kind: ASKED[kind] for kind in FEW}
    withheld_in_two_processes(web, asked, lambda: load([mask], "parcel-masks"))


@pytest.mark.prove
@pytest.mark.parametrize("asked", [ASKED, BY_PAPER], ids=["screen", "paper"])
def test_it_is_gone_from_every_address_at_once(
    web: str, load: Any, mask: Any, asked: Mapping[str, list[str]]  # noqa: F811
) -> None:  # fmt: skip
    withheld_in_two_processes(web, asked, lambda: load([mask], "parcel-masks"))
