"""The door for gunicorn: `gunicorn landgis.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from landgis.lib.call_stack import roomy

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "landgis.settings")

_pages = roomy(get_wsgi_application())

import rio_tiler.io  # noqa: E402, F401 -- or the first image waits half a second for it
from django.conf import settings  # noqa: E402 -- models want the application first

from landgis.catalog import registry  # noqa: E402
from landgis.operations.admission import Admission  # noqa: E402
from landgis.operations.cut_tiles import CutTiles  # noqa: E402
from landgis.operations.stored_tiles import StoredTiles  # noqa: E402

application = StoredTiles(Admission(CutTiles(_pages), settings.STATE / "slots"))

registry.verify()  # as the system checks of manage.py do
