"""A country is one list: the package of docs/a-country.md works, and nothing below the list names a country."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from landgis import env
from landgis.country import Country

ROOT = Path(env.BASE_DIR)
PAGE = (ROOT / "docs" / "a-country.md").read_text(encoding="utf-8")
# What only a country's package says: its name, its grid, its money, its order of letters, the package itself.
NAMES = re.compile(r"\bVi[eệ]t ?[nN]am\b(?! Pro)|\bVN-?2000\b|\bVND\b|\bđồng\b|\bvi-x-icu\b|\blandgis[./]vn\b")
ENTRANCE = {"country.py", "env.py"}  # it says that this is where a country's package comes in
ASKS = """
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.utils.translation import override
from landgis.cadastre import identity
from landgis.catalog import codelists, money, registry
from landgis.ingest import headings
from landgis.lib import geometry, order
from landgis.search import answers, phrases, questions, vocabulary, words
call_command("check")
assert apps.is_installed("landgis_nz") and not apps.is_installed("landgis.vn")
x, y = geometry.to_wgs84([__import__("shapely").Point(1600000, 5430000)], 2193)[0].coords[0]
assert abs(x - 173) < 1e-9 and -42 < y < -41, (x, y)
assert codelists.code_of("land-use", "Đất ở") == "9"
assert codelists.code_of("land-use", "lifestyle") == "2"
assert identity.current().fields == registry.get("parcels").identity == ("commune_code", "map_sheet", "parcel_no")
with override("en"):
    assert money.in_sentence(1_240_000_000) == "$1.24 billion" and money.in_figures(5000) == "5\\xa0000 $"
    assert str(registry.get("land-prices").field("price_vnd_m2").unit) == "$"
    assert str(codelists.labels("land-use")["8"]) == "Commercial"
assert sorted(["Ārai", "Lot 10", "Lot 2", "Arai"], key=order.order_key) == ["Arai", "Ārai", "Lot 2", "Lot 10"]
assert "lot" in headings.spellings(["parcel_no"]) and "nztme" in headings.of_coordinate(headings.EAST)
assert headings.personal_by_heading("Proprietor") and headings.personal_by_values("x", ["+64211234567"] * 3)
asked = phrases.numbers("Lot 5 DP 1234 Wellington")
assert (asked.sheet, asked.parcel, asked.rest) == ("1234", "5", ("wellington",))
assert words.split("sh1") == ["state", "highway", "1"]
assert vocabulary.examples() == {"numbers": "lot 5 DP 1234 Wellington", "use": "house"}
title = questions.parse("WN12A/345")
[read] = [found for reader in answers.readers() if reader.__module__ == "landgis_nz.titles" if (found := reader(title, 5))]
assert read.notes
"""


def test_the_package_of_the_page_works(tmp_path: Path) -> None:
    files = re.findall(r"^\*\*([\w./]+)\*\*\n\n```\w+\n(.*?)```", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert len(files) == len(re.findall(r"^```\w", PAGE, flags=re.MULTILINE)) == 9
    for name, content in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    told = {
        "DJANGO_SETTINGS_MODULE": "landgis.settings",
        "LANDGIS_NATIONAL": "landgis_nz",
        "LANDGIS_OFFICE": str(tmp_path / "office.toml"),
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
    }
    ended = subprocess.run(
        [sys.executable, "-c", ASKS], cwd=ROOT, env=os.environ | told, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_page_explains_all_that_a_country_may_bring() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE) == [field.name for field in fields(Country)]


@pytest.mark.parametrize("folder", ["landgis", "templates"])
def test_nothing_else_names_a_country(folder: str) -> None:
    named = []
    for path in sorted((ROOT / folder).rglob("*")):
        inside = path.relative_to(ROOT / folder)
        if path.suffix not in {".py", ".toml", ".html", ".js", ".txt"} or inside.parts[0] == "vn":
            continue
        if "migrations" not in inside.parts and inside.as_posix() not in ENTRANCE:
            lines = path.read_text(encoding="utf-8").splitlines()
            named += [f"{folder}/{inside}: {line.strip()}" for line in lines if NAMES.search(line)]
    assert named == []
