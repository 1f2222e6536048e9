"""Names of places in a question: units of today and earlier ones, with or without their kind and their district.

The units are a few hundred or thousand, so they are kept in memory until there is a newer revision of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from landgis.catalog import contributions, exits, memory
from landgis.catalog.dataset import Dataset, Place
from landgis.search import marks, words
from landgis.search.marks import Names, Words

LONGEST_NAME = 6  # words
ASK_AGAIN_S = 1.0  # search may be five seconds behind
FEWEST_TO_CORRECT = 5  # letters of a name, all its words together

_kinds: dict[Words, Words] = {}  # by its words, which know their marks
_renamed: Names[str] = Names()


def register_kinds(kinds: Iterable[str], renamed: Mapping[str, str]) -> None:
    """Add what stands before names of units in a country, phường, xã, huyện, and divisions by the names they had."""
    _kinds.update({key: key for key in map(marks.split, kinds)})
    for old, new in renamed.items():
        _renamed.add(old, new)


@dataclass(frozen=True)
class GazetteerEntry:
    """A place of a dataset, with its words as they are compared: whole, and without its kind."""

    dataset: Dataset
    place: Place
    key: tuple[str, ...]
    core: tuple[str, ...]
    within: tuple[tuple[str, ...], ...]

    @property
    def is_of_today(self) -> bool:
        return self.place.ref in self.place.today


@dataclass
class Division:
    """What units lie or lay in and what is no unit itself: a district, a province, with the field that names it."""

    dataset: Dataset
    column: str
    name: str
    key: tuple[str, ...]
    units: list[GazetteerEntry] = field(default_factory=list)

    @property
    def core(self) -> tuple[str, ...]:
        return without_kind(self.key)

    @property
    def is_of_today(self) -> bool:
        return any(unit.is_of_today for unit in self.units)


@dataclass(frozen=True)
class Named:
    """The units that words of a question name, where those words stand, and the words beside them."""

    units: tuple[GazetteerEntry, ...]
    start: int
    end: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    is_corrected: bool = False
    is_inside: bool = False
    asked: Words = ()  # what was written for the name

    @property
    def read_as(self) -> tuple[str, str]:
        """What was written for the name that is only nearly so, and the name; ("", "") where it is just so."""
        return (" ".join(map(marks.written, self.asked)), self.units[0].place.name) if self.is_corrected else ("", "")

    @property
    def rest(self) -> tuple[str, ...]:
        return self.before + self.after


@dataclass
class Gazetteer:
    """All units, by ref, by name and by what is left of a name without one of its letters."""

    units: dict[str, GazetteerEntry] = field(default_factory=dict)
    names: dict[tuple[str, ...], list[GazetteerEntry]] = field(default_factory=lambda: defaultdict(list))
    misspelt: dict[str, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    divisions: dict[tuple[str, ...], Division] = field(default_factory=dict)

    def add(self, unit: GazetteerEntry) -> None:
        self.units[unit.place.ref] = unit
        for wider, column in unit.place.within:
            key = marks.split(wider)
            self.divisions.setdefault(key, Division(unit.dataset, column, wider, key)).units.append(unit)
        for name in {unit.key, unit.core}:
            if len(name) > 1 or not name[0].isdigit():
                self.names[name].append(unit)
                joined = "".join(name)
                for variant in words.variants(joined) if len(joined) >= FEWEST_TO_CORRECT else [joined]:
                    self.misspelt[variant].add(name)

    def named(self, folded: Sequence[str]) -> Named | None:
        """The longest name in the words; where there is none, the longest that is one letter off."""
        return self._longest(folded, self._exactly) or self.nearly_named(folded)

    def nearly_named(self, folded: Sequence[str]) -> Named | None:
        """The longest name in the words, a letter of which may be wrong."""
        return self._longest(folded, self._nearly, is_corrected=True)

    def _longest(
        self,
        folded: Sequence[str],
        look_up: Callable[[tuple[str, ...]], list[GazetteerEntry]],
        *,
        is_corrected: bool = False,
    ) -> Named | None:
        """Of the longest names that are found, one that lies in what is named beside it, else the first."""
        best: Named | None = None
        for start, end in _runs(len(folded)):
            if best and best.end - best.start > end - start:
                break
            run = tuple(folded[start:end])
            units = look_up(run) if run not in _kinds else []  # what is a kind without its marks is no name
            if units and (chosen := _chosen(units, folded, start, end, is_corrected=is_corrected)):
                if chosen.is_inside:
                    return chosen
                best = best or chosen
        return best

    def _exactly(self, run: Words) -> list[GazetteerEntry]:
        return [unit for unit in self.names.get(run, []) if marks.fit(run, unit.key[-len(run) :])]

    def _nearly(self, run: Words) -> list[GazetteerEntry]:
        joined = "".join(run)
        variants = words.variants(joined) if len(joined) >= FEWEST_TO_CORRECT else [joined]
        names = {name for variant in variants for name in self.misspelt.get(variant, ())}
        return [
            unit
            for name in sorted(names)
            for unit in self.names[name]
            if marks.all_may_mean(run, unit.key[-len(name) :])
        ]

    def today(self, unit: GazetteerEntry) -> list[GazetteerEntry]:
        """The units of today in which a unit lives on."""
        return [self.units[ref] for ref in unit.place.today if ref in self.units]

    def origins(self, unit: GazetteerEntry) -> list[GazetteerEntry]:
        return [self.units[ref] for ref in unit.place.origins if ref in self.units]

    def relatives(self, units: Iterable[GazetteerEntry]) -> set[tuple[str, ...]]:
        """All names that these units have had or live on under, in full and without their kind."""
        found: set[tuple[str, ...]] = set()
        for unit in units:
            for one in (unit, *self.today(unit), *self.origins(unit)):
                found |= {one.key, one.core}
        return found


def _runs(count: int) -> Iterator[tuple[int, int]]:
    """Start and end of every run of words, the longest first."""
    for length in range(min(count, LONGEST_NAME), 0, -1):
        for start in range(count - length + 1):
            yield start, start + length


def _chosen(
    units: list[GazetteerEntry], folded: Sequence[str], start: int, end: int, *, is_corrected: bool = False
) -> Named:
    """The units that the other words do not exclude: a district beside the name says which of two is meant."""
    same = marks.all_may_mean if is_corrected else marks.fit
    before, after = _without_kind_at_end(tuple(folded[:start])), tuple(folded[end:])
    inside = [unit for unit in units if any(_place_of(part, unit.within, same) for part in (before, after))]
    for name in sorted({name for unit in inside for name in unit.within}, key=len, reverse=True):
        before, after = _cut(before, name, same), _cut(after, name, same)
    today_first = tuple(sorted(dict.fromkeys(inside or units), key=lambda unit: not unit.is_of_today))
    after = _without_kind_at_end(after)
    return Named(today_first, start, end, before, after, is_corrected, bool(inside), tuple(folded[start:end]))


Same = Callable[[tuple[str, ...], tuple[str, ...]], bool]


def _place_of(folded: tuple[str, ...], names: Iterable[tuple[str, ...]], same: Same) -> slice | None:
    """Where one of the names stands in the words."""
    for name in names:
        for at in range(len(folded) - len(name) + 1):
            if same(folded[at : at + len(name)], name):
                return slice(at, at + len(name))
    return None


def _cut(folded: tuple[str, ...], name: tuple[str, ...], same: Same) -> tuple[str, ...]:
    """The words without the name and the kind before it."""
    place = _place_of(folded, [name], same)
    return folded if place is None else _without_kind_at_end(folded[: place.start]) + folded[place.stop :]


def _without_kind_at_end(folded: tuple[str, ...]) -> tuple[str, ...]:
    return next((folded[: -len(kind)] for kind in _kinds if _is_nearly(folded[-len(kind) :], kind)), folded)


def _is_nearly(folded: Sequence[str], kind: tuple[str, ...]) -> bool:
    """Whether the words are a kind, one letter of a longer word being allowed to be wrong."""
    return len(folded) == len(kind) and all(
        marks.fits(word, known) or (len(known) > 3 and marks.may_mean(word, known))
        for word, known in zip(folded, kind, strict=True)
    )


def renamed(key: tuple[str, ...]) -> str:
    """What a division is called that had this name; empty where none had."""
    return _renamed.get(key) or ""


def kind_of(key: tuple[str, ...]) -> tuple[str, ...]:
    """The kind with which words begin; empty where they begin with none."""
    return key[: len(key) - len(without_kind(key))]


def without_kind(key: tuple[str, ...]) -> tuple[str, ...]:
    """A name's words without its kind; those of a name that is nothing else stay."""
    kinds = sorted((kind for kind in _kinds if len(key) > len(kind) and marks.fit(key[: len(kind)], kind)), key=len)
    return key[len(kinds[-1]) :] if kinds else key


def gazetteer() -> Gazetteer:
    """The units as published, at most a second ago; read again when there is a newer revision of them."""
    datasets = [dataset for dataset in exits.datasets("pages") if dataset.search.units]
    return memory.of_all("gazetteer", datasets, lambda: _read(datasets), ask_again_s=ASK_AGAIN_S)


def _units_of(dataset: Dataset) -> tuple[Dataset, list[Place]]:
    return dataset, list(dataset.search.units()) if dataset.search.units else []


def _read(datasets: Iterable[Dataset]) -> Gazetteer:
    found = Gazetteer()
    units, _failed = contributions.each(list(datasets), _units_of, "places")
    for dataset, places in units:
        for place in places:
            key = marks.split(place.name)
            if key:
                within = [marks.split(name) for name, _field in place.within]
                cores = [without_kind(name) for name in within]
                found.add(GazetteerEntry(dataset, place, key, without_kind(key), (*within, *cores)))
    return found
