"""`manage.py code NAME`: what the telephone of somebody of the demo would show now."""

import json
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Prints the code of the second factor of a person of the demo."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="admin, approver or publisher")

    def handle(self, *args: Any, **options: Any) -> None:
        from allauth.mfa import app_settings
        from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

        try:
            secrets = json.loads((settings.STATE / "demo-factors.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise CommandError("There is no demo here: start it with `make demo`.") from None
        if options["name"] not in secrets:
            raise CommandError(f"Nobody of that name has a second factor in the demo. They are: {', '.join(secrets)}.")
        counter = int(time.time()) // app_settings.TOTP_PERIOD
        self.stdout.write(format_hotp_value(hotp_value(secrets[options["name"]], counter)))
