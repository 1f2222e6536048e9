"""What an address knows beside its path: declared once at its view, and held to before the view answers.

`knows` stands at every view of every exit. What comes through has known names only, in one order: each value once, those
of one parameter in the order of their letters, nothing that is empty or says nothing of the page. So whatever is made of
the query (links, keys of caches) is the same for the same question.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from landgis.lib.added import is_added
from landgis.lib.filters import FilterError, no_such_value
from landgis.lib.nearness import nearest

NEAR = 3


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address.

    Several values of `is_many` mean any of them. Where it `has_default`, an empty value says that nothing is chosen, or all; of
    others it says nothing. With `values` there are no others; `choices` gives them where they are to be asked for.
    """

    name: str
    is_many: bool = False
    has_default: bool = False
    values: tuple[str, ...] = ()
    choices: Callable[[], Sequence[str]] | None = None


LANG = Parameter("lang", values=tuple(code for code, _title in settings.LANGUAGES))

# Gives parameters for what the path names: it takes what the view takes behind the request.
Source = Callable[..., Iterable[Parameter]]
View = Callable[..., Any]


class UnknownParameter(FilterError):
    """An address does not know the parameter; `near` are those that may be meant, `known` all that it knows."""

    def __init__(self, name: str, known: Iterable[str]):
        self.known = tuple(known)
        near = nearest(name, self.known, NEAR)
        if near:
            text = _("This address knows no parameter of that name. The nearest are: %(names)s.")
        elif self.known:
            text = _("This address knows no parameter of that name. It knows: %(names)s.")
        else:
            text = _("This address knows no parameters.")
        super().__init__(name, text, {"names": ", ".join(near or self.known)}, near=near)


def knows(*parts: str | Parameter | Source, is_page: bool = False) -> Callable[[View], View]:
    """A view whose address knows these parameters and no others.

    A page leaves alone what messengers and mail add to an address that is sent on; a program gets what it asked for. Where
    the address knows `lang`, the answer is in that language. The view raises UnknownParameter, and FilterError for a
    value that is none of the parameter's or for two where one is meant.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            known = {one.name: one for one in _declared(parts, args)}
            if LANG.name in known and request.GET.get(LANG.name) in LANG.values:
                translation.activate(request.GET[LANG.name])
            request.GET = understood(request.GET, known, is_page=is_page)  # type: ignore[assignment]
            return view(request, *args, **kwargs)

        answered.knows = parts  # type: ignore[attr-defined]
        answered.is_page = is_page  # type: ignore[attr-defined]
        return answered

    return decorated


def _declared(parts: Iterable[str | Parameter | Source], args: tuple[Any, ...]) -> Iterator[Parameter]:
    for part in parts:
        if isinstance(part, Parameter):
            yield part
        elif isinstance(part, str):
            yield Parameter(part)
        else:
            yield from part(*args)


def understood(query: QueryDict, known: Mapping[str, Parameter], *, is_page: bool) -> QueryDict:
    """The query as it is meant, in its one order. Raises FilterError."""
    meant = QueryDict(mutable=True)
    for name in sorted(query):
        if name in known:
            if texts := _texts(known[name], query.getlist(name)):
                meant.setlist(name, texts)
        elif not (is_page and is_added(name)):
            raise UnknownParameter(name, known)
    meant._mutable = False
    return meant


def _texts(parameter: Parameter, given: list[str]) -> list[str]:
    """What is said of one parameter. Raises FilterError."""
    texts = [text for text in given if text.strip()]
    if parameter.is_many:
        texts = sorted({text.strip() for text in texts})
    elif len(texts) > 1:
        raise FilterError(parameter.name, _("It is there more than once, and can have one value only."))
    values = parameter.choices() if parameter.choices and texts else parameter.values
    for text in texts if values else ():
        if text not in values:
            raise no_such_value(parameter.name, text, values).in_words(_)
    return texts or ([""] if parameter.has_default and given else [])
