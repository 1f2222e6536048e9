"""`manage.py verify`: is everything that lies here still what was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from landgis.changes import audit, seals
from landgis.operations import verification


class Command(BaseCommand):
    help = (
        "Compares all rows in force, past ones included, and the files of the store with their checksums, and the audit with its chain. "
        "Names what is damaged, and ends with status 1 then."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--audit-head",
            default="",
            help="a head of the audit that was written down: it has to be in the chain still",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = verification.verify(options["audit_head"])
        audit.write(None, "data.verify", "everything", damaged=len(found))
        self.stdout.write(f"Head of the audit: {seals.head()}")
        for kind, place in found:
            self.stdout.write(f"{kind}: {place}")
        if found:
            raise CommandError(f"{len(found)} damaged; docs/operations.md says what to do.")
        self.stdout.write("Everything is as it was written.")
