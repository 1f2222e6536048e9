"""What units are called in other languages."""

from django.conf import settings
from django.utils import translation

from landgis.catalog import codelists

KINDS = "unit-kind"


def kind_as_spoken(name: str) -> str:
    """A unit by the name that files have, its kind in the reader's language and behind it: Phú Mỹ ward of Phường Phú Mỹ.

    As it is where no kind stands before it, and in the language of the files.
    """
    with translation.override(settings.LANGUAGE_CODE):
        written = {code: str(label) for code, label in codelists.labels(KINDS).items()}
    spoken = {code: str(label) for code, label in codelists.labels(KINDS).items()}
    for code, kind in written.items():
        if name.casefold().startswith(f"{kind} ".casefold()) and spoken[code] != kind:
            return f"{name[len(kind) :].strip()} {spoken[code].lower()}"
    return name
