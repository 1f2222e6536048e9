"""Marks in `raw` of an item: what its source says of it beside the values."""

CUT = "landgis:cut"  # the fields whose text the source may have cut off
KEPT = "landgis:kept"  # those that it leaves as they are in force, whatever others of the change set bring
RETIRES = "landgis:retires"  # it retires its feature
BASE = "landgis:base"  # the from_revision of the state that its author saw, 0 where none was in force
REASON = "landgis:reason"  # why it takes its feature from the public, in words for everybody
