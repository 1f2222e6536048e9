"""The readers that know no country, in the order in which they are tried."""

from landgis.search.answers import register_guess, register_reader


def register() -> None:
    from landgis.search.readers import (
        addresses,
        codes,
        coordinates,
        days,
        elsewhere,
        links,
        numbers,
        places,
        said,
        subjects,
        uses,
    )

    register_reader(10, links.read)
    register_reader(20, coordinates.read_degrees)
    register_reader(30, coordinates.read_grid)
    register_reader(40, codes.read)
    register_reader(55, said.read)
    register_reader(60, numbers.read)
    register_reader(65, days.read)
    register_reader(70, addresses.read)
    register_reader(80, uses.read)
    register_reader(85, subjects.read)
    register_reader(90, places.read)
    register_reader(95, elsewhere.read)
    register_guess(codes.guess)
    register_guess(places.guess)
