from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "landgis.operations"
    verbose_name = "operations"
