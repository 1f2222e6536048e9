"""What tells one parcel from another: a rule of the country, which its package registers.

Without one the authority's own identifier is the identity, as in France or the United States.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

Decoder = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Scheme:
    """The rule of a country.

    `fields` make the ref; `optional` ones are added to it where they are filled. `place_of` gives for parcel codes
    the points they were made from, an array (n, 2) of longitude and latitude with NaN for what is no code.
    `forms` are expressions of how the values of a field look. `withheld_uses` are the land uses whose parcels nobody outside may see.
    """

    fields: tuple[str, ...] = ("parcel_code",)
    optional: tuple[str, ...] = ()
    place_of: Decoder | None = None
    forms: Mapping[str, str] = field(default_factory=dict)
    withheld_uses: frozenset[str] = frozenset()


_scheme = Scheme()


def use(scheme: Scheme) -> None:
    """Make this the rule of the installation."""
    global _scheme  # noqa: PLW0603 -- one installation has one rule
    _scheme = scheme


def current() -> Scheme:
    return _scheme
