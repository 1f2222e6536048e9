from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "landgis.feedback"
    verbose_name = _("Error reports")

    def ready(self) -> None:
        from landgis.catalog import coverage, published, registry
        from landgis.changes import redactions
        from landgis.feedback.actions import forget_value
        from landgis.feedback.answers import MAILS
        from landgis.feedback.parts import invite
        from landgis.feedback.queries import PUBLISHED, open_by_ref
        from landgis.mail import purposes

        published.register_view("report", PUBLISHED)
        coverage.add_measure("open_reports", _("open error reports"), open_by_ref)
        redactions.add_keeper(redactions.Keeper("error reports", clean=forget_value))
        purposes.register(MAILS)
        registry.add_feature_part("feedback/_invite.html", invite)
