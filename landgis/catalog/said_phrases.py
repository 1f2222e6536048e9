"""What a dataset is called in sentences, and what stands for its codes and states, in all languages at once."""

from collections.abc import Callable, Iterator
from functools import cache

from django.conf import settings
from django.utils import translation

from landgis.catalog import said_words, unit_filters
from landgis.catalog.dataset import Dataset
from landgis.catalog.dataset.units import TODAY
from landgis.catalog.filters import filterable
from landgis.catalog.said_words import Phrase

Pairs = list[tuple[str, str]]  # parameters with their texts


def _in_all_languages(of: Callable[[], Iterator[tuple[str, Pairs]]]) -> dict[Phrase, Pairs]:
    found: dict[Phrase, Pairs] = {}
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            for text, pairs in of():
                found[said_words.key(text)] = pairs
    found.pop((), None)
    return found


@cache
def of_declaration(dataset: Dataset) -> dict[Phrase, Pairs]:
    """What the declaration says, and the labels of the state."""

    def each() -> Iterator[tuple[str, Pairs]]:
        if state := dataset.state.field:
            yield from ((str(label), [(state, code)]) for code, label in dataset.choices(state).items())
        spoken = dataset.lists.spoken
        for phrases, parameter, value in spoken.phrases if spoken else ():
            yield from ((phrase, [(parameter, value)]) for phrase in str(phrases).split("|"))

    return _in_all_languages(each)


@cache
def called(dataset: Dataset) -> set[Phrase]:
    def each() -> Iterator[tuple[str, Pairs]]:
        spoken = dataset.lists.spoken
        texts = [dataset.title, dataset.title_plural, dataset.search.called, spoken.called if spoken else ""]
        yield from ((phrase, []) for text in texts for phrase in str(text).split("|"))

    return set(_in_all_languages(each))


@cache
def of_codes(dataset: Dataset) -> dict[Phrase, Pairs]:
    """The labels of codes by which rows are filtered, and what people say for them."""
    fields = [one for one in filterable(dataset) if one.codes and one.in_form and one.name != dataset.state.field]

    def each() -> Iterator[tuple[str, Pairs]]:
        for one in fields:
            yield from ((str(label), [(one.name, code)]) for code, label in dataset.choices(one.name).items())

    found = _in_all_languages(each)
    for one in fields:
        known = dataset.choices(one.name)
        for phrase, codes in said_words.uses(one.codes or "").items():
            if own := [(one.name, code) for code in codes if code in known]:
                found[phrase] = own
    return found


def place_parameter(dataset: Dataset, known: set[str]) -> str:
    today = dataset.lies_in.shown[TODAY] if dataset.lies_in else ""
    return next((name for name in (unit_filters.PLACE, today) if name in known), "")
