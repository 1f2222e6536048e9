"""Amounts of money in the reader's language. Which money it is, a country's package says."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label
from landgis.lib import numerals

# From the largest: size, name, decimals that are shown.
SCALES = ((10**9, _("billion"), 3), (10**6, _("million"), 1))


@dataclass(frozen=True)
class Currency:
    """How amounts of a currency are written; without a country they stand alone.

    `symbol` is the same in all languages, `unit` stands behind figures and heads their columns. `%(amount)s` is an
    amount in words: in `sentence` among other words, in `headline` where it is clear that money is meant.
    """

    symbol: str = ""
    unit: Label = ""
    sentence: Label = "%(amount)s"
    headline: Label = "%(amount)s"


_currency = Currency()


def use(currency: Currency) -> None:
    """Make this the currency of the installation."""
    global _currency  # noqa: PLW0603 -- one installation has one currency
    _currency = currency
    numerals.add_money(currency.symbol)


# The unit of a field that holds money: read when it is shown, as a country may come after the declaration.
UNIT = lazy(lambda: str(_currency.unit), str)()


def symbol() -> str:
    """What stands with an amount in all languages; empty without a country."""
    return _currency.symbol


def short_amount(amount: int | float | Decimal) -> str:
    """An amount from a million on in its largest scale: 1240000000 is "1.24 billion" in English.

    Billions are shown to the million, millions to the hundred thousand; what is less is written in full.
    """
    for size, name, decimals in SCALES:
        scaled = _rounded(Decimal(amount) / size, decimals)
        if abs(scaled) >= 1:
            return f"{_figure(scaled)} {name}"
    return _figure(_rounded(Decimal(amount), 0))


def exactly(amount: int | float | Decimal) -> str:
    """As `short_amount` with its currency where that leaves nothing out, else in full."""
    number = Decimal(amount)
    size, decimals = next(((size, decimals) for size, _name, decimals in SCALES if abs(number) >= size), (1, 0))
    is_whole = _rounded(number / size, decimals) == number / size
    return str(_currency.sentence) % {"amount": short_amount(number) if is_whole else _figure(number)}


def in_sentence(amount: int | float | Decimal) -> str:
    """The same with its currency."""
    return str(_currency.sentence) % {"amount": short_amount(amount)}


def in_headline(amount: int | float | Decimal) -> str:
    """The same with as much of the currency as a headline needs."""
    return str(_currency.headline) % {"amount": short_amount(amount)}


def in_figures(amount: int | Decimal) -> str:
    """A whole amount in a form that all languages read alike."""
    return f"{int(amount):,} {_currency.symbol}".strip().replace(",", "\xa0")


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _figure(number: Decimal) -> str:
    return number_format(number.normalize(), force_grouping=True)
