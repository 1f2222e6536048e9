"""What a country brings: one list. Nothing else of landgis knows a country; docs/a-country.md shows how to write one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from landgis.cadastre import identity
from landgis.catalog import codelists, ground, guides, legal_bases, money, said_words, tolerances
from landgis.ingest import areas, drawings, headings, mistakes
from landgis.lib import days, geometry, numerals, order, spans, text
from landgis.lib.order import Order
from landgis.search import answers, vocabulary, wordings

Codec = tuple[Callable[[bytes], str], Callable[[str], bytes]]  # decode, encode


@dataclass(frozen=True)
class Country:
    """The rules, words and money of a country. All of it may be missing; paths are files of the country's package."""

    # How files are read: coordinate systems with their road to WGS 84 (the format stands in lib/crs.toml).
    crs: Path | None = None
    # Encodings older than Unicode, by name; files are tried for them.
    encodings: Mapping[str, Codec] = field(default_factory=dict)
    # How text of a language looks, by which an encoding is guessed: language -> (good words, words) of a text.
    languages: Mapping[str, text.Likeness] = field(default_factory=dict)
    # Letters of other languages that look like one of this: letter -> the one that is meant.
    lookalikes: Mapping[str, str] = field(default_factory=dict)
    # Headings that mean the same, headings of coordinates, and what looks like personal data.
    headings: Path | None = None
    # Words for sizes, units and money beside numbers, forms of days, and words for stretches of them.
    units: Path | None = None
    # What the levels of cadastral drawings hold.
    drawings: Path | None = None
    # What goes wrong with coordinates, each with the way back.
    mistakes: Path | None = None
    # How exact a boundary is, by the scale at which it was drawn.
    tolerances: Path | None = None

    # What the law says: code lists, what their codes mean in everyday words, and other spellings met in files.
    code_lists: Mapping[str, Path] = field(default_factory=dict)
    meanings: Mapping[str, Path] = field(default_factory=dict)
    # Codes of a list that are the same thing under another name: list -> groups of codes.
    kin: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    crosswalk: Path | None = None
    # By which rule a code list or a field means what it means: "land-use", or "parcels.map_scale" -> its name.
    legal_bases: Mapping[str, codelists.Label] = field(default_factory=dict)
    # Codes of rules that no longer hold, with those of today: code, today (empty where it is not certain), rule, until.
    earlier_codes: Mapping[str, Path] = field(default_factory=dict)
    # Pages of text, by the end of their address: how the law's procedures go, and what its words mean.
    procedures: Mapping[str, Path] = field(default_factory=dict)
    glossaries: Mapping[str, Path] = field(default_factory=dict)
    # What tells one parcel from another, and which parcels nobody outside may see.
    parcels: identity.Scheme = field(default_factory=identity.Scheme)

    # How pages write: the order of names, the currency, names that every map must bear.
    order: Order = field(default_factory=Order)
    currency: money.Currency = field(default_factory=money.Currency)
    map_names: Path | None = None

    # How people ask: words, and readers of whole questions by their place among the others.
    search: Path | None = None
    readers: Mapping[int, answers.Reader] = field(default_factory=dict)
    # Ways of writing that mean another text, by their place among the others.
    ways_of_writing: Mapping[int, wordings.Wording] = field(default_factory=dict)

    def register(self) -> None:
        """Make all of it known; twice is once. To be called when the apps are ready."""
        for name, (decode, encode) in self.encodings.items():
            text.register_encoding(name, decode, encode, guessed=True)
        for name, likeness in self.languages.items():
            text.register_language(name, likeness)
        text.register_lookalikes(self.lookalikes)
        for name, path in self.earlier_codes.items():
            codelists.add_earlier_file(name, path)
        for name, path in self.code_lists.items():
            codelists.register_file(name, path)
        for name, path in self.meanings.items():
            codelists.add_meanings_file(name, path)
        for name, groups in self.kin.items():
            codelists.register_kin(name, groups)
        for name, path in self.procedures.items():
            guides.register_procedure(name, path)
        for name, path in self.glossaries.items():
            guides.register_glossary(name, path, settings.LANGUAGE_CODE)
        for take, file in self._files():
            if file:
                take(file)
        legal_bases.register(self.legal_bases)
        identity.use(self.parcels)
        order.use(self.order)
        money.use(self.currency)
        for place, reader in self.readers.items():
            answers.register_reader(place, reader)
        for place, wording in self.ways_of_writing.items():
            wordings.register(place, wording)

    def _files(self) -> tuple[tuple[Callable[[Path], None], Path | None], ...]:
        return (
            (geometry.register_crs_file, self.crs),
            (headings.register_file, self.headings),
            (numerals.register_file, self.units),
            (days.register_file, self.units),
            (spans.register_file, self.units),
            (drawings.register_file, self.drawings),
            (mistakes.register_file, self.mistakes),
            (tolerances.register_file, self.tolerances),
            (codelists.add_crosswalk_file, self.crosswalk),
            (ground.register_names, self.map_names),
            (vocabulary.register_file, self.search),
            (areas.register_file, self.search),
            (said_words.register_file, self.search),
        )
