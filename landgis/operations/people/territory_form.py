"""What an administrator writes about a territory: its name, and its units, chosen by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landgis.lib.text import fold
from landgis.places import queries
from landgis.places.models import Territory
from landgis.places.queries import PublishedUnit

Units = Mapping[str, PublishedUnit]


class TerritoryForm(forms.Form):
    """A name of its own, and at least one unit of any time."""

    name = forms.CharField(label=gettext_lazy("Name of the territory"), max_length=120)
    units = forms.MultipleChoiceField(
        error_messages={
            "required": gettext_lazy("Choose at least one commune."),
            "invalid_choice": gettext_lazy("A unit that was chosen is not known any more: choose again."),
        }
    )

    def __init__(self, units: Units, territory: Territory | None, *args: Any):
        super().__init__(*args)
        self.territory = territory
        field: Any = self.fields["units"]
        field.choices = [(ref, ref) for ref in {*units, *(territory.units if territory else ())}]

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        same = Territory.objects.filter(Territory.now(), name__iexact=name)
        if same.exclude(ref=self.territory.ref if self.territory else "").exists():
            raise ValidationError(_("There is a territory of that name already."))
        return name


@dataclass(frozen=True)
class Offer:
    """The units to choose from, each as ref and words: those chosen, those found, and the others of today."""

    chosen: list[tuple[str, str]]
    find: str = ""
    found: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)


def offer(units: Units, chosen: Iterable[str], find: str = "") -> Offer:
    """All units of today; former ones are among what is found by name or code."""
    kept, wanted = dict.fromkeys(chosen), fold(find.strip())
    rest = [unit for unit in units.values() if unit.ref not in kept]
    found = [unit for unit in rest if wanted and (wanted in fold(unit.name) or wanted == fold(unit.code))]
    met = {unit.ref for unit in found}
    return Offer(
        in_words(units, kept),
        find.strip(),
        in_words(units, met),
        in_words(units, [unit.ref for unit in rest if unit.is_current and unit.ref not in met]),
    )


def in_words(units: Units, refs: Iterable[str]) -> list[tuple[str, str]]:
    """Ref and words of units, those of today first, by name; what is not known any more is called by its ref."""
    lines = [
        (not units[ref].is_current, fold(units[ref].name), ref, _told(units, units[ref]))
        if ref in units
        else (True, ref, ref, ref)
        for ref in refs
    ]
    return [(ref, words) for _is_former, _name, ref, words in sorted(lines)]


def _told(units: Units, unit: PublishedUnit) -> str:
    if unit.is_current:
        return f"{unit.name} · {unit.code}"
    now = ", ".join(one.name for one in queries.today(dict(units), unit.ref)) or "–"
    said = {"name": unit.name, "code": unit.code, "now": now}
    if unit.valid_to is None:
        return _("%(name)s · %(code)s, former; today %(now)s") % said
    said["day"] = date_format(unit.valid_to, "SHORT_DATE_FORMAT")
    return _("%(name)s · %(code)s, until %(day)s; today %(now)s") % said
