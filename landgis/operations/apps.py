from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "landgis.operations"
    verbose_name = "operations"

    def ready(self) -> None:
        from landgis.changes import followers
        from landgis.operations import checks, seeding  # noqa: F401  # they register what they have
        from landgis.operations.kept_pages import PageFollower

        followers.register(PageFollower())
