"""Code lists of Vietnamese law and the crosswalks from the codes of its offices.

Land use: Circular 08/2024/TT-BTNMT, Annex II A (leaf codes); colours are those of Circular 27/2018 as
far as they are known to us. `land_use_meaning.csv` puts what a use allows into everyday words; it is no law.
"""

import csv
import tomllib
from pathlib import Path

from django.utils.functional import lazy
from django.utils.translation import get_language

from landgis.catalog import codelists

HERE = Path(__file__).parent


def register() -> None:
    """Make the lists and crosswalks known to the catalogue."""
    with (HERE / "land_use.csv").open(encoding="utf-8", newline="") as file:
        codelists.register("land-use", {row["code"]: _label(row) for row in csv.DictReader(file)})
    with (HERE / "land_use_meaning.csv").open(encoding="utf-8", newline="") as file:
        codelists.add_meanings("land-use", {row["code"]: _label(row) for row in csv.DictReader(file)})
    for name, codes in tomllib.loads((HERE / "crosswalk.toml").read_text(encoding="utf-8")).items():
        codelists.add_crosswalk(name, codes)


def _label(row: dict[str, str]) -> str:
    """The name in the reader's language, chosen when it is shown."""
    return lazy(lambda: row["vi"] if get_language() == "vi" else row["en"], str)()
