"""The words of the map's scripts, in the reader's language."""

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from landgis.catalog.codelists import Label

MESSAGES: dict[str, Label] = {
    "attribution": _("Sources of the map"),
    "base_map": _("Base map"),
    "changed": _("This has just changed; here is its new state."),
    "changed_page": _("What is published here has just changed. Load the page anew"),
    "changed_unread": _("There was a change just now: what stands here may be out of date."),
    "close": _("Close"),
    "copied": _("Copied"),
    "copy": _("Copy"),
    "ctrl_scroll": _("Use Ctrl and the wheel to zoom the map"),
    "directions": _("Directions"),
    "gone": _("This is no longer published here."),
    "ground": _("Ground"),
    "ground_withheld": _("Images and the base map do not show the ground of this block: it is withheld."),
    "here": _("At this place"),
    "inset": _("Go to {name}"),
    "loading": _("The map is loading…"),
    "locate": _("Show my location"),
    "locate_failed": _("The location is not available"),
    "locate_refused": _("Your location was not given. Allow it for this site in the browser."),
    "located": _("Your location is known to within {metres} m."),
    "made_up": pgettext_lazy("behind a date", "made-up data"),
    "map": _("Map"),
    "map_help": _("Arrow keys move it, plus and minus zoom, Enter says what is at the centre."),
    "other_numbers": _("{first}; other groups on the map: {count}"),
    "more": _("and {count} more; zoom in to tell them apart"),
    "move": _("Move the map"),
    "no_scene": _("no image"),
    "no_scene_here": _("no image here"),
    "no_webgl": _("This device cannot draw the live map."),
    "as_picture": _("It is shown as a picture; all facts are in the lists."),
    "nothing_here": _("Nothing published at this place."),
    "plane_place": _("N {north} · E {east}"),
    "real_ground": _("Made-up data are not drawn over a real base map."),
    "reset": _("Show everything"),
    "resolution": _("{metres} m per pixel"),
    "scene": _("Image"),
    "scene_of": _("Satellite image {date}"),
    "scene_until": _("up to {date}"),
    "scenes": _("Satellite image"),
    "scenes_none": _("Show no image"),
    "tiles_failed": _("A part of the map could not be loaded. The list still works."),
    "to_east": _("To the east"),
    "to_north": _("To the north"),
    "to_south": _("To the south"),
    "to_west": _("To the west"),
    "two_fingers": _("Use two fingers to move the map"),
    "zoom_in": _("Zoom in"),
    "zoom_out": _("Zoom out"),
}
# Of the tools (static/js/tools/), which large maps have.
TOOLS: dict[str, Label] = {
    "add": _("Add point"),
    "add_centre": _("Add the centre of the map"),
    "all_tools": _("All tools"),
    "area": _("Area"),
    "around": _("around"),
    "clear": _("Clear"),
    "compare": _("Compare two dates"),
    "compare_help": _("Drag the line on the map, or move it with the arrow keys."),
    "compare_left": _("On the left"),
    "compare_none": _("There is no second image to compare with."),
    "compare_right": _("On the right"),
    "compare_slider": _("Line between the two images"),
    "compare_value": _("{percent} percent: {left} on the left, {right} on the right"),
    "copy_code": _("Copy the code"),
    "copy_link": _("Copy the link"),
    "crosses_itself": _("The line crosses itself: the area means nothing."),
    "geodesic": _("On the ground (geodesic)"),
    "landscape": _("landscape"),
    "length": _("Length"),
    "measure": _("Measure length and area"),
    "measure_area_help": _("Click at least three corners on the map, or add them below."),
    "measure_failed": _("The measure could not be computed. Try again."),
    "measure_length_help": _("Click at least two points on the map, or add them below."),
    "portrait": _("portrait"),
    "print": _("Print to scale"),
    "print_help": _("The frame on the map shows what the sheet will show. Move the map under it."),
    "print_make": _("Make the PDF"),
    "print_paper": _("Paper"),
    "print_scale": _("Scale"),
    "share": _("Share this view"),
    "share_embed": _("Code for another page"),
    "share_link": _("Link to this view"),
    "share_own": _("Share…"),
    "share_qr": _("The code opens this view on a phone."),
    "tools": _("Map tools"),
    "typed_example": _("10.496, 107.170 or 1160772.91 436318.32"),
    "typed_place": _("Add a point by its coordinates"),
    "typed_wrong": _("Write two numbers: latitude and longitude, or north and east."),
    "undo": _("Undo"),
}


def opens(counted: Label) -> str:
    """What is said of what stands for many, with {number} in it."""
    return _("{number} {counted}: zoom in").replace("{counted}", str(counted))


def messages(*, with_tools: bool) -> dict[str, str]:
    return {name: str(text) for name, text in (MESSAGES | TOOLS if with_tools else MESSAGES).items()}


def plane_place(east: float, north: float) -> str:
    """Coordinates of a legal system in the reader's words; to the centimetre."""
    figures = {"north": number_format(round(north, 2), 2, force_grouping=True)}
    figures["east"] = number_format(round(east, 2), 2, force_grouping=True)
    return str(MESSAGES["plane_place"]).format(**figures)
