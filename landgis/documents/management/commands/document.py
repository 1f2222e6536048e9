"""manage.py document add FILE ...: keep files of documents, and say by which names rows name them."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from landgis.documents import store


class Command(BaseCommand):
    help = "Keep files of documents; printed is what a row says of each (key file of its documents)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="keep files: PDF, PNG, JPEG, WebP, DOCX, XLSX, ODT")
        add.add_argument("files", type=Path, nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            try:
                self.stdout.write(f"{store.keep(path)}  {path.name}")
            except (store.Refused, OSError) as error:
                raise CommandError(str(error), returncode=2) from error
