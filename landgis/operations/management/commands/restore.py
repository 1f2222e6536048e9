"""`manage.py restore FILE`: what `backup` saved, into an empty database and file store."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from landgis.changes import audit
from landgis.mail.actions import hold
from landgis.operations import backup

AGAIN = "Start the same command again: it goes on where this one was cut."


class Command(BaseCommand):
    help = "Restores a backup into an empty database and the file store, and makes what is derived from them."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backup.restore(options["file"])
        except backup.BackupError as error:
            raise CommandError(f"Not restored. {error}") from None
        except (OSError, Error, KeyboardInterrupt) as error:
            raise CommandError(f"Not restored: cut short ({error or 'stopped'}). {AGAIN}") from None
        audit.write(None, "data.restore", options["file"].name, revision=manifest["revision"])
        held = hold("restored")  # what waited then has been sent since, or not: a person decides
        rows = sum(manifest["rows"].values())
        self.stdout.write(
            f"Restored: revision {manifest['revision']} as saved at {manifest['made_at']}, {rows} rows, "
            f"{len(manifest['members']) - 1} files."
            + (f" {held} mails that waited are not sent: see /officer/mail/." if held else "")
        )
