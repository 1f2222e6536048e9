from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CadastreConfig(AppConfig):
    name = "landgis.cadastre"
    verbose_name = _("Cadastre")

    def ready(self) -> None:
        from landgis.cadastre.dataset import LandPrices, ParcelMasks, Parcels
        from landgis.catalog import registry

        registry.register(Parcels())
        registry.register(ParcelMasks())
        registry.register(LandPrices())
