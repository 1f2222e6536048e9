"""The door for gunicorn: `gunicorn landgis.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "landgis.settings")

application = get_wsgi_application()
