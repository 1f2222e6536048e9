from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuctionsConfig(AppConfig):
    name = "landgis.auctions"
    verbose_name = _("Auctions")

    def ready(self) -> None:
        from landgis.auctions import applying
        from landgis.auctions.dataset import AuctionLots, Auctions
        from landgis.auctions.on_ground import under_auction
        from landgis.catalog import coverage, registry

        registry.register(AuctionLots())
        registry.register(Auctions())
        registry.add_feature_head("auctions/_under_auction.html", under_auction)
        for name, label, select in (
            ("papers", _("with documents"), applying.with_papers),
            ("forms", _("with blank forms"), applying.with_forms),
            ("checklist", _("with a list of papers"), applying.with_checklist),
            ("seller", _("with address for dossiers"), applying.with_seller),
        ):
            coverage.add_measure(name, label, select, of=(applying.AUCTIONS, applying.LOTS))
