"""Which documents readers may open: those that a published row names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from psycopg import sql
from psycopg.types.json import Jsonb

from landgis.catalog import exits, published, queries, registry
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.subject import PublicState
from landgis.documents import pictures, store
from landgis.documents.models import Enclosure
from landgis.lib import statements


@dataclass(frozen=True)
class Published:
    """A document as a row names it: its dataset, and what the row says of it."""

    dataset: Dataset
    said: Mapping[str, Any]


def link(dataset: Dataset, said: Mapping[str, Any], state: PublicState) -> dict[str, Any]:
    """Address and description of the file of a document, as a row of the dataset names it; empty where there is none.

    `pages` are the pictures of its pages that there are, in order, `count` is of how many.
    """
    return opened(next(filter(None, (said.get(key) for _field, key in naming(dataset))), ""), state)


def opened(name: str, state: PublicState) -> dict[str, Any]:
    """The same of a file by its name."""
    told = store.told(name)
    if not told:
        return {}
    query = f"?as_of={state.as_of}" if state.as_of is not None else ""
    shown = pictures.of(name) or pictures.Pages(0)
    pages = [
        {"number": at, "url": reverse("documents:page", args=[name, at]) + query, "width": width, "height": height}
        for at, (width, height) in enumerate(shown.sizes, start=1)
    ]
    return {"url": reverse("documents:file", args=[name]) + query, "told": told, "pages": pages, "count": shown.count}


def published_as(name: str, as_of: int | None) -> Published | None:
    """The row in which readers see the file, now or as of a revision."""
    for dataset in exits.datasets("pages"):
        for field, key in naming(dataset):
            if field not in dataset.public_fields:
                continue
            state, bound = queries.state_sql(as_of)
            query = sql.SQL("SELECT {field} AS said FROM {view} WHERE {state} AND {field} @> %s LIMIT 1").format(
                field=sql.Identifier(field.name), view=published.view(dataset), state=state
            )
            for row in queries.fetch(query, [*bound, Jsonb([{key: name}])]):
                return Published(dataset, next(one for one in row["said"] if one.get(key) == name))
    return None


def named_anywhere() -> set[str]:
    """The files that rows name, those in force and those before them, public or not, and those enclosed: what has to lie in the store."""
    enclosed = Enclosure.objects.values_list("name", flat=True)
    return {name for dataset in registry.all_datasets() for name in _named_in(dataset.in_force, dataset)}.union(
        enclosed
    )


def named_or_proposed() -> set[str]:
    """These, and the files that items of change sets name."""
    return named_anywhere() | {
        name for dataset in registry.all_datasets() for name in _named_in(dataset.proposed, dataset)
    }


def _named_in(model: type[Model], dataset: Dataset) -> Iterator[str]:
    for field, key in naming(dataset):
        query = sql.SQL("SELECT DISTINCT one ->> %s FROM {table}, jsonb_array_elements({field}) one WHERE one ? %s")
        table = sql.Identifier(model._meta.db_table)
        rows = statements.rows(query.format(table=table, field=sql.Identifier(field.name)), [key, key])
        yield from (name for (name,) in rows if name)


def opens_sql(dataset: Dataset, alias: str, **only: str) -> sql.Composable:
    """Whether a row, under an alias, names a file; with `only`, in a line of the list that holds these values."""
    holds = "".join(f' && @.{name} == "{value}"' for name, value in only.items())
    named = [
        sql.SQL("jsonb_path_exists({column}, {path})").format(
            column=sql.Identifier(alias, field.name), path=sql.Literal(f'$[*] ? (@.{key} != ""{holds})')
        )
        for field, key in naming(dataset)
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(named)) if named else sql.SQL("FALSE")


def naming(dataset: Dataset) -> Iterator[tuple[Field, str]]:
    """The fields whose lists name files, each with the key that does."""
    return ((field, part.name) for field in dataset.fields for part in field.parts if part.is_file)
