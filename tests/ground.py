"""Pytest plug-in (`-p tests.ground`): the private cluster runs before Django's settings are read."""

import os

from landgis import env
from landgis.operations import cluster

HELD = None if os.environ.get("DATABASE_URL", "").strip() else cluster.hold(env.value("LANDGIS_STATE"))
