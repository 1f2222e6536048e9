"""What may be wrong with a word of the state that a declaration declares (see `state`)."""

from collections.abc import Callable, Mapping

from django.db import models

from landgis.catalog import codelists
from landgis.catalog.dataset import PUBLIC, rules, words


def _neighbour(word: words.Word) -> str:
    if word.text not in word.others:
        return "which is no dataset here"
    return "" if word.others[word.text].state.field else "which says nothing of a state"


def _moment(word: words.Word) -> str:
    """A field of the dataset itself, or of the one that its state looks at."""
    beside = word.dataset.state.beside
    whose = word.others.get(beside[0]) if beside else word.dataset
    field = next((field for field in (whose.fields if whose else ()) if field.name == word.text), None)
    if whose is None or field is None:
        return f"which is no field of {beside[0] if beside else 'it'}"
    if field.visibility != PUBLIC:
        return f"but {field.name} is not public"
    found = words.column(whose.in_force, field.name)
    if not isinstance(found, models.DateField):
        return f"but {field.name} is no day and no time"
    is_time = isinstance(found, models.DateTimeField)
    return "which is a time, and no last day" if is_time and word.owner.is_last_day else ""


def _their_code(word: words.Word) -> str:
    theirs = word.others.get(str(word.of))
    if theirs is None or not theirs.state.field:
        return f"but {word.rule.of} names no dataset with a state"
    known = codelists.labels(theirs.field(theirs.state.field).codes)
    return f"which is no code of the state of {word.of}" if word.text not in known else ""


CHECKS: Mapping[str, Callable[[words.Word], str]] = {
    rules.NEIGHBOUR: _neighbour,
    rules.MOMENT: _moment,
    rules.THEIR_CODE: _their_code,
}
