"""Geometry in the legal coordinate system, with the coordinates that the pages print.

`frame.to_crs(5899)` is not that: between two codes PROJ takes the operation that its register of the day calls best,
point by point, and in some places that is nearly a metre from what the law of the country says. The server tells with
each table by which pipelines it comes from the legal systems (`frame.attrs["systems"]`); the same lead back.
"""

import geopandas

from landgis.lib import geometry

LEGAL_SRID = "legal_srid"  # the column with the system of each row's document


def to_legal(frame: geopandas.GeoDataFrame, srid: int | None = None) -> geopandas.GeoDataFrame:
    """The table with its geometry in the legal system of its rows, or in another that the server knows.

    Raises ValueError where the rows have several and none is said, or the geometry is not in degrees any more;
    LookupError for a system that the server does not know.
    """
    if frame.crs is None or frame.crs.to_epsg() != geometry.WGS84:
        raise ValueError(f"The geometry is in {frame.crs}: give the table as it was opened, in degrees (EPSG:4326).")
    chosen = srid if srid is not None else _only_one(frame)
    moved = geometry.through(frame.geometry.to_numpy(), _pipeline(frame, chosen), back=True)
    # Another name for the same numbers: nothing is transformed by `set_crs`.
    return frame.set_geometry(
        geopandas.GeoSeries(moved, index=frame.index, crs=f"EPSG:{chosen}").rename(frame.geometry.name)
    )


def _only_one(frame: geopandas.GeoDataFrame) -> int:
    found = sorted({int(srid) for srid in frame[LEGAL_SRID].dropna()})
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValueError("No row says its legal coordinate system: say one, such as to_legal(frame, 5899).")
    raise ValueError(
        f"The rows have {len(found)} legal coordinate systems ({', '.join(map(str, found))}): say into which one, "
        f"to_legal(frame, {found[0]}), or take those of one, frame[frame.{LEGAL_SRID} == {found[0]}]."
    )


def _pipeline(frame: geopandas.GeoDataFrame, srid: int) -> str:
    """The server's own, or one that is pinned here as there; of others PROJ knows several ways, and none is the law's."""
    told = {system["srid"]: system["pipeline"] for system in frame.attrs.get("systems", [])}
    if srid in told:
        return str(told[srid])
    if srid not in geometry.known_srids():
        known = ", ".join(map(str, sorted(told)))
        raise LookupError(
            f"EPSG:{srid} is no system of this server. It has {known}; to_crs({srid}) leaves the way to PROJ."
        )
    return geometry.crs(srid).pipeline
