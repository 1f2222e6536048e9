"""Keeping the entries in line with what is published."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import translation
from psycopg import sql

from landgis.catalog import contributions, published, registry
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.filters import from_query, to_sql
from landgis.catalog.models import Revision
from landgis.search import dictionaries, streets, words
from landgis.search.models import SearchPosition, SearchWord

FORM = 2  # of the entries; a new one makes them anew
FOLLOW_LOCK = 0x66696E64  # "find": one follower at a time
CHUNK = 5000
COLUMNS = ("dataset", "ref", "ref_key", "title", "accents", "keys", "is_usual")


def follow() -> dict[str, int]:
    """Bring the entries of every dataset to its newest revision; returns how many were written, by dataset.

    One transaction a dataset, so a cut costs only what was not finished, and the next call goes on there. Only
    features of the revisions since the last call are written again; all of them when the declaration has changed.
    """
    datasets = registry.all_datasets()
    for position in SearchPosition.objects.exclude(dataset__in=[dataset.name for dataset in datasets]):
        _forget(position)
    followed, _failed = contributions.each(datasets, lambda dataset: (dataset.name, _follow(dataset)), "search entries")
    return {name: written for name, written in followed if written is not None}


@transaction.atomic
def _forget(position: SearchPosition) -> None:
    """Remove what is left of a dataset that is no longer installed."""
    _hold_lock()
    _remove(sql.SQL("dataset = %s"), [position.dataset])
    _count_down(dictionaries.forget(position.dataset))
    _forget_unused_words()
    position.delete()


@transaction.atomic
def _follow(dataset: Dataset) -> int | None:
    """How many entries were written; None when there was nothing to follow."""
    declared = fingerprint(dataset)
    if _is_there(dataset, declared):
        return None
    _hold_lock()
    position = SearchPosition.objects.filter(dataset=dataset.name).first()
    # Read before the rows: what a later revision brings meanwhile is only written twice.
    newest = _newest(dataset)
    is_same = position is not None and position.fingerprint == declared
    # What areas withhold changes without a revision of the dataset itself.
    if position is not None and is_same and _newest_of(dataset.withheld_by) <= position.revision:
        touched, bound = _touched(dataset, position.revision, newest)
        written = _write_again(dataset, sql.SQL("ref IN ({})").format(touched), bound)
    else:
        written = _write_again(dataset, sql.SQL("true"), [])
        _execute(sql.SQL("ANALYZE search_searchentry, search_searchstreet, search_searchaddress"), None)
    _forget_unused_words()
    SearchPosition.objects.update_or_create(
        dataset=dataset.name, defaults={"revision": newest, "fingerprint": declared}
    )
    return written


def _write_again(dataset: Dataset, condition: sql.Composable, bound: list[Any]) -> int:
    """Make the entries and addresses of the refs that meet the condition anew; how many features have one."""
    _remove(sql.SQL("dataset = %s AND {}").format(condition), [dataset.name, *bound])
    dictionaries.forget_addresses(dataset.name, condition, bound)
    written = _write(dataset, condition, bound) if dataset.search.keeps_words else 0
    _count_up(dictionaries.write_addresses(dataset, condition, bound))
    _count_down(dictionaries.forget_streets(dataset.name))
    dictionaries.count_places(dataset)
    return written


def fingerprint(dataset: Dataset) -> str:
    """A digest of all that the form of a dataset's entries follows from."""
    names = [dataset.title_field, *(field.name for field in searched(dataset))]
    labels = [f"{code}={text}" for field in searched(dataset) for code, text in _labels(dataset, field).items()]
    usual = [str(part) for part in from_query(dataset, {}).parts]
    found_by = [str(dataset.search.keeps_words), *dataset.search.places, dataset.search.address, *streets.fillers()]
    parts = [str(FORM), published.fingerprint(dataset), *names, *labels, *usual, *words.abbreviations(), *found_by]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def searched(dataset: Dataset) -> list[Field]:
    """The fields whose words lead to the feature, public ones only."""
    return [field for field in dataset.public_fields if field.searched]


def _newest(dataset: Dataset) -> int:
    """The newest revision of the dataset, or of the areas that withhold some of it."""
    return max(_newest_of(dataset.name), _newest_of(dataset.withheld_by))


def _newest_of(name: str | None) -> int:
    return Revision.objects.filter(dataset=name).aggregate(newest=Max("number"))["newest"] or 0


def _is_there(dataset: Dataset, declared: str) -> bool:
    return SearchPosition.objects.filter(
        dataset=dataset.name, revision__gte=_newest(dataset), fingerprint=declared
    ).exists()


