"""What the outbox of the browser is told by the pages of officers (landgis/static/js/workbench/outbox/)."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from landgis.accounts.models import User

register = template.Library()


@register.filter
def outbox(person: User) -> dict[str, Any]:
    """Whose it is, the beginning of addresses in the reader's language, and the texts."""
    page = reverse("workbench:outbox")
    return {
        "person": str(person.pk),
        "page": page,
        "language": page.removesuffix("/officer/outbox/"),
        "words": {
            "kept": _("What was typed at %(at)s is kept on this device and not sent yet."),
            "sending": _("It is being sent."),
            "saved": _("Saved at %(at)s (receipt %(code)s)."),
            "waiting": _("Kept on this device, waiting for the line (%(count)s): it is sent by itself."),
            "signed_out": _("Kept on this device (%(count)s): you are signed out, and once you sign in it is sent."),
            "sign_in": _("Sign in again"),
            "refused": _("It was not saved: %(why)s"),
            "full": _("This browser keeps nothing of what you type: save often."),
            "others": _("Something that another person has not sent is kept on this device, for that person."),
            "list": _("What is kept (%(count)s)"),
            "offer": _("What was typed at %(at)s has not been sent:"),
            "restore": _("Take it back"),
            "drop": _("Drop it"),
            "empty": _("(empty)"),
            "other_tab": _(
                "You have this open in another tab, too. Both are kept, and what was saved there is not overwritten unseen."
            ),
            "along": _("Corners of %(ref)s, which moves along"),
            "files": _("Files of more than 20 MB are not kept on this device: send them, or choose them again later."),
            "unsent": _("not sent: open it, and send it there"),
            "send": _("Send it"),
            "taken": _("Taken from the file: %(count)s. Nothing was sent yet."),
            "no_file": _("This is no file of an outbox, or it is not as it was written."),
        },
    }
