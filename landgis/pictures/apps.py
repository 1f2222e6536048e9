from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PicturesConfig(AppConfig):
    name = "landgis.pictures"
    verbose_name = _("Pictures")

    def ready(self) -> None:
        from landgis.catalog import pictures
        from landgis.pictures import content
        from landgis.pictures.gallery import of_feature, sight_of, small_ones
        from landgis.pictures.parameters import choices

        pictures.register(of_feature)
        pictures.register_small(small_ones)
        pictures.register_sights(sight_of)
        pictures.register_choices(choices)
        pictures.register_painter("pictures:still", content.sheet_still)
        for name in ("pictures:outline", "pictures:outline-jpeg"):
            pictures.register_painter(name, content.outline)
