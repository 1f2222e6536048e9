"""Numbers for new features: the next free one of a map sheet, which is never given twice.

Where features have no numbers of a sheet, a letter of their own is added to what the first of those before them is called.
"""

import hashlib
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models.functions import Collate

from landgis.catalog.dataset import NOT_IN_REF, Dataset
from landgis.changes.models import Action, ChangeSet, State
from landgis.lib import statements
from landgis.lib.order import NATURAL

RESERVE_LOCK = 0x6D696E74  # "mint": of a sheet one at a time reserves numbers
_DIGITS = re.compile(r"\d+")
_BEHIND = "\uffff"  # every letter that a ref may have
HOLDING = (State.SUBMITTED, State.APPROVED)


def number_field(dataset: Dataset) -> str:
    """The part of the identity that tells the features of a sheet apart: the number, else the last part."""
    parcel = dataset.numbers.parcel
    return parcel if parcel and parcel in dataset.identity else dataset.identity[-1]


def hold_sheets(dataset: Dataset, like: Iterable[Mapping[str, Any]]) -> None:
    """Let nobody else reserve numbers of the sheets of these until the transaction ends."""
    texts = {"|".join([dataset.name, *(str(one.get(name) or "") for name in _sheet(dataset))]) for one in like}
    # In one order for all: of two who hold what the other waits for neither would go on.
    for key in sorted(int.from_bytes(hashlib.sha256(one.encode()).digest()[:4], "big", signed=True) for one in texts):
        statements.execute("SELECT pg_advisory_xact_lock(%s, %s)", [RESERVE_LOCK, key])


def next_free(
    dataset: Dataset,
    like: Mapping[str, Any],
    count: int,
    *,
    besides: ChangeSet | None = None,
    also: Collection[str] = (),
) -> list[str]:
    """The next free numbers of the sheet of a feature; `also` are numbers that are to be passed over.

    Not free is what was ever given, and what another change set reserves that was handed in.
    """
    field = number_field(dataset)
    used = {*_used(dataset, like, field, besides), *also}
    is_number = field == dataset.numbers.parcel
    proposals = _numbers(used) if is_number else _letters(str(like.get(field) or ""))
    return list(itertools.islice((one for one in proposals if one not in used), count))


def _sheet(dataset: Dataset) -> list[str]:
    return [name for name in dataset.identity if name != number_field(dataset)]


def _used(dataset: Dataset, like: Mapping[str, Any], field: str, besides: ChangeSet | None) -> set[str]:
    """What was given and what waits are found by the beginning of their refs: of these indexes know past rows, and the new features
    of a change set with a million items; of sheets none does.
    """
    here: dict[str, Any] = {name: like.get(name) for name in _sheet(dataset)}
    handed = ChangeSet.objects.filter(dataset=dataset.name, state__in=HOLDING)
    handed = handed.exclude(pk=besides.pk) if besides else handed
    if field != dataset.numbers.parcel:
        here |= {f"{field}__startswith": f"{like.get(field)}-"}
    start = _start_of_refs(dataset, like, field)
    new = dataset.proposed._default_manager.filter(action=Action.ADD, ref__startswith=start)
    # Their numbers first: joined, the items of all change sets may be read.
    proposed = new.filter(change_set__in=list(handed.values_list("pk", flat=True)), **here)
    ordered = dataset.in_force._default_manager.alias(ordered=Collate("ref", NATURAL))
    given = ordered.filter(ordered__gte=start, ordered__lt=start + _BEHIND, **here)
    return {str(one) for rows in (given, proposed) for one in rows.values_list(field, flat=True).distinct()}


def _start_of_refs(dataset: Dataset, like: Mapping[str, Any], field: str) -> str:
    """What the refs of the sheet begin with, or those of whatever adds to the name of the feature."""
    upto = dataset.identity.index(field) + (field != dataset.numbers.parcel)
    return NOT_IN_REF.sub("-", "".join(f"{like.get(name)}-" for name in dataset.identity[:upto])).lstrip("-")


def _numbers(used: Collection[str]) -> Iterator[str]:
    """Behind the largest: gaps belong to numbers that were given once."""
    largest = max((int(found[0]) for one in used if (found := _DIGITS.match(one))), default=0)
    return map(str, itertools.count(largest + 1))


def _letters(name: str) -> Iterator[str]:
    return (f"{name}-{number}" for number in itertools.count(1))


def refs_of(dataset: Dataset, like: Mapping[str, Any], numbers: Sequence[str]) -> list[str]:
    """The refs that features of the sheet get with these numbers."""
    known = {name: like.get(name) for name in dataset.identity}
    return [dataset.ref(known | {number_field(dataset): number}) for number in numbers]
