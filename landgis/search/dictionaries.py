"""The small tables beside the entries: names of places and streets of a dataset, and where each address is."""

from collections import Counter
from typing import Any

from django.db import connection
from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.lib import statements
from landgis.search import streets, words
from landgis.search.models import SearchAddress, SearchPlace, SearchStreet

CHUNK = 20_000


def count_places(dataset: Dataset) -> None:
    """Write anew which places the rows in force lie in and how many do: one pass over them, however few changed."""
    SearchPlace.objects.filter(dataset=dataset.name).delete()
    if not dataset.search.places:
        return
    names = [sql.Identifier(name) for name in dataset.search.places]
    query = sql.SQL(
        "SELECT {values}, count(*) FROM {view} WHERE until_revision IS NULL GROUP BY GROUPING SETS ({sets})"
    ).format(
        values=sql.SQL(", ").join(names),
        view=published.view(dataset),
        sets=sql.SQL(", ").join(sql.SQL("({})").format(name) for name in names),
    )
    found = [
        SearchPlace(dataset=dataset.name, field=name, value=value, key=words.key(words.split(value))[:200], uses=uses)
        for *values, uses in statements.rows(query, [])
        for name, value in zip(dataset.search.places, values, strict=True)
        if value
    ]
    SearchPlace.objects.bulk_create(found)


def forget_addresses(dataset: str, condition: sql.Composable, bound: list[Any]) -> None:
    """Remove the addresses of the refs that meet the condition (`forget_streets` then removes what is left bare)."""
    statements.execute(
        sql.SQL("DELETE FROM search_searchaddress WHERE dataset = %s AND {}").format(condition), [dataset, *bound]
    )


def write_addresses(dataset: Dataset, condition: sql.Composable, bound: list[Any]) -> Counter[str]:
    """Add the addresses of the public rows in force that meet the condition; the words of streets not met before."""
    met: Counter[str] = Counter()
    if not dataset.search.address:
        return met
    known = {(one.place, one.key): one.id for one in SearchStreet.objects.filter(dataset=dataset.name)}
    after = ""
    while rows := statements.rows(*_chunk(dataset, condition, bound, after)):
        addresses = []
        for ref, address, place in rows:
            number, name = streets.split(address)
            key = streets.key(name)
            if not key:
                continue
            if (place, key) not in known:
                street = SearchStreet.objects.create(dataset=dataset.name, place=place, name=name, key=key)
                known[place, key] = street.id
                met.update(_words_of(street))
            addresses.append((dataset.name, ref, known[place, key], number))
        _copy(addresses)
        after = rows[-1][0]
    return met


def forget_streets(dataset: str) -> Counter[str]:
    """Remove the streets without an address; returns their words."""
    bare = SearchStreet.objects.raw(
        "SELECT * FROM search_searchstreet s WHERE dataset = %s"
        " AND NOT EXISTS (SELECT FROM search_searchaddress a WHERE a.street = s.id)",
        [dataset],
    )
    gone = list(bare)
    SearchStreet.objects.filter(id__in=[street.id for street in gone]).delete()
    return Counter(word for street in gone for word in _words_of(street))


def forget(dataset: str) -> Counter[str]:
    """Remove all of a dataset; returns the words of its streets."""
    SearchPlace.objects.filter(dataset=dataset).delete()
    SearchAddress.objects.filter(dataset=dataset).delete()
    return forget_streets(dataset)


def _words_of(street: SearchStreet) -> list[str]:
    written = words.split(street.name)
    return [word for word in (*street.key.split(), *written) if words.is_kept(word)]


def _chunk(
    dataset: Dataset, condition: sql.Composable, bound: list[Any], after: str
) -> tuple[sql.Composable, list[Any]]:
    """SELECT of ref, address and the names of the places, folded and separated by "|"."""
    places = sql.SQL(" || '|' || ").join(
        sql.SQL("coalesce({}, '')").format(sql.Identifier(name)) for name in dataset.search.places
    )
    query = sql.SQL(
        "SELECT ref, {address}, {places} FROM {view} WHERE until_revision IS NULL AND {address} <> ''"
        " AND {condition} AND ref > %s ORDER BY ref LIMIT {chunk}"
    ).format(
        address=sql.Identifier(dataset.search.address),
        places=places if dataset.search.places else sql.SQL("''"),
        view=published.view(dataset),
        condition=condition,
        chunk=sql.Literal(CHUNK),
    )
    return query, [*bound, after]


def _copy(addresses: list[tuple[str, str, int, str]]) -> None:
    copied = sql.SQL("COPY search_searchaddress (dataset, ref, street, number) FROM STDIN")
    with connection.cursor() as cursor, cursor.copy(statements.text(copied)) as copy:
        for address in addresses:
            copy.write_row(address)
