from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "landgis.feedback"
    verbose_name = _("Error reports")

    def ready(self) -> None:
        from landgis.catalog import published, registry
        from landgis.feedback.parts import invite
        from landgis.feedback.queries import PUBLISHED

        published.register_view("report", PUBLISHED)
        registry.add_feature_part("feedback/_invite.html", invite)
