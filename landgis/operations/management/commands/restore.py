"""`manage.py restore FILE`: what `backup` saved, into an empty database and file store."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from landgis.operations import backup


class Command(BaseCommand):
    help = "Restores a backup into an empty database and the file store, and makes what is derived from them."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backup.restore(options["file"])
        except (backup.BackupError, OSError) as error:
            raise CommandError(f"Not restored. {error}") from None
        rows = sum(manifest["rows"].values())
        self.stdout.write(
            f"Restored: revision {manifest['revision']} as saved at {manifest['made_at']}, {rows} rows, "
            f"{len(manifest['members']) - 1} files."
        )
