"""What Vietnam brings.

Land use: Circular 08/2024/TT-BTNMT, Annex II A (leaf codes); colours are those of Circular 27/2018 as far as they are
known to us. `land_use_earlier.csv` holds codes of its forerunners (the lists of 2007, 2014 and 2018, as published copies
have them) whose successor is certain: a kind of what one code of today covers, or named as such by land registers. The rest
is asked; none of the lists gives one code two meanings, so the day of a file decides nothing. `land_use_meaning.csv` puts what a use allows into everyday words; it is no law.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from landgis.catalog.money import Currency
from landgis.country import Country
from landgis.vn import HERE, keyboards, language, legacy_text, vni
from landgis.vn.parcels import SCHEME
from landgis.vn.persons import read_certificate, read_person
from landgis.vn.search import read_barcode, read_parcel_code

CADASTRAL_MAP = _("Circular 26/2024/TT-BTNMT on cadastral maps")
AUCTION_LAW = _("Law on Property Auction 01/2016/QH14, as amended by Law 37/2024/QH15")
LAND_LAW = _("Land Law 31/2024/QH15")
DIVISION = _("Resolution 1685/NQ-UBTVQH15 on the units of Ho Chi Minh City")

VIETNAM = Country(
    crs=HERE / "crs.toml",
    encodings={
        "tcvn3": (legacy_text.decode_tcvn3, legacy_text.encode_tcvn3),
        "vni": (vni.decode_vni, vni.encode_vni),
        "cp1258": (vni.decode_cp1258, vni.encode_cp1258),
    },
    languages={"vi": language.likeness},
    order=language.ORDER,
    lookalikes={"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"},
    headings=HERE / "headings.toml",
    units=HERE / "units.toml",
    drawings=HERE / "drawings.toml",
    mistakes=HERE / "mistakes.toml",
    tolerances=HERE / "tolerances.toml",
    code_lists={"land-use": HERE / "land_use.csv"},
    meanings={"land-use": HERE / "land_use_meaning.csv"},
    kin={"land-use": (("ONT", "ODT"),)},
    procedures={"auctions": HERE / "auction_guide.toml"},
    glossaries={"words": HERE / "glossary.toml"},
    earlier_codes={"land-use": HERE / "land_use_earlier.csv"},
    legal_bases={
        "land-use": _("Circular 08/2024/TT-BTNMT, Annex II"),
        "parcels.parcel_code": _("Circular 19/2026/TT-BNNMT, Annex I"),
        "parcels.land_uses": _("Circular 09/2024/TT-BTNMT on the national land database"),
        **dict.fromkeys(("parcels.map_sheet", "parcels.parcel_no", "parcels.map_scale"), CADASTRAL_MAP),
        **dict.fromkeys(("land-prices.price_vnd_m2", "land-prices.position", "auctions.plan_decision_no"), LAND_LAW),
        **dict.fromkeys((f"auctions.{name}" for name in ("form", "method", "posted_on", "notice1_on")), AUCTION_LAW),
        **dict.fromkeys((f"auction-lots.{name}" for name in ("deposit_vnd", "bid_step_vnd", "status")), AUCTION_LAW),
        "auction-lots.dossier_fee_vnd": _("Circular 48/2017/TT-BTC"),
        **dict.fromkeys(("admin-units.code", "admin-units.kind", "admin-units.succession_kind"), DIVISION),
    },
    crosswalk=HERE / "crosswalk.toml",
    parcels=SCHEME,
    currency=Currency(
        symbol="đ",
        unit=pgettext_lazy("unit", "VND"),
        sentence=pgettext_lazy("in a sentence", "%(amount)s VND"),
        headline=pgettext_lazy("in a headline", "%(amount)s VND"),
    ),
    map_names=HERE / "ground.toml",
    search=HERE / "search.toml",
    readers={50: read_parcel_code, 55: read_barcode, 56: read_certificate, 57: read_person},
    ways_of_writing={10: keyboards.printed, 110: keyboards.perhaps_printed},
)
