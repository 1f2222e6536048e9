"""`manage.py backup FILE`: database and file store in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from landgis.changes import audit
from landgis.operations import backup


class Command(BaseCommand):
    help = "Saves database and file store to a new file, whole or not at all. The server may go on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; it must not exist")
        parser.add_argument(
            "--even-damaged",
            action="store_true",
            help="save all the rest when files of the store are missing or rotten",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            manifest = backup.write(path, even_damaged=options["even_damaged"])
        except (backup.BackupError, OSError) as error:
            raise CommandError(f"Nothing was saved. {error}") from None
        audit.write(None, "data.backup", path.name, revision=manifest["revision"], damaged=manifest["damaged"])
        for damaged in manifest["damaged"]:
            self.stderr.write(self.style.WARNING(f"Saved without what is damaged: {damaged}"))
        rows = sum(manifest["rows"].values())
        self.stdout.write(
            f"{path}: revision {manifest['revision']}, {rows} rows, {len(manifest['members']) - 1} files, "
            f"{path.stat().st_size / 1e6:.1f} MB"
        )
