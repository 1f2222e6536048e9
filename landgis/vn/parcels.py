"""Identity of parcels in Vietnam: commune of the sheet, map sheet (tờ) and parcel number (thửa)."""

from collections.abc import Sequence

import numpy as np

from landgis.cadastre import identity
from landgis.vn import parcel_code

# National defence and public security are never public (Land Law 31/2024/QH15; State secrets).
WITHHELD_USES = frozenset({"CQP", "CAN"})


def places_of(codes: Sequence[str]) -> np.ndarray:
    """The points of parcel codes, an array (n, 2) of longitude and latitude; NaN for what is no code."""
    return np.array([_place(code) for code in codes], dtype=float).reshape(-1, 2)


def _place(code: str) -> tuple[float, float]:
    try:
        return parcel_code.decode(code)[:2]
    except ValueError:
        return (np.nan, np.nan)


SCHEME = identity.Scheme(
    fields=("old_commune_code", "map_sheet", "parcel_no"),
    optional=("twin",),
    place_of=places_of,
    # As maps print them; "101/900.0" is a number over an area, and 12.5 an area.
    forms={"map_sheet": r"[\w-]+(?: [\w-]+)*", "parcel_no": r"\d{1,5}(?: ?[A-Za-zĐđ]{1,3})?(?:-\d{1,4})?"},
    withheld_uses=WITHHELD_USES,
)
