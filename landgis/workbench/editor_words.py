"""The words of the map editor's scripts, in the reader's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from landgis.catalog.codelists import Label

WORDS: dict[str, Label] = {
    "add": _("Add a corner"),
    "add_left": _("Add to the left"),
    "add_right": _("Add to the right"),
    "added": _("Corner {number} was added."),
    "along": _("What else moves"),
    "along_none": _("Nothing else: no corner that a neighbour has, too, was moved."),
    "and_corner": _("and from corner"),
    "bearing": _("Bearing (°, or ° ' \")"),
    "by_bearing": _("By bearing and distance"),
    "by_distances": _("By two distances"),
    "by_numbers": _("By coordinates"),
    "checks": _("Checks while you draw"),
    "checks_failed": _("The checks cannot be asked now. What you draw stands in the form and is not lost."),
    "children": _("What would come of it"),
    "choose_first": _("Choose a corner first, on the map or in the list."),
    "chosen": _("{ref} is chosen."),
    "corners": _("Corners"),
    "cut": _("Not all neighbours are drawn here: zoom in."),
    "delete": _("Take the chosen corner away"),
    "distance": _("Distance (m)"),
    "draw_area": _("Draw another part"),
    "draw_line": _("Draw another line"),
    "draw_point": _("Put it in another place"),
    "draw_split": _("Draw the dividing line"),
    "drawing": _("Click corner by corner; a double click ends. Backspace takes the last one back, Esc stops."),
    "drawing_line": _(
        "Click from one side to another; a double click ends. Backspace takes the last corner back, Esc stops."
    ),
    "figure_area": _("Computed"),
    "figure_difference": _("Paper less computed"),
    "figure_legal": _("On paper"),
    "figure_perimeter": _("Perimeter"),
    "figure_tolerance": _("Allowed"),
    "fit": _("Show the whole"),
    "found": _("To look at: {count}"),
    "from_corner": _("From corner"),
    "go": _("Go there"),
    "ground_failed": _("The neighbours could not be asked; move the map to try again."),
    "held": _("Corner {number} is held. Arrows move it by 10 cm, with Shift 1 m, with Alt 1 cm. Enter lets go."),
    "help": _(
        "Drag a corner, or a side to add one. Alt and a click, the other button or a long press takes a corner away."
        " A chosen corner moves by the arrow keys."
    ),
    "help_merge": _("Click the neighbours that are merged with it; once more takes one out again."),
    "help_split": _("Draw a line from side to side; or choose distance or area in the form and click a side."),
    "hole": _("Cut a hole"),
    "keys": _(
        "Up and down choose; Enter holds a corner, and arrows move it: 10 cm, with Shift 1 m, with Alt 1 cm."
        " Insert adds one behind, Delete takes one away."
    ),
    "line": _("Dividing line"),
    "map": _("Map of the editor"),
    "move_along": _("Move neighbours along"),
    "moved": _("Corner {number}: X {north}, Y {east}"),
    "no_hole": _("A hole has to lie inside."),
    "no_neighbour": _("It shares no side with this one."),
    "no_scene": pgettext_lazy("of a map", "no image"),
    "not_a_place": _("These numbers lead to no place: write each so that it has one reading."),
    "nothing_drawn": _("Nothing is drawn yet."),
    "nothing_found": _("The checks find nothing."),
    "only_ring": _("It is the only part: it cannot be taken away."),
    "other_system": _("Another coordinate system was chosen. Save, and the map is drawn in it."),
    "part": _("Draw another part"),
    "put": _("Move the chosen corner here"),
    "redo": _("Do it again (Ctrl+Shift+Z)"),
    "remove": _("Take this part or hole away"),
    "removed": _("Corner {number} was taken away."),
    "ring_removed": _("The part or hole was taken away."),
    "scene": _("Image of"),
    "too_far": _("Zoom in to see the neighbours."),
    "too_few": _("Too few corners would be left."),
    "survey": _("A surveyor's file"),
    "survey_asked": _("The file leaves something open: answer, and lay it under the map once more."),
    "survey_away": _("Take it off the map"),
    "survey_cut": _("The file holds more: the nearest shapes are shown."),
    "survey_failed": _("The file could not be read just now: try again."),
    "survey_file": _("File as it is handed in (at most {most} MB); nothing of it is kept"),
    "survey_none": _("The file holds no shapes."),
    "survey_other": _("Another coordinate system"),
    "survey_page": _("Say it on a page of its own"),
    "survey_read": _("Lay it under the map"),
    "survey_system": _("Read in {system}."),
    "survey_take": _("Take over"),
    "survey_taken": _("Taken over: {name}."),
    "tools": _("Tools of the map"),
    "typed": _("Add a corner by numbers"),
    "unchosen": _("{ref} is no longer chosen."),
    "undo": _("Take it back (Ctrl+Z)"),
    "zoom_in": _("Zoom in"),
    "zoom_out": _("Zoom out"),
}


def words() -> dict[str, str]:
    return {name: str(text) for name, text in WORDS.items()}
