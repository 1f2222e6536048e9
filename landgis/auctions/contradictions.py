"""What a lot says against the plan in force and the land-price table: on its page, and in the report before it is published."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg import sql

from landgis.auctions.facts import price_lines
from landgis.catalog import codelists, money, published, registry
from landgis.catalog.addresses import feature_address, list_address, with_pages
from landgis.catalog.dataset import Dataset
from landgis.catalog.dataset.told import Contradiction
from landgis.catalog.subject import Subject
from landgis.changes import touched
from landgis.changes.issues import WARN, Finding, IssueKind, add_kinds
from landgis.changes.models import ChangeSet
from landgis.lib import statements

PRICES, USES, USE = "land-prices", "land-use", "land_use"
LEAST_SHARE = 0.05  # of a lot: less may be that two surveys differ

add_kinds(
    {
        "use-against-plan": IssueKind(
            WARN,
            gettext_lazy("Auctioned as %(use)s; the plan in force has %(planned)s for %(share)s of it (%(zone)s)."),
            gettext_lazy("Correct use or boundary, or write the explanation that readers are to see."),
        ),
        "price-below-table": IssueKind(
            WARN,
            gettext_lazy(
                "The starting price per m² is %(said)s; for this use here the land-price table begins at %(table)s."
            ),
            gettext_lazy("Correct the price, or write the explanation that readers are to see."),
        ),
    }
)


def of_lot(subject: Subject) -> Iterator[Contradiction]:
    if subject.state.as_of is None:
        yield from _use_and_plan(subject)
    yield from _price_and_table(subject)


def _use_and_plan(subject: Subject) -> Iterator[Contradiction]:
    own = subject.row["land_use"]
    for theme in subject.surroundings.themes:
        for hit in theme.hits if own and _is_plan(theme.dataset) else ():
            planned = hit.values.get(USE)
            if planned and (hit.share or 0) >= LEAST_SHARE and not codelists.are_kin(USES, own, planned):
                said = {"use": _use(own), "planned": _use(planned), "share": _percent(hit.share or 0)}
                yield Contradiction(
                    _("It is auctioned as “%(use)s”; the plan in force has “%(planned)s” for %(share)s of it.") % said,
                    hit.title,
                    feature_address(hit.dataset.name, hit.ref),
                )


def _price_and_table(subject: Subject) -> Iterator[Contradiction]:
    row, dataset = subject.row, with_pages(PRICES)
    price = row["starting_price_per_m2_vnd"]
    if dataset is None or not price or not (row["commune_name"] and row["land_use"]):
        return
    lines = price_lines(dataset, row, subject.state)
    lowest = min((line["price_vnd_m2"] for line in lines), default=None)
    if lowest is not None and price < lowest:
        said = {"price": money.exactly(price), "table": money.exactly(lowest)}
        yield Contradiction(
            _("The starting price is %(price)s per m²; for this use here the land-price table begins at %(table)s.")
            % said,
            str(dataset.title_plural),
            list_address(PRICES, commune_today=row["commune_name"], land_use=row["land_use"]),
        )


def uses_in_plan(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Lots of which a zone in force has another use in mind."""
    for plans in filter(_is_plan, registry.all_datasets()):
        if since is None or touched.is_touched(since, plans.name):
            yield from _uses_in(plans, dataset, change_set)


def _is_plan(dataset: Dataset) -> bool:
    """Whether it says what land is to be used for, and what of it holds."""
    return dataset.theme.pending is not None and USE in dataset.theme.fields and dataset.field(USE).codes == USES


def _uses_in(plans: Dataset, dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    state, pending = plans.theme.pending or ("", ())
    query = sql.SQL(
        "SELECT row, ref, land_use, planned, share, zone FROM (SELECT i.row, i.ref, i.land_use, z.land_use AS planned,"
        " z.ref AS zone, ST_Area(ST_Intersection(z.boundary, i.boundary)) / nullif(ST_Area(i.boundary), 0) AS share"
        " FROM {items} i JOIN {zones} z ON z.until_revision IS NULL AND z.{state} <> ALL({pending})"
        " AND z.boundary && i.boundary AND ST_Intersects(z.boundary, i.boundary)"
        " WHERE i.change_set_id = %(id)s AND i.action <> 'retire' AND coalesce({kin} ->> i.land_use, i.land_use)"
        " <> coalesce({kin} ->> z.land_use, z.land_use)) met WHERE share >= {least} ORDER BY row, zone"
    ).format(
        items=sql.Identifier(dataset.proposed._meta.db_table),
        zones=published.view(plans),
        state=sql.Identifier(state),
        pending=sql.Literal([str(code) for code in pending]),
        kin=sql.SQL("{}::jsonb").format(sql.Literal(codelists.kin_json(USES))),
        least=sql.Literal(LEAST_SHARE),
    )
    for row, ref, use, planned, share, zone in statements.rows(query, {"id": change_set.pk}):
        params = {"use": use, "planned": planned, "share": _percent(share), "zone": zone}
        yield Finding("use-against-plan", row=row, ref=ref, field="land_use", params=params)


def prices_in_table(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Lots that start below the lowest line of the land-price table for their commune of today and use."""
    prices = _known(PRICES)
    if prices is None or (since is not None and not touched.is_touched(since, PRICES)):
        return
    query = sql.SQL(
        "SELECT i.row, i.ref, i.starting_price_per_m2_vnd, min(p.price_vnd_m2) FROM {items} i JOIN {prices} p"
        " ON p.until_revision IS NULL AND p.commune_today = i.commune_name AND p.land_use = i.land_use"
        " WHERE i.change_set_id = %(id)s AND i.action <> 'retire' GROUP BY i.id"
        " HAVING i.starting_price_per_m2_vnd < min(p.price_vnd_m2) ORDER BY i.row"
    ).format(items=sql.Identifier(dataset.proposed._meta.db_table), prices=published.view(prices))
    for row, ref, said, lowest in statements.rows(query, {"id": change_set.pk}):
        params = {"said": money.in_figures(said), "table": money.in_figures(lowest)}
        yield Finding("price-below-table", row=row, ref=ref, field="starting_price_per_m2_vnd", params=params)


def _known(name: str) -> Dataset | None:
    return next((one for one in registry.all_datasets() if one.name == name), None)


def _use(code: str) -> str:
    known: Mapping[str, Any] = codelists.labels(USES)
    return str(known.get(code, code))


def _percent(share: float) -> str:
    return f"{number_format(round(min(share, 1) * 100), force_grouping=True)} %"
