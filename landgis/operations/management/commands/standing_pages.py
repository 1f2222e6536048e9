"""`manage.py standing_pages`: what nginx shows while nothing else answers."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from landgis.operations import standing_pages


class Command(BaseCommand):
    help = "Writes the pages that nginx shows while the web server is away; run it after collectstatic."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in standing_pages.write(settings.STATE / "standing"):
            self.stdout.write(str(path))
