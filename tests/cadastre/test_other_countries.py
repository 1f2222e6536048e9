"""An office without the package `vn`: the files of other countries become its parcels, by their own identifiers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from landgis import env
from tests.programs import environment

OFFICE = Path(__file__).with_name("other_office.toml")
REAL = Path(os.environ.get("LANDGIS_REAL_DATA", "/nowhere"))
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.is_dir(), reason="LANDGIS_REAL_DATA names no folder"),
]

ASKS = """
from django.apps import apps
from django.test import Client
from landgis.catalog import queries, registry
assert not apps.is_installed("landgis.vn")
parcels = registry.get("parcels")
found = queries.rows(parcels, limit=1)[0]
total = queries.totals(parcels)[""][0]
page = Client(HTTP_HOST="localhost").get(f"/en/parcels/{found['ref']}/")
print(total["count"], round(total["area"]), found["ref"], found["parcel_code"], page.status_code)
"""


def manage(state: Path, *arguments: object, stdin: str | None = None) -> str:
    """manage.py on a database of the tests, in an installation without a national package."""
    done = subprocess.run(
        [sys.executable, env.BASE_DIR / "manage.py", *map(str, arguments)],
        env={**environment(state, as_owner=True), "LANDGIS_NATIONAL": "none", "LANDGIS_OFFICE": str(OFFICE)},
        capture_output=True,
        text=True,
        input=stdin,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def loaded(state: Path, file: str, *options: str) -> list[str]:
    """Loads a file as parcels; gives count, area in m2, a ref, its code and the status of its page."""
    (state / "static").symlink_to(settings.STATIC_ROOT)
    manage(state, "migrate", "--verbosity=0")
    manage(state, "load", REAL / file, "--dataset=parcels", "--commit", "--leave-out", *options)
    return manage(state, "shell", "--verbosity=0", stdin=ASKS).split()


def test_a_french_commune(empty_world: str, tmp_path: Path) -> None:
    columns = ["id=parcel_code", "section=map_sheet", "numero=parcel_no"]
    found = loaded(tmp_path, "parcels/fr_27412_parcelles.geojson", *(f"--map={one}" for one in columns))
    count, area, ref, code, status = found
    assert int(count) > 1900
    assert 5e6 < int(area) < 5e7
    assert ref == code
    assert code.startswith("27412")
    assert status == "200"


def test_towns_of_vermont(empty_world: str, tmp_path: Path) -> None:
    columns = ["PARCELNUM=parcel_code", "TOWN=commune_name"]
    found = loaded(tmp_path, "parcels/us_vermont_15k.fgb", *(f"--map={one}" for one in columns))
    count, _area, ref, code, status = found
    assert int(count) > 7000  # the others have no number, a number that stands twice, or an invalid ring
    assert ref == code.strip("-")  # a reference begins with a letter or a digit
    assert status == "200"
