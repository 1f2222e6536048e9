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
