"""The place of a feature, where every exit points: on the feature itself, and the same in all of them."""

import re

import pytest
import shapely
from django.test import Client
from psycopg import sql

from landgis.catalog import published, queries, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries import fetch
from landgis.search.hits import Found, hits_of

pytestmark = pytest.mark.usefixtures("world")
DRAWN = [dataset for dataset in registry.all_datasets() if dataset.geometry and not dataset.is_internal]
PRINTED = r"(\d+\.\d{6}), ?(\d+\.\d{6})"


@pytest.mark.parametrize("dataset", DRAWN, ids=lambda dataset: dataset.name)
def test_every_place_lies_on_its_feature(dataset: Dataset) -> None:
    """As it is printed, with six decimals, and as tiles and pictures have it."""
    query = sql.SQL(
        "SELECT count(*) AS n, count(*) FILTER (WHERE NOT ST_Intersects(shape, printed)) AS beside,"
        " count(*) FILTER (WHERE ST_Distance(ST_Transform(place, 3857), drawn) > 0.001) AS elsewhere"
        " FROM (SELECT v.{shape} AS shape, {place} AS place, t.place AS drawn, ST_SetSRID(ST_MakePoint("
        "round(ST_X({place})::numeric, 6)::float, round(ST_Y({place})::numeric, 6)::float), 4326) AS printed"
        " FROM {view} v JOIN {tiles} t USING (ref) WHERE v.until_revision IS NULL OFFSET 0) found"
    ).format(
        shape=sql.Identifier(str(dataset.geometry)),
        place=dataset.geometry_kind.place_of(sql.Identifier("v", str(dataset.geometry))),
        view=published.view(dataset),
        tiles=published.tile_table(dataset),
    )
    (found,) = fetch(query, [])
    assert found["n"] == queries.count(dataset)
    assert (found["beside"], found["elsewhere"]) == (0, 0)


def test_every_exit_points_to_the_same_place() -> None:
    """Of a plot round which others lie: the middle of its box is not its own."""
    dataset = registry.get("public-land")
    query = sql.SQL(
        "SELECT ref FROM {} WHERE until_revision IS NULL AND NOT ST_Intersects(boundary, ST_Centroid(ST_Envelope(boundary)))"
        " ORDER BY ref LIMIT 1"
    )
    ref = fetch(query.format(published.view(dataset)), [])[0]["ref"]
    row = queries.feature(dataset, ref, with_boundary=True)
    assert row
    outline = shapely.from_wkb(bytes(row["boundary_wkb"]))
    longitude, latitude = queries.place_of(row)
    assert outline.contains(shapely.Point(longitude, latitude))
    place = (f"{latitude:.6f}", f"{longitude:.6f}")
    page = Client().get(f"/public-land/{ref}/").content.decode()
    assert "Tọa độ một điểm nằm trong ranh giới (WGS 84):" in page
    assert set(re.findall(PRINTED, page)) == {place}
    told = Client().get(f"/public-land/{ref}.json").json()
    assert (told["lon"], told["lat"]) == (longitude, latitude)
    (hit,) = hits_of([Found(dataset.name, ref, "code")])
    assert hit.centre == (longitude, latitude)
