"""manage.py redact: asks for, confirms or declines the taking out of a value, as two people."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from landgis.accounts.models import User
from landgis.changes import redactions
from landgis.changes.models import Fate, Redaction
from landgis.changes.territories import Outside


class Command(BaseCommand):
    help = "Takes a value that was published by mistake out of all that is kept. One person asks, another confirms."

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        asking = steps.add_parser("ask", help="prints the number under which it is confirmed")
        asking.add_argument("dataset")
        asking.add_argument("ref")
        asking.add_argument("field")
        asking.add_argument("--revision", type=int, required=True, help="in which the value stood")
        asking.add_argument("--reason", required=True, help="for the office; without the value")
        asking.add_argument("--public-reason", required=True, help="for readers; without the value")
        asking.add_argument("--files", choices=Fate.values, required=True, help="what becomes of those that held it")
        confirming = steps.add_parser("confirm")
        declining = steps.add_parser("decline")
        for step in (confirming, declining):
            step.add_argument("number", type=int)
        for step in (asking, confirming, declining):
            step.add_argument("--by", required=True, metavar="PERSON", help="the name with which you sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=(name := options.pop("by")), is_active=True).first()
        if person is None:
            raise CommandError(f"There is nobody called {name}.")
        try:
            self.stdout.write(self._step(by=person, **options))
        except PermissionDenied:
            raise CommandError(f"{name} has no role that may do that.") from None
        except Outside as outside:
            place = outside.strangers[0]
            lies = f"{place.ref} lies in {', '.join(place.units) or 'no commune that is known'}"
            raise CommandError(f"{lies}, outside of the territory of {name}: {', '.join(place.responsible)}.") from None
        except redactions.NotRedactable as error:
            raise CommandError(str(error)) from None

    def _step(self, *, by: User, step: str, **said: Any) -> str:
        if step == "ask":
            redaction = redactions.ask(
                *(said[name] for name in ("dataset", "ref", "field")),
                seen_in=said["revision"],
                reason=said["reason"],
                public_reason=said["public_reason"],
                fate=Fate(said["files"]),
                by=by,
            )
            return f"Asked: another person confirms it with manage.py redact confirm {redaction.pk} --by PERSON"
        try:
            redaction = Redaction.objects.get(pk=said["number"])
        except Redaction.DoesNotExist:
            raise CommandError(f"There is no redaction {said['number']}.") from None
        if step == "decline":
            redactions.decline(redaction, by=by)
            return "Declined."
        redactions.confirm(redaction, by=by)
        return "Taken out. What is left of it is the line on the feature's page."
