"""A Django that does nothing: what a process of it takes is no matter of landgis."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
settings.configure(SECRET_KEY="idle", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
application = get_wsgi_application()
