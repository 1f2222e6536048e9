"""Random histories of plots: made through change sets, and remembered in plain Python to compare with."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests import samples

REVISIONS = 12
FEATURES = 30
NAMES = ["Đất công Bà Rịa", 'Khu đất Ð\'ầm "Sen"', "Bãi biển", "Lô %s {x}", "Vườn; --", "日本"]
COMMUNES = ["Long Sơn", "Xuyên Mộc", None]


@dataclass
class History:
    """What was in force after each revision, as the change sets said it; `states[0]` is the time before."""

    states: list[dict[str, samples.Plot]] = field(default_factory=lambda: [{}])

    @property
    def newest(self) -> int:
        return len(self.states) - 1

    @property
    def refs(self) -> list[str]:
        return sorted({ref for state in self.states for ref in state})

    def is_public_now(self, ref: str) -> bool:
        """What the last row of the feature says holds for all its past."""
        return next(state[ref]["is_public"] for state in reversed(self.states) if ref in state)

    def public(self, number: int) -> dict[str, samples.Plot]:
        """The plots that a reader may see of the state after a revision, by ref."""
        return {
            ref: one for ref, one in sorted(self.states[number].items()) if one["is_public"] and self.is_public_now(ref)
        }

    def since(self, ref: str, number: int) -> int:
        """The revision from which the row that is in force after `number` says what it says."""
        while number > 1 and self.states[number - 1].get(ref) == self.states[number][ref]:
            number -= 1
        return number

    def follow(self, state: Iterable[samples.Plot]) -> int:
        """Put the next state in force; the revision it becomes."""
        plots = list(state)
        number = samples.the_whole_state(plots)
        self.states.append({one["plot_code"]: one for one in plots})
        assert number == self.newest
        return number


def random_history(seed: int) -> History:
    """Additions, changes, retirements, returns, and plots hidden and shown, revision after revision."""
    drawn = random.Random(seed)
    history = History()
    while history.newest < REVISIONS:
        state = dict(history.states[-1])
        for number in drawn.sample(range(FEATURES), drawn.randint(3, 14)):
            _change(drawn, state, number)
        if state and state != history.states[-1]:
            history.follow(state.values())
    return history


def _change(drawn: random.Random, state: dict[str, samples.Plot], number: int) -> None:
    ref = samples.plot(number)["plot_code"]
    if ref not in state:
        state[ref] = _new(drawn, number)
        return
    what = drawn.choice(["retire", "hide or show", "hide or show", "say something else"])
    if what == "retire":
        del state[ref]
    elif what == "hide or show":
        state[ref] = {**state[ref], "is_public": not state[ref]["is_public"]}
    else:
        state[ref] = {**_new(drawn, number), "is_public": state[ref]["is_public"]}


def _new(drawn: random.Random, number: int) -> samples.Plot:
    west, south, east, north = samples.plot(number)["box"]
    values: dict[str, Any] = {
        "name": drawn.choice(NAMES),
        "commune_name": drawn.choice(COMMUNES),
        "area_legal_m2": Decimal(drawn.randint(1, 10**6)) / 10,
        "is_public": drawn.random() < 0.8,
        "box": (west, south, east, north - drawn.choice([0, 0.0001, 0.0002])),
    }
    return samples.plot(number, **values)
