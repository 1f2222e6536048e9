"""Identity of parcels in Vietnam: commune of the sheet, map sheet (tờ) and parcel number (thửa)."""

from landgis.cadastre import identity

# National defence and public security are never public (Land Law 31/2024/QH15; State secrets).
WITHHELD_USES = frozenset({"CQP", "CAN"})


def register() -> None:
    identity.use(
        identity.Scheme(
            fields=("old_commune_code", "map_sheet", "parcel_no"),
            optional=("twin",),
            withheld_uses=WITHHELD_USES,
        )
    )
