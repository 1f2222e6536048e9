"""Whether the made-up data of the demo are whole. The audit knows, which stands in the database that they are in."""

from django.utils.translation import gettext_lazy as _

from landgis.catalog.models import Revision
from landgis.changes import audit, words
from landgis.changes.models import AuditEntry

BEGUN, DONE = "demo.begun", "demo.done"
words.add_verbs({BEGUN: _("began to load made-up data"), DONE: _("loaded all made-up data")})


def note(verb: str, recipe: str) -> None:
    audit.write(None, verb, f"recipe {recipe}")


def is_due() -> bool:
    """Whether nothing is published yet, or the seed was cut off: what it loaded is taken as it is by the next one."""
    last = AuditEntry.objects.filter(verb__in=(BEGUN, DONE)).order_by("-id").first()
    return last.verb == BEGUN if last else not Revision.objects.exists()
