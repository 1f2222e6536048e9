from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VnConfig(AppConfig):
    name = "landgis.vn"
    label = "vn"
    verbose_name = _("Vietnam")

    def ready(self) -> None:
        from landgis.vn.country import VIETNAM

        VIETNAM.register()
