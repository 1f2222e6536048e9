"""manage.py document add FILE ...: keep files of documents, and say by which names rows name them."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from landgis.documents import pictures, store

WITHOUT_WALLS = (
    "readers get it as a file only: pages are drawn where bubblewrap runs. Install it and allow user namespaces; the"
    " worker draws them then."
)


class Command(BaseCommand):
    help = "Keep files of documents; printed is what a row says of each (key file of its documents)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="keep files: PDF, PNG, JPEG, WebP, TIFF, DOCX, XLSX, ODT")
        add.add_argument("files", type=Path, nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            try:
                name = store.keep(path)
                shown = pictures.draw(name)
            except (store.Refused, OSError) as error:
                raise CommandError(str(error), returncode=2) from error
            self.stdout.write(f"{name}  {path.name}")
            if told := pictures.missing_told(shown) if shown else _without_walls(name):
                self.stderr.write(f"{path.name}: {told}")


def _without_walls(name: str) -> str:
    return WITHOUT_WALLS if pictures.can_be_drawn(name) else ""
