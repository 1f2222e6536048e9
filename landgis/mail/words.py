"""Why mail did not go, in the words of whoever looks after it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ERRORS: dict[str, Any] = {
    "unreachable": _("The mail server could not be reached."),
    "slow": _("The mail server did not answer in time."),
    "tls": _("No safe connection to the mail server: see LANDGIS_MAIL_TLS."),
    "sign-in": _("The mail server refused user or password."),
    "not-allowed": _("The mail server does not let this office send so: see its settings and those of LANDGIS_MAIL_*."),
    "later": _("The mail server asked to try again later."),
    "broke-off": _("The connection to the mail server broke off."),
    "refused": _("The mail server of the receiver refused it."),
    "unsendable": _("Address or subject cannot be written in a mail."),
    "no-server": _("No mail server was set in all that time."),
    "restored": _("It came back with a backup, and may have been sent before."),
}