def _touched(dataset: Dataset, after: int, newest: int) -> tuple[sql.Composable, list[Any]]:
    """SELECT of the refs of which a row began or ended in these revisions, whether or not it is public."""
    query = sql.SQL(
        "SELECT ref FROM {table} WHERE from_revision > %s AND from_revision <= %s"
        " UNION SELECT ref FROM {table} WHERE until_revision > %s AND until_revision <= %s"
    ).format(table=sql.Identifier(dataset.in_force._meta.db_table))
    return query, [after, newest, after, newest]


def _remove(condition: sql.Composable, bound: list[Any]) -> None:
    """Delete entries, and count their words down."""
    query = sql.SQL(
        "WITH gone AS (DELETE FROM search_searchentry WHERE {} RETURNING keys),"
        " used AS (SELECT word, count(*) AS n FROM gone, unnest(string_to_array(keys, ' ')) word GROUP BY word)"
        " UPDATE search_searchword w SET uses = w.uses - used.n FROM used WHERE w.word = used.word"
    )
    _execute(query.format(condition), bound)


def _write(dataset: Dataset, condition: sql.Composable, bound: list[Any]) -> int:
    """Add the entries of the public rows in force that meet the condition."""
    used: Counter[str] = Counter()
    labels = [_labels(dataset, field) for field in searched(dataset)]
    count = 0
    copied = sql.SQL("COPY search_searchentry ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, COLUMNS)))
    for rows in _chunks(dataset, condition, bound):
        with connection.cursor() as cursor, cursor.copy(_text(copied)) as copy:
            for ref, is_usual, title, *values in rows:
                entry = _entry(
                    ref, title, [known.get(str(one), one) for known, one in zip(labels, values, strict=True)]
                )
                copy.write_row((dataset.name, ref, *entry, is_usual))
                used.update(filter(words.can_be_misspelt, entry[-1].split()))
        count += len(rows)
    _count_up(used)
    return count


def _chunks(dataset: Dataset, condition: sql.Composable, bound: list[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of ref, whether it is a usual one, title and searched values, from the published view."""
    usual, usual_bound = to_sql(dataset, from_query(dataset, {}))
    names = [dataset.title_field, *(field.name for field in searched(dataset))]
    query = sql.SQL(
        "SELECT ref, {usual}, {columns} FROM {view} WHERE until_revision IS NULL AND {condition} AND ref > %s"
        " ORDER BY ref LIMIT {chunk}"
    ).format(
        usual=usual,
        columns=sql.SQL(", ").join(map(sql.Identifier, names)),
        view=published.view(dataset),
        condition=condition,
        chunk=sql.Literal(CHUNK),
    )
    after = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_text(query), [*usual_bound, *bound, after])
            rows = cursor.fetchall()
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]


def _count_up(used: Counter[str]) -> None:
    query = (
        "INSERT INTO search_searchword (word, uses, variants) VALUES (%s, %s, %s)"
        " ON CONFLICT (word) DO UPDATE SET uses = search_searchword.uses + excluded.uses"
    )
    with connection.cursor() as cursor:
        cursor.executemany(query, [(word, uses, words.variants(word)) for word, uses in sorted(used.items())])


def _count_down(gone: Counter[str]) -> None:
    query = "UPDATE search_searchword SET uses = uses - %s WHERE word = %s"
    with connection.cursor() as cursor:
        cursor.executemany(query, [(uses, word) for word, uses in sorted(gone.items())])


def _forget_unused_words() -> None:
    """A word that no entry uses any more tells nobody that one did."""
    SearchWord.objects.filter(uses__lte=0).delete()


def _hold_lock() -> None:
    """Wait until no other process follows; held to the end of the transaction."""
    _execute(sql.SQL("SELECT pg_advisory_xact_lock(%s)"), [FOLLOW_LOCK])


def _entry(ref: str, title: Any, values: list[Any]) -> tuple[str, str, str, str]:
    """ref_key, title, accents and keys of an entry."""
    called = words.split(str(title or ""))
    texts = [ref, *(str(value) for value in values if value not in (None, title, ref))]
    title_key = words.key(called)
    keys = " ".join(filter(None, [title_key, *(words.key(words.split(text)) for text in texts)]))
    return words.squeezed(ref), title_key[:200].strip(), words.accents(called)[:400], keys


def _labels(dataset: Dataset, field: Field) -> dict[str, str]:
    """Code -> its labels in all languages; empty for a field without codes."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, label in dataset.choices(field.name).items():
                found[code] = f"{found.get(code, code)} {label}"
    return found


def _execute(query: sql.Composable, bound: list[Any] | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_text(query), bound)


def _text(query: sql.Composable) -> str:
    return query.as_string(connection.connection)
