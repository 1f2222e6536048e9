from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuctionsConfig(AppConfig):
    name = "landgis.auctions"
    verbose_name = _("Auctions")

    def ready(self) -> None:
        from landgis.auctions.dataset import AuctionLots, Auctions
        from landgis.auctions.on_ground import under_auction
        from landgis.catalog import registry

        registry.register(AuctionLots())
        registry.register(Auctions())
        registry.add_feature_head("auctions/_under_auction.html", under_auction)
