from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "landgis.workbench"
    verbose_name = _("Workbench")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from landgis.changes import redactions
        from landgis.mail import purposes
        from landgis.workbench import edits, handing, stopped
        from landgis.workbench.actions import forget_value
        from landgis.workbench.people import tell_of_failures
        from landgis.workbench.telling import MAILS

        redactions.add_keeper(redactions.Keeper("runs", clean=forget_value))
        redactions.add_keeper(redactions.Keeper("edits", clean=edits.forget_value))
        redactions.add_keeper(redactions.Keeper("hand-overs", clean=handing.forget_value))
        purposes.register(MAILS)
        purposes.register(stopped.MAILS)
        purposes.register(handing.MAILS)
        user_logged_in.connect(tell_of_failures)
