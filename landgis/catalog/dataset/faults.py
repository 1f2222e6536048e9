"""What a declaration says that is not so, as sentences that name dataset, attribute and word (see `rules`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any

from landgis.catalog.dataset import Dataset, state_words, words
from landgis.catalog.dataset.rules import LATE, RULES
from landgis.catalog.dataset.words import NoList, Word, travels, values_at

# What others are judged by is looked into before them.
FIRST = (
    "name",
    "fields.*.visibility",
    "in_force",
    "proposed",
    "map.tiles.minzoom",
    "map.tiles.maxzoom",
    "map.style.label_from",
)
SECOND = ("fields.*.name", "fields.*.tile_from")
CHECKS = {**words.CHECKS, **state_words.CHECKS}
EMPTY: tuple[Any, ...] = (None, "", ())


def faults(dataset: Dataset, others: Mapping[str, Dataset], *, is_late: bool = False) -> Iterator[str]:
    """The faults; those that depend on what other apps register only when all have (`is_late`)."""
    rest = [path for path, rule in RULES.items() if is_late or rule.what not in LATE]
    for step in (
        _shape(dataset),
        _of_rules(dataset, others, FIRST),
        _of_rules(dataset, others, SECOND),
        _of_rules(dataset, others, rest),
        _contradictions(dataset),
    ):
        if found := list(step):
            yield from found
            return


def _shape(dataset: Dataset) -> Iterator[str]:
    known = {*dir(Dataset), *Dataset.__annotations__}
    names = {
        *vars(dataset),
        *(name for kind in type(dataset).__mro__ if issubclass(kind, Dataset) for name in vars(kind)),
    }
    for name in sorted(names - known):
        if not name.startswith("_"):
            yield f"{dataset.name}: no dataset has an attribute {name!r}"
    for name, usual in vars(Dataset).items():
        if is_dataclass(usual) and not isinstance(getattr(dataset, name), type(usual)):
            yield f"{dataset.name}: {name} is {getattr(dataset, name)!r}, where {type(usual).__name__}(...) belongs"


def _of_rules(dataset: Dataset, others: Mapping[str, Dataset], paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        for owner, text in values_at(dataset, path.split("."), dataset):
            yield from _wrong(Word(dataset, others, path, RULES[path], owner, text))


def _wrong(word: Word) -> Iterator[str]:
    if isinstance(word.text, NoList):
        yield word.fault(f"is {word.text.found!r}, where a list belongs")
    elif word.text not in EMPTY:
        if wrong := CHECKS[word.rule.what](word):
            shown = repr(word.text) if isinstance(word.text, str) else str(word.text)
            yield word.fault(f"names {shown}, {wrong}")
    elif word.rule.needed:
        yield word.fault("is missing")


def _contradictions(dataset: Dataset) -> Iterator[str]:
    """What two attributes say against each other."""
    tiles, style, numbers = dataset.map.tiles, dataset.map.style, dataset.numbers
    if tiles.minzoom > tiles.maxzoom:
        yield f"{dataset.name}: map.tiles.minzoom is {tiles.minzoom}, nearer than map.tiles.maxzoom"
    if tiles.sheets_by:
        yield from _of_sheets(dataset)
    kept_by = (tiles.counts_by, *tiles.sheets_by, dataset.public_when, *dataset.identity)
    if dataset.state.field and dataset.state.field in kept_by:
        yield f"{dataset.name}: state.field names {dataset.state.field!r}, by which counts, rows or refs are kept"
    if tiles.counts_by and tiles.counts_from >= tiles.minzoom:
        yield f"{dataset.name}: map.tiles.counts_from is {tiles.counts_from}, where features are drawn already"
    if dataset.names_areas_by and not dataset.geometry_kind.covers:
        yield f"{dataset.name}: names_areas_by names {dataset.names_areas_by[0]!r}, but the features are no areas"
    if bool(numbers.sheet) != bool(numbers.parcel):
        yield f"{dataset.name}: numbers names {numbers.sheet or numbers.parcel!r} alone, where two fields belong"
    if dataset.geometry and dataset.exits.tiles and not style.label:
        title = next((field for field in dataset.fields if field.name == dataset.title_field), None)
        if title and not travels(title, style.label_from):
            yield (
                f"{dataset.name}: title_field names {title.name!r}, but it does not travel in tiles from"
                f" map.style.label_from on, which is {style.label_from}"
            )


def _of_sheets(dataset: Dataset) -> Iterator[str]:
    """Sheets and blocks are pieces of ground, named by what rows themselves say, and stand between counts and features."""
    tiles = dataset.map.tiles
    if not dataset.geometry_kind.covers:
        yield f"{dataset.name}: map.tiles.sheets_by names {tiles.sheets_by[0]!r}, but the features are no areas"
    if not tiles.counts_by:
        yield f"{dataset.name}: map.tiles.sheets_by names {tiles.sheets_by[0]!r}, but nothing is counted farther out"
    elif not tiles.counts_from < tiles.sheets_from < tiles.blocks_from < tiles.minzoom:
        yield (
            f"{dataset.name}: map.tiles.sheets_from is {tiles.sheets_from} and blocks_from {tiles.blocks_from}, which must"
            f" stand in this order between counts_from, {tiles.counts_from}, and minzoom, {tiles.minzoom}"
        )
    for name in {*tiles.sheets_by} & {field.name for field in dataset.derived_fields}:
        yield f"{dataset.name}: map.tiles.sheets_by names {name!r}, which changes without the row"
