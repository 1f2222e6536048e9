"""The door for gunicorn: `gunicorn landgis.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "landgis.settings")

application = get_wsgi_application()

from landgis.catalog import registry  # noqa: E402 -- models want the application first

registry.verify()  # as the system checks of manage.py do
