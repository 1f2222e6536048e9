"""Mistakes that files make with coordinates, each with the way back: a PROJ pipeline from what the file says.

Those that happen everywhere stand here. A country's package adds its own: scale factors in use, and datum shifts that
were forgotten or done with other parameters.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landgis.ingest.errors import marked as _
from landgis.lib import geometry
from landgis.lib.crs_register import Operation

AS_IT_IS = "none"
PREFIX_MISSING, PREFIX, OPERATION = "zone-prefix-missing", "zone-prefix-", "operation-"
ZONE = 1e6  # the number of a zone stands in millions before the false easting


@dataclass(frozen=True)
class Mistake:
    """`step` leads from the coordinates of the file to those of the CRS; `to_wgs84` to degrees of WGS 84 instead."""

    code: str
    name: str
    step: str = ""
    to_wgs84: str = ""
    srids: tuple[int, ...] = ()  # of the CRS in which the mistake is made; empty: of any
    earlier: bool = False  # no mistake: a frame of earlier days that has no number of its own

    def corrected(self, shapes: Any, srid: int) -> Any:
        """Shapes of a file as they should have been in the CRS `srid`."""
        if self.step:
            return geometry.through(shapes, self.step)
        parameters = {name: value for name, value in _parameters(srid).items() if "{" + name + "}" in self.to_wgs84}
        degrees = geometry.through(shapes, self.to_wgs84.format(**parameters))
        return degrees if srid == geometry.WGS84 else geometry.from_wgs84(degrees, srid)


EVERYWHERE = (
    Mistake("axes-swapped", _("the two coordinates are swapped"), "+proj=axisswap +order=2,1"),
    Mistake("sign-east", _("the first coordinate has the wrong sign"), "+proj=axisswap +order=-1,2"),
    Mistake("sign-north", _("the second coordinate has the wrong sign"), "+proj=axisswap +order=1,-2"),
)
_national: list[Mistake] = []
_scales: list[float] = []
_likely: list[int] = []
_earlier: list[int] = []


def register_file(path: Path) -> None:
    """Add the mistakes of a country from a TOML file; see docs/a-country.md. Twice is once."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for table in content.get("mistake", []):
        mistake = Mistake(**table | {"srids": tuple(table["srids"])})
        if mistake not in _national:
            _national.append(mistake)
    _likely.extend(srid for srid in content.get("likely_srids", []) if srid not in _likely)
    _earlier.extend(srid for srid in content.get("earlier_srids", []) if srid not in _earlier)
    _scales.extend(scale for scale in content.get("scale_factors", []) if scale not in _scales)


def likely(srid: int) -> bool:
    """Whether a country's package says that its offices use this CRS."""
    return srid in _likely


def earlier() -> list[tuple[int, Mistake | None]]:
    """Frames of earlier days in which a country's offices may hold maps: a CRS, and what leads to it where it is another."""
    return [*((srid, None) for srid in _earlier), *((one.srids[0], one) for one in _national if one.earlier)]


def gross() -> tuple[Mistake, ...]:
    """Those that lead to another part of the world."""
    return EVERYWHERE


def of_prefix(srid: int, easting: float) -> Mistake | None:
    """The zone's number before the easting: the CRS has one and the coordinates not, or the other way round."""
    usual = projection(srid).get("x_0", 0.0)
    if usual % ZONE == 500_000 and usual > ZONE > abs(easting):
        return by_code(PREFIX_MISSING, srid)
    if 0 < usual < ZONE <= easting < 100 * ZONE:
        return by_code(f"{PREFIX}{int(easting // ZONE)}", srid)
    return None


def _prefixed(code: str, srid: int) -> Mistake | None:
    usual = projection(srid).get("x_0", 0.0)
    if code == PREFIX_MISSING and usual > ZONE:
        shift, name = usual - usual % ZONE, _("the number of the zone is missing before the easting")
    elif (number := re.fullmatch(PREFIX + r"(\d{1,2})", code)) and usual:
        shift, name = -int(number[1]) * ZONE, _("the number of a zone stands before the easting")
    else:
        return None
    return Mistake(code, name, f"+proj=affine +xoff={shift:.0f}", srids=(srid,))


def of_operation(operation: Operation) -> Mistake:
    """Another way to WGS 84 than the first one of PROJ's register, chosen for a file."""
    name = _("another way to WGS 84 is chosen for the file")
    return Mistake(OPERATION + operation.code, name, to_wgs84=operation.pipeline)


def _operation(code: str, srid: int) -> Mistake | None:
    found = geometry.operations(srid) if code.startswith(OPERATION) else ()
    return next((of_operation(one) for one in found if OPERATION + one.code == code), None)


def small(srid: int) -> Iterator[Mistake]:
    """Those that lead beside the place, of a CRS."""
    yield from _of_scale(srid)
    yield from (mistake for mistake in _national if srid in mistake.srids and not mistake.earlier)


def by_code(code: str, srid: int) -> Mistake | None:
    """The mistake of that code, if it can be made in the CRS."""
    frames = (mistake for of, mistake in earlier() if mistake and of == srid)
    known = next((one for one in (*EVERYWHERE, *small(srid), *frames) if one.code == code), None)
    return known or _prefixed(code, srid) or _operation(code, srid)


def scale(srid: int, written: float) -> Mistake | None:
    """The coordinates were computed with the scale factor `written`; None where it is the right one."""
    parameters = _parameters(srid)
    if "k" not in parameters or abs(float(parameters["k"]) - written) < 1e-9:
        return None
    ratio = float(parameters["k"]) / written
    east, north = (float(parameters.get(name, 0)) * (1 - ratio) for name in ("x_0", "y_0"))
    step = f"+proj=affine +xoff={east:.9f} +yoff={north:.9f} +s11={ratio:.15f} +s22={ratio:.15f}"
    return Mistake(
        f"scale-{written:g}", _("the scale factor is not that of the coordinate system"), step, srids=(srid,)
    )


def _of_scale(srid: int) -> Iterator[Mistake]:
    yield from (found for written in _scales if (found := scale(srid, written)) is not None)


def _parameters(srid: int) -> dict[str, str]:
    """lon_0, k, x_0 of the projection, as the pipeline of the CRS writes them."""
    pipeline = geometry.crs(srid).pipeline
    found = dict(re.findall(r"\+(lon_0|k|x_0|y_0|zone)=(\S+)", pipeline))
    if "+proj=utm" in pipeline:
        north = "10000000" if "+south" in pipeline else "0"
        return {"lon_0": str(6 * int(found["zone"]) - 183), "k": "0.9996", "x_0": "500000", "y_0": north}
    return found if "+proj=tmerc" in pipeline and {"lon_0", "k", "x_0"} <= found.keys() else {}


def projection(srid: int) -> dict[str, float]:
    """lon_0, k, x_0 and y_0 of a transverse Mercator CRS; empty for others."""
    return {name: float(value) for name, value in _parameters(srid).items() if name != "zone"}
