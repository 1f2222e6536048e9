from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "landgis.operations"
    verbose_name = "operations"

    def ready(self) -> None:
        from landgis.operations import checks, seeding  # noqa: F401  # they register what they have
