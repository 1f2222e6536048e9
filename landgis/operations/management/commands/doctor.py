"""`manage.py doctor`: what is wrong with this installation, and what to do, on one page."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from landgis.operations import diagnosis


class Command(BaseCommand):
    help = "Says what is wrong with this installation and what to do; ends with status 1 then."
    requires_system_checks = []  # it says what they would stop at

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=list(dict(settings.LANGUAGES)))

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            found = diagnosis.troubles()
            if not found:
                self.stdout.write(_("Nothing is wrong."))
                return
            for one in found:
                self.stdout.write(f"{one.name}: {one.wrong}\n    {one.remedy}")
            count = ngettext("%(count)d thing is wrong.", "%(count)d things are wrong.", len(found))
            raise CommandError(count % {"count": len(found)})
