"""`python -m demo FOLDER`: write the files of the demo and print the name of each as soon as it is whole."""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import landgis.vn
from landgis.lib import geometry, text
from landgis.vn import legacy_text

from . import admin_units, auctions, base_map, cadastre, planning_zones, public_land, scenes, sold_land
from .landscape import province
from .scene_world import World


def write_all(folder: Path, parcels: int, today: date, frames: list[scenes.Frame]) -> Iterator[str]:
    """The name of each file when it is written, in the order of recipe.toml. Raises ValueError, see cadastre.made."""
    plots = public_land.plots()
    admin_units.write(folder / "don_vi_hanh_chinh.gpkg")
    yield "don_vi_hanh_chinh.gpkg"
    public_land.save(plots, folder / "dat_cong.zip")
    yield "dat_cong.zip"
    planning_zones.write(folder / "quy_hoach.gpkg", sold=sold_land.sold(plots))
    yield "quy_hoach.gpkg"
    auctions.write(folder / "dau_gia.gpkg", plots, today)
    yield auctions.PAPERS
    yield "dau_gia.gpkg"
    if parcels:
        cadastre.write(folder, plots, parcels)
        yield from cadastre.FILES
    if frames:
        base_map.write(folder / "ban_do_nen.pmtiles", World(province(), plots))
        yield "ban_do_nen.pmtiles"
        for made in scenes.write_all(folder, plots, frames):
            yield made.path.name


def main() -> None:
    parser = argparse.ArgumentParser(prog="demo", description="Write the files of the demo.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parcels", type=int, default=cadastre.COUNT, help="how many; 0 leaves out the cadastre")
    parser.add_argument("--today", type=date.fromisoformat, default=date.today(), help="day the auctions count from")  # noqa: DTZ011
    frames = {frame.name: frame for frame in scenes.FRAMES}
    parser.add_argument("--scenes", nargs="*", choices=frames, default=list(frames), help="which images are drawn")
    told = parser.parse_args()
    geometry.register_crs_file(landgis.vn.HERE / "crs.toml")
    text.register_encoding("tcvn3", legacy_text.decode_tcvn3, legacy_text.encode_tcvn3)
    try:
        for name in write_all(told.folder, told.parcels, told.today, [frames[name] for name in told.scenes]):
            print(name, flush=True)  # noqa: T201
    except ValueError as error:
        sys.exit(f"demo: {error}")


if __name__ == "__main__":
    main()
