"""Keeping the entries in line with what is published."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation
from psycopg import sql

from landgis.catalog import published, statistics
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.filters import from_query, to_sql
from landgis.changes import followers
from landgis.lib import statements
from landgis.search import dictionaries, marks, streets, words
from landgis.search.models import SearchAddress, SearchEntry, SearchStreet, SearchWord

FORM = 3  # of the entries; a new one makes them anew
FOLLOWER = "search entries"
CHUNK = 5000
COLUMNS = ("dataset", "ref", "ref_key", "title", "accents", "keys", "written", "is_usual")


def follow() -> dict[str, int]:
    """Bring the entries of every dataset to its newest revision; returns how many were written, by dataset."""
    return followers.follow(FOLLOWER)


def forget(name: str) -> None:
    """Remove what is left of a dataset that is no longer installed."""
    _remove(sql.SQL("dataset = %s"), [name])
    _count_down(dictionaries.forget(name))
    _forget_unused_words()


def write(dataset: Dataset, refs: sql.Composable | None, bound: Sequence[Any]) -> int:
    """Make the entries of these refs anew, or all; gives how many features have one."""
    if refs is None:
        written = _write_again(dataset, sql.SQL("true"), [])
        statistics.refresh(*(model._meta.db_table for model in (SearchEntry, SearchStreet, SearchAddress)))
    else:
        written = _write_again(dataset, sql.SQL("ref IN ({})").format(refs), list(bound))
    _forget_unused_words()
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


def _remove(condition: sql.Composable, bound: list[Any]) -> None:
    """Delete entries, and count their words down."""
    query = sql.SQL(
        "WITH gone AS (DELETE FROM search_searchentry WHERE {} RETURNING keys, written),"
        " used AS (SELECT word, count(*) AS n FROM gone, unnest(string_to_array(keys || ' ' || written, ' ')) word"
        " GROUP BY word)"
        " UPDATE search_searchword w SET uses = w.uses - used.n FROM used WHERE w.word = used.word"
    )
    statements.execute(query.format(condition), bound)


def _write(dataset: Dataset, condition: sql.Composable, bound: list[Any]) -> int:
    """Add the entries of the public rows in force that meet the condition."""
    used: Counter[str] = Counter()
    labels = [_labels(dataset, field) for field in searched(dataset)]
    count = 0
    copied = sql.SQL("COPY search_searchentry ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, COLUMNS)))
    for rows in _chunks(dataset, condition, bound):
        with connection.cursor() as cursor, cursor.copy(statements.text(copied)) as copy:
            for ref, is_usual, title, *values in rows:
                entry = _entry(
                    ref, title, [known.get(str(one), one) for known, one in zip(labels, values, strict=True)]
                )
                copy.write_row((dataset.name, ref, *entry, is_usual))
                used.update(_counted(*entry[-2:]))
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
        rows = statements.rows(query, [*usual_bound, *bound, after])
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]


def _counted(keys: str, written: str) -> list[str]:
    """The words in use, each folded and with its marks, as often as `_remove` counts them down."""
    return [word for word in f"{keys} {written}".split() if words.is_kept(word)]


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


def _entry(ref: str, title: Any, values: list[Any]) -> tuple[str, str, str, str, str]:
    """ref_key, title, accents, keys and written of an entry; a word stands at the same place in the last two."""
    called = words.split(str(title or ""))
    texts = [ref, *(str(value) for value in values if value not in (None, title, ref))]
    every = marks.of([*called, *(word for text in texts for word in words.split(text))])
    title_key = words.key(called)[:200].strip()
    written = " ".join(map(marks.written, every))
    return words.squeezed(ref), title_key, words.accents(called)[:400], " ".join(every), written


def _labels(dataset: Dataset, field: Field) -> dict[str, str]:
    """Code -> its labels in all languages; empty for a field without codes."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, label in dataset.choices(field.name).items():
                found[code] = f"{found.get(code, code)} {label}"
    return found
