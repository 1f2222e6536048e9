"""manage.py report_status NUMBER STATUS: says in public what became of a report."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from landgis.feedback.actions import set_status
from landgis.feedback.models import ReportStatus


class Command(BaseCommand):
    help = "Set the public status of an error report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="as the sender was told, for example 2026-00012")
        parser.add_argument("status", choices=ReportStatus.values)

    def handle(self, *args: Any, **options: Any) -> None:
        if not set_status(options["number"], ReportStatus(options["status"])):
            raise CommandError(f"There is no report {options['number']}.")
