"""The program that makes the files of the demo: a made-up Ba Ria - Vung Tau, the same from the same seed.

`python -m demo FOLDER` writes them, from the folder above; recipe.toml there says how `manage.py seed` loads them. The
product imports nothing of this package and is installed without it.

landscape      the province: outline, communes, water, hills, forest, roads
fabric         streets and blocks of the towns and villages
public_land    the inventory of public land, as a district office would send it
planning_zones zones of three land-use plans
admin_units    the administrative units in three stages, A to C
auctions       auctions of land-use rights and their lots
base_map       vector tiles of roads, water and landmarks
cadastre       parcels of towns and country, masks of withheld blocks, a table of land prices

Nothing here is real: names of places and codes are, outlines, plots, decisions and numbers are not.
No module imports Django; coordinates are metres in VN-2000 / TM-3 107-45 (EPSG:5899) unless said otherwise.
"""

from pathlib import Path

SRID = 5899
DATA = Path(__file__).resolve().parents[1]
