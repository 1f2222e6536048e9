from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "landgis.operations"
    verbose_name = "operations"

    def ready(self) -> None:
        from landgis.operations import checks  # noqa: F401  # registers them
