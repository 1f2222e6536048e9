"""Auctions of land-use rights and their lots. An auction holds many lots, and each lot ends in its own way."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from landgis.catalog.models import InForce, WithBoundary, boundary_index, required
from landgis.changes.models import Proposed


class Stream(models.TextChoices):
    RESIDENTIAL = "residential", _("Residential lots for individuals")
    PROJECT = "project", _("Land for investment projects")


class AuctionStatus(models.TextChoices):
    """The states of an auction in the order in which they are reached; the last ones end it otherwise or put it off.

    `NOT_REPORTED` nobody reports: the session was due, and nobody has said what became of it.
    """

    PLANNED = "planned", pgettext_lazy("auction", "Planned")
    PLAN_APPROVED = "plan-approved", _("Auction plan approved")
    DECIDED = "decided", _("Auction decided")
    AUCTIONEER_SELECTED = "auctioneer-selected", _("Auctioneer selected")
    ANNOUNCED = "announced", _("Announced")
    ANNOUNCED_TWICE = "announced-twice", _("Announced twice")
    SELLING_DOSSIERS = "selling-dossiers", _("Dossiers on sale, land open for viewing")
    REGISTRATION_CLOSED = "registration-closed", _("Registration closed")
    HELD = "held", pgettext_lazy("auction", "Held")
    RECOGNISED = "recognised", _("Result recognised")
    FAILED = "failed", pgettext_lazy("auction", "Failed")
    STOPPED = "stopped", pgettext_lazy("auction", "Stopped")
    POSTPONED = "postponed", pgettext_lazy("auction", "Postponed")
    CANCELLED = "cancelled", pgettext_lazy("auction", "Cancelled")
    NOT_REPORTED = "not-reported", _("Result not reported yet")


class Form(models.TextChoices):
    SPOKEN = "spoken", _("Bids called out at the session")
    DIRECT_BALLOT = "direct-ballot", _("Ballot at the session")
    INDIRECT_BALLOT = "indirect-ballot", _("Ballot handed in beforehand")
    ONLINE = "online", pgettext_lazy("form of auction", "Online")


class Method(models.TextChoices):
    ASCENDING = "ascending", _("Ascending bids")


class DocumentKind(models.TextChoices):
    DECISION = "decision", _("Decision")
    RULES = "rules", _("Rules of the auction")
    NOTICE = "notice", _("Public notice")
    MAP = "map", pgettext_lazy("document", "Map")
    RESULT = "result", pgettext_lazy("document", "Result")
    FORM = "form", _("Blank form")


class LotStatus(models.TextChoices):
    NOT_OPEN = "not-open", pgettext_lazy("lot", "Not open yet")
    OPEN = "open", pgettext_lazy("lot", "Taking dossiers")
    REGISTRATION_CLOSED = "registration-closed", _("Registration closed")
    WON = "won", pgettext_lazy("lot", "Sold")
    FAILED = "failed", pgettext_lazy("lot", "Not sold")
    STOPPED = "stopped", pgettext_lazy("lot", "Stopped")
    POSTPONED = "postponed", pgettext_lazy("lot", "Postponed")
    CANCELLED = "cancelled", pgettext_lazy("lot", "Cancelled")
    NOT_REPORTED = "not-reported", _("Result not reported yet")


class Facing(models.TextChoices):
    NORTH = "north", _("North")
    NORTH_EAST = "north-east", _("North-east")
    EAST = "east", _("East")
    SOUTH_EAST = "south-east", _("South-east")
    SOUTH = "south", _("South")
    SOUTH_WEST = "south-west", _("South-west")
    WEST = "west", _("West")
    NORTH_WEST = "north-west", _("North-west")


class Term(models.TextChoices):
    UNLIMITED = "unlimited", _("Unlimited")
    FIFTY_YEARS = "50-years", _("50 years")


class AuctionFields(WithBoundary):
    """Amounts are whole; times are kept with their zone."""

    auction_code = models.CharField(_("auction code"), max_length=40, null=True)
    title = models.CharField(_("title"), max_length=250, null=True)
    stream = models.CharField(_("kind of auction"), max_length=20, null=True)
    status = models.CharField(_("status"), max_length=24, null=True)
    asset_holder = models.CharField(_("asset holder"), max_length=200, null=True)
    auctioneer = models.CharField(_("auctioneer"), max_length=200, null=True)
    plan_decision_no = models.CharField(_("approval of the auction plan, number"), max_length=60, null=True)
    plan_decision_date = models.DateField(_("approval of the auction plan, date"), null=True)
    auction_decision_no = models.CharField(_("auction decision, number"), max_length=60, null=True)
    auction_decision_date = models.DateField(_("auction decision, date"), null=True)
    posted_on = models.DateField(_("posted on"), null=True)
    notice1_on = models.DateField(_("first public notice"), null=True)
    notice2_on = models.DateField(_("second public notice"), null=True)
    viewing_from = models.DateField(_("viewing from"), null=True)
    viewing_to = models.DateField(_("viewing to"), null=True)
    dossiers_from = models.DateTimeField(_("dossiers from"), null=True)
    dossiers_to = models.DateTimeField(_("dossiers until"), null=True)
    deposit_until = models.DateTimeField(_("deposit until"), null=True)
    opens_at = models.DateTimeField(_("auction opens at"), null=True)
    venue = models.CharField(_("venue"), max_length=250, null=True)
    form = models.CharField(_("form of auction"), max_length=20, null=True)
    method = models.CharField(_("method"), max_length=20, null=True)
    round = models.IntegerField(
        _("round"),
        null=True,
    )
    root_auction = models.CharField(_("first auction of this land"), max_length=40, null=True)
    conditions = models.TextField(_("conditions for taking part"), null=True)
    contact = models.CharField(_("contact"), max_length=250, null=True)
    lot_count = models.IntegerField(_("number of lots"), null=True)
    starting_total_vnd = models.BigIntegerField(_("starting prices together"), null=True)
    documents = models.JSONField(_("documents"), null=True)
    events = models.JSONField(_("course of events"), null=True)

    class Meta:
        abstract = True


class Auction(AuctionFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        verbose_name = _("auction")
        verbose_name_plural = _("auctions")
        constraints = [
            *InForce.Meta.constraints,
            required(
                "auction_required", "auction_code", "title", "stream", "status", "boundary", "area_m2", "legal_srid"
            ),
        ]
        indexes = [*InForce.Meta.indexes, boundary_index("auction_boundary")]


class AuctionItem(AuctionFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False


class LotFields(WithBoundary):
    """Amounts are whole. `auction_code` and `plot_code` are refs of other datasets."""

    lot_code = models.CharField(_("lot code"), max_length=48, null=True)
    auction_code = models.CharField(_("auction"), max_length=40, null=True)
    name = models.CharField(_("lot"), max_length=200, null=True)
    plot_code = models.CharField(_("public-land plot"), max_length=40, null=True)
    address = models.CharField(_("address"), max_length=250, null=True)
    commune_code = models.CharField(_("code of the commune of today"), max_length=10, null=True)
    commune_name = models.CharField(_("commune of today"), max_length=80, null=True)
    old_commune_name = models.CharField(_("commune in the documents"), max_length=80, null=True)
    map_sheet = models.CharField(_("map sheet"), max_length=20, null=True)
    parcel_nos = models.CharField(_("parcel numbers"), max_length=60, null=True)
    land_use = models.CharField(_("land use"), max_length=10, null=True)
    term = models.CharField(_("term of use"), max_length=20, null=True)
    area_legal_m2 = models.DecimalField(
        _("area"),
        max_digits=14,
        decimal_places=1,
        null=True,
    )
    frontage_m = models.DecimalField(_("frontage"), max_digits=7, decimal_places=1, null=True)
    depth_m = models.DecimalField(_("depth"), max_digits=7, decimal_places=1, null=True)
    road_width_m = models.DecimalField(
        _("road width"),
        max_digits=6,
        decimal_places=1,
        null=True,
    )
    facing = models.CharField(_("facing"), max_length=12, null=True)
    is_corner = models.BooleanField(_("corner lot"), null=True)
    plan_zone = models.CharField(_("planned use"), max_length=200, null=True)
    density_pct = models.IntegerField(_("building density"), null=True)
    floors = models.IntegerField(_("storeys"), null=True)
    setback_m = models.DecimalField(_("setback"), max_digits=6, decimal_places=1, null=True)
    starting_price_vnd = models.BigIntegerField(_("starting price"), null=True)
    starting_price_per_m2_vnd = models.BigIntegerField(_("starting price per m²"), null=True)
    bid_step_vnd = models.BigIntegerField(_("bid step"), null=True)
    deposit_vnd = models.BigIntegerField(_("deposit"), null=True)
    deposit_pct = models.DecimalField(
        _("deposit as a share of the starting price"), max_digits=4, decimal_places=1, null=True
    )
    dossier_fee_vnd = models.BigIntegerField(_("price of the dossier"), null=True)
    status = models.CharField(_("status"), max_length=24, null=True)
    winning_price_vnd = models.BigIntegerField(_("winning price"), null=True)
    rounds = models.IntegerField(_("rounds of bidding"), null=True)
    failed_before = models.IntegerField(_("failed auctions before"), null=True)
    explanation = models.CharField(_("explanation of the office"), max_length=500, null=True)
    bidder_count = models.IntegerField(_("number of bidders"), null=True)
    note = models.CharField(_("internal note"), max_length=250, null=True)

    class Meta:
        abstract = True


class Lot(LotFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        verbose_name = _("auction lot")
        verbose_name_plural = _("auction lots")
        constraints = [
            *InForce.Meta.constraints,
            required(
                "lot_required",
                "lot_code",
                "auction_code",
                "name",
                "status",
                "area_legal_m2",
                "boundary",
                "area_m2",
                "legal_srid",
            ),
            models.CheckConstraint(condition=models.Q(area_legal_m2__gt=0), name="lot_legal_area_positive"),
        ]
        indexes = [
            *InForce.Meta.indexes,
            boundary_index("lot_boundary"),
            models.Index(fields=["auction_code", "ref"], name="lot_auction", condition=models.Q(until_revision=None)),
            models.Index(fields=["plot_code"], name="lot_plot", condition=models.Q(until_revision=None)),
        ]


class LotItem(LotFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False
