"""The rows of the table: what was measured, the bound of each, and whether it is met."""

import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from psycopg import sql

from landgis.catalog import published, registry
from landgis.catalog.queries import fetch
from landgis.lib.webmap import EQUATOR_M
from landgis.tiles.store import Key
from tests.benchmarks.meters import Road, Taken
from tests.benchmarks.roads import DATASET

BANDS = {"z10-12": (10, 11, 12), "z13-15": (13, 14, 15), "z16-17": (16, 17)}
A_ZOOM = 12  # tiles of a zoom that are asked for in a round
NAIVE = 2  # a plain query of these takes seconds


@dataclass
class Table:
    """What was measured of each road in each band; `say` prints a row."""

    tell: Callable[[str], None]
    keys: dict[str, list[Key]]
    taken: dict[tuple[str, str], list[Taken]] = field(default_factory=dict)

    def measure(self, all_roads: Mapping[str, Road], rounds: int) -> None:
        """All roads in turns, so that what else the machine does is shared by all."""
        for _ in range(rounds):
            for name, road in all_roads.items():
                for band in road.bands:
                    keys = self.keys[band][:NAIVE] if road.is_slow else self.keys[band]
                    self.taken.setdefault((name, band), []).append(road.take(keys))

    def ms(self, road: str, band: str, part: str = "whole_ms") -> float:
        """Milliseconds of the processor for a tile, in the median of all rounds."""
        return statistics.median(getattr(one, part) for one in self.taken[road, band])

    def sizes(self, road: str, band: str) -> list[int]:
        return [size for one in self.taken[road, band] for size in one.sizes]

    def late_ms(self, road: str, band: str) -> float:
        """How long nineteen in twenty waited at most, in the median of all rounds."""
        return statistics.median(sorted(one.waits_ms)[len(one.waits_ms) * 19 // 20] for one in self.taken[road, band])

    def say(self, row: str, bound: str, figure: str, is_met: bool | None) -> None:
        met = {True: "met", False: "NOT MET", None: "-"}[is_met]
        self.tell(f"| {row} | {bound} | {figure} | {met} |")

    def say_times(self, row: str, least: float, times: float, more: str) -> None:
        self.say(row, f"{least:g}x", f"{times:.2f}x ({more})", times >= least)

    def dynamic(self) -> None:
        """Tiles that are cut for their reader, beside a plain query."""
        for band, alone, whole in (("z16-17", 1.7, 1.7), ("z13-15", None, 1.5)):
            if alone:
                plain, ours = (self.ms(road, band, "database_ms") for road in ("plain", "ours, SQL"))
                self.say_times(f"dynamic {band}, SQL alone", alone, plain / ours, f"{ours:.2f} of {plain:.2f} CPU ms")
            plain, ours = self.ms("plain", band), self.ms("ours, cut", band)
            self.say_times(f"dynamic {band}, whole HTTP path", whole, plain / ours, f"{ours:.2f} of {plain:.2f} CPU ms")
        mean = statistics.mean(self.sizes("ours, cut", "z13-15")) / 1000
        self.say("dynamic z13-15, mean tile, raw", "90 kB at most", f"{mean:.0f} kB", mean <= 90)
        late, largest = self.late_ms("ours, cut", "z10-12"), max(self.sizes("ours, cut", "z10-12")) / 1000
        self.say("dynamic z10-12, p95", "30 ms at most", f"{late:.0f} ms", late <= 30)
        self.say("dynamic z10-12, largest tile, raw", "100 kB at most", f"{largest:.0f} kB", largest <= 100)
        plain, ours = self.ms("plain, all", "z10-12"), self.ms("ours, cut", "z10-12")
        self.say_times("dynamic z10-12 against all parcels", 100, plain / ours, f"{ours:.2f} of {plain:.0f} CPU ms")

    def stored(self) -> None:
        """Tiles that are stored, beside files."""
        ours, cut, known = (self.ms(road, "z16-17") for road in ("ours, stored", "ours, cut", "ours, 304"))
        if ("nginx, any file", "z16-17") in self.taken:
            any_file, tile = (self.ms(road, "z16-17") for road in ("nginx, any file", "nginx, tile"))
            self.say_times(
                "stored tile, nginx", 0.9, any_file / tile, f"{any_file:.3f} of {tile:.3f} CPU ms for any file"
            )
            self.say_times("stored tile, the application", 0.35, any_file / ours, f"{ours:.3f} CPU ms over HTTP")
        else:
            self.say("stored tile, nginx and the application", "0.9x, 0.35x", "nginx is not installed", None)
        self.say_times("304 of a stored tile against cutting it", 10, cut / known, f"{known:.3f} of {cut:.2f} CPU ms")
        self.say(
            "304 of a stored tile against sending it",
            "-",
            f"{ours / known:.2f}x ({known:.3f} of {ours:.3f} CPU ms)",
            None,
        )

    def peers(self, names: Sequence[str]) -> None:
        """Servers of others, with what landgis stores and with what it cuts."""
        for name in names:
            for band in ("z13-15", "z16-17"):
                theirs, stored, cut = self.ms(name, band), self.ms("ours, stored", band), self.ms("ours, cut", band)
                self.say_times(f"{name}, {band}, stored tiles counted", 20, theirs / stored, f"{theirs:.1f} CPU ms")
                self.say_times(f"{name}, {band}, dynamic alone", 1.5, theirs / cut, f"{cut:.1f} of {theirs:.1f} CPU ms")


def tiles_of(zooms: Sequence[int]) -> list[Key]:
    """Tiles in which parcels lie, drawn by parcels as readers would: more of the town; the same for the same cadastre."""
    rows = published.tile_table(registry.get(DATASET))
    found = fetch(
        sql.SQL("SELECT ST_X(place) AS x, ST_Y(place) AS y FROM {} ORDER BY md5(ref) LIMIT 3000").format(rows), []
    )
    drawn, keys = random.Random(1), []
    for z in zooms:
        side = EQUATOR_M / 2**z
        there = list(
            dict.fromkeys(
                (z, int((one["x"] + EQUATOR_M / 2) // side), int((EQUATOR_M / 2 - one["y"]) // side)) for one in found
            )
        )
        keys += there[:A_ZOOM]
    drawn.shuffle(keys)
    return keys
