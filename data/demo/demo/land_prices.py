"""A made-up table of land prices (bảng giá đất) of 2026: streets of each commune, and farmland without streets.

Prices are whole đồng a square metre. A street's price is that of its district's lots at auction, more or less.
"""

from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pandas

from . import admin_units
from .auctions import PRICE_M2
from .fabric import Block
from .landscape import Landscape
from .sheet import chance

VALID_FROM, DECISION, DECIDED_ON = date(2026, 1, 1), "9999/2025/QĐ-UBND", date(2025, 12, 22)
BASES = PRICE_M2 | {"752": 9e6, "753": 5e6, "750": 4.6e6, "751": 4.2e6, "755": 8e6}
POSITIONS = (1.0, 0.7, 0.5, 0.4)  # on the street, and behind it by width of the alley
BUSINESS = 0.6  # of the price of residential land
FARMLAND = {"LUC": 190_000, "HNK": 210_000, "CLN": 250_000, "NTS": 170_000, "RSX": 90_000}
LONG = 6  # a street that serves so many patches of blocks has two segments


def table(land: Landscape, blocks: list[Block]) -> pandas.DataFrame:
    """All prices, in the order of their codes."""
    rows = []
    for code, name, district, streets in _communes(land, blocks):
        use = "ODT" if name.startswith(("Phường", "Đặc khu")) else "ONT"
        for number, (street, segment, price) in enumerate(_segments(code, district, streets), 1):
            for position, share in enumerate(POSITIONS, 1):
                rows.append(
                    _row(f"{code}-{number:03d}-{use}-{position}", name, street, segment, position, use, price * share)
                )
            rows.append(_row(f"{code}-{number:03d}-TMD-1", name, street, segment, 1, "TMD", price * BUSINESS))
        for use, price in FARMLAND.items():
            for position, share in enumerate((1.0, 0.8, 0.64), 1):
                near_town = 1.4 if district in PRICE_M2 else 1.0
                rows.append(
                    _row(f"{code}-000-{use}-{position}", name, "", "", position, use, price * near_town * share)
                )
    return pandas.DataFrame(rows).sort_values("price_code", ignore_index=True)


def write(path: Path, prices: pandas.DataFrame) -> None:
    """The table as CSV in UTF-8; headings are the names of the fields."""
    prices.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _communes(land, blocks):
    """(code, name, district before 2025, street -> number of patches) of each commune of today that has streets."""
    streets: defaultdict[str, defaultdict[str, set]] = defaultdict(lambda: defaultdict(set))
    names: dict[str, str] = {}
    districts: dict[str, str] = {}
    for block in blocks:
        commune = land.communes[block.commune]
        place = admin_units.today(commune.code)
        names[place["code"]] = place["name"]
        districts.setdefault(place["code"], commune.district)
        for street in block.streets:
            streets[place["code"]][street].add((block.commune, block.patch))
    for code in sorted(names):
        yield (
            code,
            names[code],
            districts[code],
            {street: len(streets[code][street]) for street in sorted(streets[code])},
        )


def _segments(code, district, streets):
    """(street, segment, price on the street) of every street of a commune."""
    listed = list(streets)
    draw = chance(np.full(len(listed), int(code)), np.arange(len(listed)), seed=140).tolist()
    for k, (street, patches) in enumerate(streets.items()):
        price = BASES[district] * (0.72 + 0.7 * draw[k] ** 1.5)
        if patches < LONG:
            yield street, "Trọn đường", price
            continue
        a, b = listed[(k + 3) % len(listed)], listed[(k + 11) % len(listed)]
        yield street, f"Từ {a} đến {b}", price
        yield street, "Đoạn còn lại", price * 0.8


def _row(code, commune, street, segment, position, use, price) -> dict:
    return {
        "price_code": f"GD-{code}",
        "commune_name": commune,
        "street": street,
        "segment": segment,
        "position": position,
        "land_use": use,
        "price_vnd_m2": round(price / 1000) * 1000,
        "valid_from": VALID_FROM,
        "decision_no": DECISION,
        "decision_on": DECIDED_ON,
    }
