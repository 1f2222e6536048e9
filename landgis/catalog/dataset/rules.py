"""What each attribute of a declaration names: one table, which registration walks (see `faults`).

A path leads from the dataset to words: `*` stands for each of a list, a number for that place in a pair, `keys` and
`values` for those of a mapping. Everything that a declaration can say has a row here; a test compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# What a word may be.
NAME, PATH, TEXT, FLAG, HEADING, CALLABLE, MODEL = "name", "path", "text", "flag", "heading", "callable", "model"
FIELD, COLUMN, PARAMETER, VALUE, FILTER = "field", "column", "parameter", "value", "filter"
COLOUR, ZOOM, CHOICE, GROUP, KEYED = "colour", "zoom", "choice", "group", "keyed"
STYLE, GEOMETRY, MEANING = "style", "geometry", "meaning"
# These depend on what other apps register, and are looked into when all have.
DATASET, THEIR_FIELD, CODE_LIST, CODE, TEMPLATE = "dataset", "their field", "code list", "code", "template"
NEIGHBOUR, MOMENT, THEIR_CODE = "neighbour", "moment", "their code"
LATE = (DATASET, THEIR_FIELD, FILTER, CODE_LIST, CODE, TEMPLATE, VALUE, GROUP, NEIGHBOUR, MOMENT, THEIR_CODE)

# What a field may have to be.
NUMBER, WORDS, CODED, YES_NO, ONE_VALUE, LIST = "a number", "text", "coded", "yes or no", "one value", "a list"
DAY = "a day"


@dataclass(frozen=True)
class Rule:
    """What the words of one attribute are."""

    what: str
    # Whether the attribute may not be empty.
    needed: bool = False
    # Whether the field must be public, for readers see it or what follows from it.
    public: bool = False
    # What the field must be.
    type: str = ""
    # The path of the zoom from which the field must travel in tiles.
    in_tiles: str = ""
    # The path of the field whose codes these are, of the dataset whose field it is, of the groups there are; with a dot
    # before it the path leads from what the attribute belongs to.
    of: str = ""
    # What the word may be.
    among: Sequence[str] = ()


FLAGS = Rule(FLAG)
SHOWN = Rule(FLAG, public=True)  # of a field: what it says happens to public fields only

RULES: dict[str, Rule] = {
    "name": Rule(NAME, needed=True),
    "path": Rule(PATH, needed=True),
    "title": Rule(TEXT, needed=True),
    "title_plural": Rule(TEXT, needed=True),
    "counted": Rule(TEXT, needed=True),
    "description": Rule(TEXT, needed=True),
    "licence.name": Rule(TEXT, needed=True),
    "licence.url": Rule(TEXT),
    "attribution": Rule(TEXT),
    "decided_by": Rule(CHOICE, needed=True, among=("approver", "publisher")),
    "in_force": Rule(MODEL, needed=True),
    "proposed": Rule(MODEL, needed=True),
    "fields.*.name": Rule(COLUMN, needed=True),
    "fields.*.visibility": Rule(CHOICE, among=("public", "officer", "never")),
    "fields.*.unit": Rule(TEXT),
    "fields.*.per": Rule(TEXT),
    "fields.*.codes": Rule(CODE_LIST),
    "fields.*.names": Rule(CODE_LIST),
    "fields.*.is_area_code": FLAGS,
    "fields.*.required": FLAGS,
    "fields.*.passes_on": FLAGS,
    "fields.*.filters": Rule(FLAG, public=True, type=ONE_VALUE),
    "fields.*.default": Rule(VALUE),
    "fields.*.in_form": FLAGS,
    "fields.*.groups": Rule(FLAG, public=True, type=ONE_VALUE),
    "fields.*.searched": SHOWN,
    "fields.*.in_list": SHOWN,
    "fields.*.in_facts": FLAGS,
    "fields.*.group": Rule(GROUP, of="parts.fact_groups"),
    "fields.*.only_if_given": FLAGS,
    "fields.*.only_when.by": Rule(FIELD, needed=True, public=True, type=CODED),
    "fields.*.only_when.codes.*": Rule(CODE, needed=True, of=".by"),
    "fields.*.tile_from": Rule(ZOOM, public=True),
    "fields.*.source_names.*": Rule(HEADING),
    "fields.*.parts.*.name": Rule(KEYED, needed=True, type=LIST),
    "fields.*.parts.*.label": Rule(TEXT),
    "fields.*.parts.*.codes": Rule(CODE_LIST),
    "fields.*.parts.*.is_date": FLAGS,
    "fields.*.parts.*.is_number": FLAGS,
    "fields.*.parts.*.is_file": FLAGS,
    "fields.*.parts.*.source_names.*": Rule(HEADING),
    "meanings.keys": Rule(FIELD),
    "meanings.values": Rule(MEANING),
    "identity.*": Rule(FIELD, needed=True, public=True, type=ONE_VALUE),
    "optional_identity.*": Rule(FIELD, public=True, type=ONE_VALUE),
    "title_field": Rule(FIELD, needed=True, public=True, type=ONE_VALUE),
    "made_title.fields.*": Rule(FIELD, public=True, type=ONE_VALUE),
    "made_title.words": Rule(CALLABLE),
    "detail_fields.*": Rule(FIELD, public=True, type=ONE_VALUE),
    "geometry_kind": Rule(GEOMETRY),
    "legal_area": Rule(FIELD, public=True, type=NUMBER),
    "public_when": Rule(COLUMN, type=YES_NO),
    "withheld_by": Rule(DATASET),
    "is_internal": FLAGS,
    "exits.pages": FLAGS,
    "exits.tiles": FLAGS,
    "exits.geojson": FLAGS,
    "exits.lists": FLAGS,
    "exits.tables": FLAGS,
    "exits.indexed": FLAGS,
    "completions.*": Rule(CALLABLE),
    "checks.*": Rule(CALLABLE),
    "names_areas_by.*": Rule(FIELD, type=WORDS),
    "units.code": Rule(FIELD, needed=True, public=True, type=WORDS),
    "units.name": Rule(FIELD, needed=True, public=True, type=WORDS),
    "units.kind": Rule(FIELD, needed=True, public=True, type=CODED),
    "units.is_current": Rule(FIELD, needed=True, public=True, type=YES_NO),
    "units.successors": Rule(FIELD, needed=True, public=True, type=WORDS),
    "lies_in.name": Rule(FIELD, public=True, type=WORDS),
    "lies_in.code": Rule(FIELD, public=True, type=WORDS),
    "lies_in.today": Rule(FIELD, public=True, type=WORDS),
    "lies_in.today_code": Rule(FIELD, public=True, type=WORDS),
    "lies_in.is_wide": FLAGS,
    "lies_in.of.0": Rule(DATASET),
    "lies_in.of.1": Rule(THEIR_FIELD, of="lies_in.of.0"),
    "lies_in.group": Rule(GROUP, of="parts.fact_groups"),
    "map.colour": Rule(COLOUR, needed=True),
    "map.style.kind": Rule(STYLE),
    "map.style.colour_by": Rule(FIELD, public=True, type=CODED, in_tiles="map.tiles.minzoom"),
    "map.style.colours.keys": Rule(CODE, of="map.style.colour_by"),
    "map.style.colours.values": Rule(COLOUR),
    "map.style.dashed.*": Rule(CODE, of="map.style.colour_by"),
    "map.style.is_headline": FLAGS,
    "map.style.label.*": Rule(FIELD, public=True, type=ONE_VALUE, in_tiles="map.style.label_from"),
    "map.style.label_from": Rule(ZOOM),
    "map.style.selected": Rule(COLOUR),
    "map.tiles.minzoom": Rule(ZOOM),
    "map.tiles.maxzoom": Rule(ZOOM),
    "map.tiles.counts_by": Rule(FIELD, public=True, type=WORDS),
    "map.tiles.counts_from": Rule(ZOOM),
    "map.tiles.sheets_by.*": Rule(FIELD, public=True, type=WORDS),
    "map.tiles.sheets_from": Rule(ZOOM),
    "map.tiles.blocks_from": Rule(ZOOM),
    "map.tiles.gathered_to": Rule(ZOOM),
    "map.tiles.least": Rule(FIELD, public=True, type=NUMBER, in_tiles="map.tiles.minzoom"),
    "map.tiles.least_of.*": Rule(CODE, of="map.style.colour_by"),
    "map.tiles.together.0": Rule(NEIGHBOUR),
    "map.tiles.together.1": Rule(FIELD, public=True, type=WORDS),
    "map.tiles.together.2": Rule(THEIR_FIELD, of="map.tiles.together.0"),
    "map.drawn_with.0": Rule(DATASET),
    "map.drawn_with.1": Rule(THEIR_FIELD, of="map.drawn_with.0"),
    "lists.headed.by": Rule(FIELD, needed=True, public=True, type=CODED),
    "lists.headed.headings.*.label": Rule(TEXT, needed=True),
    "lists.headed.headings.*.codes.*": Rule(CODE, of="lists.headed.by"),
    "lists.headed.rest.label": Rule(TEXT, needed=True),
    "lists.headed.rest.codes.*": Rule(CODE, of="lists.headed.by"),
    "lists.lookups.*.name": Rule(PARAMETER, needed=True),
    "lists.lookups.*.label": Rule(TEXT, needed=True),
    "lists.lookups.*.read": Rule(CALLABLE, needed=True),
    "lists.lookups.*.kind": Rule(CHOICE, among=("text", "date")),
    "lists.lookups.*.is_last": FLAGS,
    "lists.beside.dataset": Rule(NEIGHBOUR),
    "lists.beside.by": Rule(FIELD, needed=True, public=True, type=WORDS),
    "lists.beside.fields.*": Rule(THEIR_FIELD, needed=True, of="lists.beside.dataset"),
    "lists.sorts.*": Rule(FIELD, public=True, type=ONE_VALUE),
    "lists.has_pictures": FLAGS,
    "lists.spoken.called": Rule(TEXT),
    "lists.spoken.example": Rule(TEXT),
    "lists.spoken.days.*": Rule(FILTER),
    "lists.spoken.phrases.*.0": Rule(TEXT),
    "lists.spoken.phrases.*.1": Rule(FILTER),
    "lists.spoken.phrases.*.2": Rule(TEXT),
    "search.keeps_words": FLAGS,
    "search.counts_lists": FLAGS,
    "search.comes_first": FLAGS,
    "search.codes.*": Rule(FIELD, public=True, type=WORDS),
    "search.places.*": Rule(FIELD, public=True, type=WORDS),
    "search.address": Rule(FIELD, public=True, type=WORDS),
    "search.called": Rule(TEXT),
    "search.units": Rule(CALLABLE),
    "numbers.sheet": Rule(FIELD, public=True, type=WORDS),
    "numbers.parcel": Rule(FIELD, public=True, type=WORDS),
    "numbers.are_own": FLAGS,
    "parts.head.*.0": Rule(TEMPLATE),
    "parts.head.*.1": Rule(CALLABLE),
    "parts.page.*.0": Rule(TEMPLATE),
    "parts.page.*.1": Rule(CALLABLE),
    "parts.home.*.0": Rule(TEMPLATE),
    "parts.home.*.1": Rule(CALLABLE),
    "parts.list.*.0": Rule(TEMPLATE),
    "parts.list.*.1": Rule(CALLABLE),
    "parts.facts": Rule(CALLABLE),
    "parts.contradictions": Rule(CALLABLE),
    "parts.explained_in": Rule(FIELD, public=True, type=WORDS),
    "parts.fact_groups.*": Rule(TEXT),
    "theme.fields.*": Rule(FIELD, public=True),
    "theme.pending.0": Rule(FIELD, public=True, type=CODED),
    "theme.pending.1.*": Rule(CODE, of="theme.pending.0"),
    "state.field": Rule(FIELD, public=True, type=CODED),
    "state.turns.*.code": Rule(CODE, needed=True, of="state.field"),
    "state.turns.*.reported.*": Rule(CODE, of="state.field"),
    "state.turns.*.at": Rule(MOMENT),
    "state.turns.*.theirs.*": Rule(THEIR_CODE, of="state.beside.0"),
    "state.turns.*.is_last_day": FLAGS,
    "state.beside.0": Rule(NEIGHBOUR),
    "state.beside.1": Rule(FIELD, public=True, type=WORDS),
    "state.unreported.*": Rule(CODE, of="state.field"),
    "moments": Rule(CALLABLE),
    "coverage_field": Rule(FIELD, public=True, type=WORDS),
    "surveyed_field": Rule(FIELD, public=True, type=DAY),
    "drawn_at.scale": Rule(FIELD, public=True, type=NUMBER),
    "drawn_at.use": Rule(FIELD, public=True, type=CODED),
    "period.*": Rule(FIELD, public=True, type=DAY),
}
