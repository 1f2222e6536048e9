"""The views: of each dataset without the columns and rows that the policy hides, and those that belong to no dataset."""

from collections.abc import Callable

from psycopg import sql

from landgis.catalog import registry, schema
from landgis.catalog.dataset import Dataset
from landgis.catalog.published import states
from landgis.catalog.published.locating import locate
from landgis.catalog.published.policy import is_public_sql
from landgis.catalog.published.withholding import withhold
from landgis.lib import statements

# 52 bits of a digest: an id for tiles that is the same after a rebuild, fits a JavaScript number
# and tells nothing of how many rows there are.
FEATURE_ID = sql.SQL("('x' || substr(md5(f.ref), 1, 13))::bit(52)::bigint")

# Where a row lies, as it is said now; and, for those who ask of the past, since when, and what was said before.
LOCATION = sql.SQL(
    " LEFT JOIN catalog_location l ON l.dataset = {} AND l.ref = f.ref AND l.from_revision = f.from_revision"
)
SAID_BEFORE = sql.SQL(
    ", l.since AS located_since, (SELECT jsonb_agg(to_jsonb(p)) FROM catalog_pastlocation p WHERE p.dataset = {}"
    " AND p.ref = f.ref AND p.from_revision = f.from_revision) AS located_before"
)

# Views beside those of the datasets: name -> SELECT of public columns and rows.
_views: dict[str, sql.Composable | Callable[[], sql.Composable]] = {}


def register_view(name: str, select: sql.Composable | Callable[[], sql.Composable]) -> None:
    """Publish a table that belongs to no dataset (scenes, search entries): what `select` gives and no more.

    A function gives it where it depends on which datasets there are.
    """
    _views[name] = select


def other_views() -> dict[str, sql.Composable]:
    """The views of no dataset: the registered ones, what the columns mean, and the revisions; those of internal datasets are nobody's business."""
    internal = [dataset.name for dataset in registry.all_datasets() if dataset.is_internal]
    revisions = sql.SQL(
        "SELECT number, applied_at, dataset, source, source_as_of, is_made_up FROM catalog_revision"
        " WHERE dataset <> ALL ({}::text[])"
    ).format(sql.Literal(internal))
    registered = {name: select() if callable(select) else select for name, select in _views.items()}
    clock = sql.SQL("SELECT now FROM catalog_clock")
    return {
        "revision": revisions,
        "clock": clock,
        "dataset_schema": schema.select(registry.all_datasets()),
        **registered,
    }


def view_sql(dataset: Dataset) -> sql.Composed:
    """SELECT of the public columns and rows, past ones included.

    Today's policy holds for every past row: what is hidden now is hidden in all its past.
    """
    return _select(dataset, as_reported=False)


def reported_sql(dataset: Dataset) -> sql.Composed:
    """The same with nothing but what was reported, of a dataset whose state follows the clock."""
    return _select(dataset, as_reported=True)


def _select(dataset: Dataset, *, as_reported: bool) -> sql.Composed:
    state = dataset.state
    columns = _columns(dataset, as_reported=as_reported)
    by_clock = bool(state.field) and not as_reported
    clock = sql.SQL(" CROSS JOIN {}").format(states.CLOCK) if by_clock else sql.SQL("")
    beside: sql.Composable = sql.SQL("")
    if by_clock and state.beside:
        beside = states.beside_sql(dataset, is_public_sql(registry.get(state.beside[0])))
    return sql.SQL(
        "SELECT {feature_id} AS feature_id, {columns},"
        " r.is_made_up, r.applied_at, r.source, r.source_as_of{before}"
        " FROM {table} f{clock} LEFT JOIN catalog_revision r ON r.number = f.from_revision{location}{beside}"
        " WHERE {is_public}"
    ).format(
        before=SAID_BEFORE.format(sql.Literal(dataset.name)) if dataset.lies_in else sql.SQL(""),
        location=LOCATION.format(sql.Literal(dataset.name)) if dataset.lies_in else sql.SQL(""),
        feature_id=FEATURE_ID,
        columns=sql.SQL(", ").join(columns),
        table=sql.Identifier(dataset.in_force._meta.db_table),
        clock=clock,
        beside=beside,
        is_public=is_public_sql(dataset),
    )


def _columns(dataset: Dataset, *, as_reported: bool) -> list[sql.Composable]:
    """Those of the dataset's own table, where rows lie, the state now, and beside it what was reported and its turns."""
    state = dataset.state
    said = {shown: derived for derived, shown in dataset.lies_in.shown.items()} if dataset.lies_in else {}
    by_clock = bool(state.field) and not as_reported
    columns: list[sql.Composable] = []
    for name in view_columns(dataset):
        column: sql.Composable = sql.Identifier("f", name)
        if name in said:
            column = sql.Identifier("l", said[name])
        elif by_clock and name == state.field:
            column = states.state_sql(dataset)
        columns.append(sql.SQL("{} AS {}").format(column, sql.Identifier(name)))
    if state.field:
        own = sql.Identifier("f", state.field)
        columns.append(sql.SQL("{} AS {}").format(own, sql.Identifier(state.reported_field)))
    if by_clock:
        columns.append(sql.SQL("{} AS {}").format(states.turns_sql(dataset), sql.Identifier(states.TURNS)))
    return columns


def make_view(dataset: Dataset, name: sql.Identifier) -> None:
    """Note what is withheld today and where features lie, and make the view."""
    withhold(dataset)
    locate(dataset)
    statements.execute(sql.SQL("CREATE VIEW {} AS {}").format(name, view_sql(dataset)))
    states.note_all_instants(dataset, name)


def make_reported_view(dataset: Dataset, name: sql.Identifier) -> None:
    statements.execute(sql.SQL("CREATE VIEW {} AS {}").format(name, reported_sql(dataset)))


def view_columns(dataset: Dataset) -> list[str]:
    """The names of the columns of the view that come from the dataset's own table."""
    shown = [field.name for field in dataset.public_fields]
    return ["ref", "from_revision", "until_revision", *shown, *dataset.geometry_kind.columns]
