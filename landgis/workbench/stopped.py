"""Who wrote a change set and who approved it are told by mail where its publication at a set time came to nothing."""

from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landgis.mail import actions as mail
from landgis.mail.purposes import Purpose
from landgis.workbench import words
from landgis.workbench.models import Run

PURPOSE = "publication-stopped"


def tell(run: Run) -> None:
    """Write to both, once for each attempt; nothing where no time was set."""
    run.refresh_from_db()
    change_set = run.change_set
    if change_set is None or run.planned_for is None:
        return
    for person in {change_set.author, change_set.approver}:
        if person is None or not person.is_active or not person.email:
            continue
        with translation.override(person.mail_language):
            at = formats.date_format(timezone.localtime(run.planned_for), "SHORT_DATETIME_FORMAT")
            said = {"number": change_set.pk, "at": at}
            parts = [
                _("Change set %(number)s was to be published at %(at)s, and was not.") % said,
                words.of_run(run),
                mail.absolute(reverse("workbench:change-set", args=[change_set.pk])),
            ]
            subject = _("Change set %(number)s was not published") % said
            about = f"run {run.pk} {person.pk}"
            mail.put(
                PURPOSE, about, person.email, subject=subject, text="\n\n".join(parts), language=person.mail_language
            )


MAILS = Purpose(PURPOSE, gettext_lazy("Publications at a set time that came to nothing"))
