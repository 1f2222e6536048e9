from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "landgis.catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        checks.register(legal_systems_are_known)
        checks.register(declarations_are_true)
        checks.register(themes_have_datasets)
        checks.register(checklists_have_features)


def legal_systems_are_known(app_configs: Any, **options: Any) -> list[checks.Error]:
    """The coordinate systems of the office file, for which a country's package may be missing."""
    from landgis.catalog import office
    from landgis.lib import geometry

    found = []
    for srid in office.current().legal_srids:
        try:
            geometry.crs(srid)
        except geometry.UnknownCRS as unknown:
            found.append(
                checks.Error("legal_crs of the office file cannot be used.", hint=str(unknown), id="landgis.E001")
            )
    return found


def declarations_are_true(app_configs: Any, **options: Any) -> list[checks.Error]:
    """What datasets say of one another, of code lists and templates."""
    from landgis.catalog import registry

    try:
        registry.verify()
    except registry.WrongDeclaration as wrong:
        return [checks.Error(line, id="landgis.E002") for line in str(wrong).splitlines()]
    return []


def themes_have_datasets(app_configs: Any, **options: Any) -> list[checks.Error]:
    """The datasets of the themes in the office file; of a misspelt one pages would say that there are no data."""
    from landgis.catalog import office, registry

    themes = {dataset.name for dataset in registry.all_datasets() if dataset.theme.fields}
    hint = f"There are: {', '.join(sorted(themes))}. A theme without data names no dataset."
    return [
        checks.Error(f"{theme.dataset} of the office file is no dataset of a theme.", hint=hint, id="landgis.E003")
        for theme in office.current().themes
        if theme.dataset and theme.dataset not in themes
    ]


def checklists_have_features(app_configs: Any, **options: Any) -> list[checks.Error]:
    """Dataset, fields and codes of the checklists in the office file; a misspelt one would show on no page."""
    from landgis.catalog import codelists, office, registry

    wrong = []
    for one in office.current().checklists:
        dataset = next((each for each in registry.all_datasets() if each.name == one.dataset), None)
        coded = {field.name: field.codes for field in dataset.fields if field.codes} if dataset else {}
        if dataset is None:
            wrong.append(f"{one.dataset!r} is no dataset")
        for name, codes in one.only.items() if dataset else ():
            unknown = set(codes) - set(codelists.labels(coded[name])) if name in coded else set()
            wrong += [f"{name} is no field with codes of {one.dataset}"] if name not in coded else []
            wrong += [f"{', '.join(sorted(unknown))} is no code of {name}"] if unknown else []
    return [checks.Error(f"A checklist of the office file: {text}.", id="landgis.E005") for text in wrong]
