"""`manage.py backup FILE`: database and file store in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from landgis.operations import backup


class Command(BaseCommand):
    help = "Saves database and file store to a new file, whole or not at all. The server may go on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; it must not exist")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            manifest = backup.write(path)
        except (backup.BackupError, OSError) as error:
            raise CommandError(f"Nothing was saved. {error}") from None
        rows = sum(manifest["rows"].values())
        self.stdout.write(
            f"{path}: revision {manifest['revision']}, {rows} rows, {len(manifest['members']) - 1} files, "
            f"{path.stat().st_size / 1e6:.1f} MB"
        )
