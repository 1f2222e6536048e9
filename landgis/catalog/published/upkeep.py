"""What every apply brings in line, in its own transaction."""

from collections.abc import Iterable
from typing import Any

from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.published.concealed_ground import refresh_concealed
from landgis.catalog.published.coverage_lines import refresh_coverage
from landgis.catalog.published.locating import in_order, locate
from landgis.catalog.published.states import dependents, note_instants
from landgis.catalog.published.tile_rows import refresh_tile_rows
from landgis.catalog.published.totals import make_totals_anew, put_in
from landgis.catalog.published.withholding import withhold

# What follows inside the apply; each gets a dataset and a SELECT of refs with what is bound. Counts, sheets and blocks move with tile rows.
FOLLOWERS = (refresh_tile_rows, refresh_concealed, refresh_coverage, note_instants)


def refresh(dataset: Dataset, refs: sql.Composable, parameters: Iterable[int | str]) -> dict[str, list[str]]:
    """Bring in line what is derived from some features of a dataset, which were taken out of its totals before they changed
    (`take_out`); `refs` is a SELECT of their refs.

    Of an area that withholds others follows which of those are published, of a unit of administration where others lie, of
    where these lie the place of what they are of; of a feature whose state others look at what those are: gives, by dataset, the refs of which it is no longer as it was.
    """
    bound: list[Any] = list(parameters)
    withhold(dataset, refs, bound)
    locate(dataset, refs, bound)
    _follow(dataset, refs, bound)
    put_in(dataset, refs, bound)
    looking, moved = dependents(dataset, refs, bound), {}
    for other in in_order(registry.all_datasets()):
        changed = {
            *(withhold(other) if other.withheld_by == dataset.name else ()),
            *(locate(other) if dataset.units or _is_made_of(other, dataset) else ()),
            *looking.get(other.name, ()),
        }
        if changed:
            moved[other.name] = sorted(changed)
            _follow(other, sql.SQL("SELECT unnest(%s::text[])"), [moved[other.name]])
            make_totals_anew(other)
    return moved


def _is_made_of(whole: Dataset, dataset: Dataset) -> bool:
    return whole.lies_in is not None and whole.lies_in.of is not None and whole.lies_in.of[0] == dataset.name


def _follow(dataset: Dataset, refs: sql.Composable, bound: list[Any]) -> None:
    for follower in FOLLOWERS:
        follower(dataset, refs, bound)
