"""What Vietnam brings.

Land use: Circular 08/2024/TT-BTNMT, Annex II A (leaf codes); colours are those of Circular 27/2018 as far as they are
known to us. `land_use_earlier.csv` holds codes of its forerunners (the lists of 2007, 2014 and 2018, as published copies
have them) whose successor is certain: a kind of what one code of today covers, or named as such by land registers. The rest
is asked; none of the lists gives one code two meanings, so the day of a file decides nothing. `land_use_meaning.csv` puts what a use allows into everyday words; it is no law.
"""

from django.utils.translation import pgettext_lazy

from landgis.catalog.money import Currency
from landgis.country import Country
from landgis.vn import HERE, keyboards, language, legacy_text, vni
from landgis.vn.parcels import SCHEME
from landgis.vn.persons import read_certificate, read_person
from landgis.vn.search import read_barcode, read_parcel_code

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
    earlier_codes={"land-use": HERE / "land_use_earlier.csv"},
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
