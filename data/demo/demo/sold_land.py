"""The land for which plans are made or changed before it is auctioned: that of all auctions but one, on purpose."""

import geopandas
import shapely

from .auctions import _choose, plans

AGAINST_PLAN = 6  # its lots say why, in words.toml


def sold(plots: geopandas.GeoDataFrame) -> list[tuple[str, shapely.Geometry]]:
    """Use and ground (EPSG:5899) of each auction, from the table of public_land.plots()."""
    chosen = _choose(plots)
    return [
        ("ODT" if plan.stream == "DATO" else "TMD", shapely.unary_union(chosen[plan.number].geometry.tolist()))
        for plan in plans()
        if plan.number != AGAINST_PLAN and not plan.root
    ]
