"""Which text the bytes of a file are, field by field: guessed by how a language looks, and shown before and after.

Formats that leave it open (.dbf, CSV) give bytes. Formats that do not (GeoPackage, XLSX) may still hold text that
an older program took for CP1252 when it wrote the file; such a field is read once more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from landgis.ingest.errors import FileError
from landgis.ingest.files import OpenFile
from landgis.lib import text

SAMPLES = 3
MAX_JUDGED = 400
FEW = 3
DEFAULT = "UTF-8"


@dataclass(frozen=True)
class FieldText:
    """How one field is read: `encoding` None where its text is right as it stands."""

    encoding: str | None
    score: float
    samples: tuple[tuple[str, str], ...] = ()


def of_fields(source: OpenFile, said: str | None) -> dict[str, FieldText]:
    """Raw heading -> how its text is read, for every field that holds more than ASCII.

    `said` is the operator's choice and holds for all. Raises FileError when there is no such encoding.
    """
    if said:
        must_be_known(said)
    given = {name: _texts(source, at) for at, name in enumerate(source.raw_names)}
    given = {name: texts for name, texts in given.items() if texts}
    if said:
        return {name: _shown(texts, said, 1.0) for name, texts in given.items()}
    if not source.text_is_bytes:
        return {name: one for name, texts in given.items() if (one := _mistaken(texts)) is not None}
    found = {name: _guess(texts, source.content.said_encoding) for name, texts in given.items()}
    usual = Counter(one.encoding for name, one in found.items() if len(given[name]) >= FEW).most_common(1)
    # Two or three words can look like anything: they follow the rest of the file.
    for name, texts in given.items():
        if len(texts) < FEW and usual and _readable(texts, str(usual[0][0])):
            found[name] = _shown(texts, str(usual[0][0]), found[name].score)
    return found


def of_headings(fields: Mapping[str, FieldText], source: OpenFile, said: str | None) -> str:
    """The encoding of the headings: of a format that knows it, that in which its fields were mistaken, or they were."""
    found = of_file(fields, source, said)
    if found is not None or source.text_is_bytes:
        return found or DEFAULT
    counted = Counter(one.encoding for one in fields.values() if one.encoding)
    own = _mistaken([name for name in source.raw_names if not name.isascii()]) if not counted else None
    return counted.most_common(1)[0][0] if counted else (own.encoding if own else None) or DEFAULT


def of_file(fields: Mapping[str, FieldText], source: OpenFile, said: str | None) -> str | None:
    """The encoding of headings and of what looks like ASCII; None where the format knows."""
    if said or not source.text_is_bytes:
        return said
    counted = Counter(one.encoding for one in fields.values() if one.encoding)
    return counted.most_common(1)[0][0] if counted else _said_by(source.content.said_encoding)


def decoded(column: Sequence[Any], encoding: str | None, is_bytes: bool) -> list[Any]:
    """The values of a field as text. Bytes that are no text of the encoding become U+FFFD."""
    if encoding is None:
        return list(column)
    read = _read_bytes if is_bytes else _read_again
    return [read(value, encoding) if isinstance(value, str) and not value.isascii() else value for value in column]


def must_be_known(encoding: str) -> None:
    try:
        text.decode(b"", encoding)
    except LookupError as error:
        raise FileError("encoding-unknown", reason=error) from error


def as_report(fields: Mapping[str, FieldText], headings: Mapping[str, str]) -> list[dict[str, Any]]:
    """What was understood, for the report: heading, encoding, score, samples before and after."""
    return [
        {
            "column": headings[name],
            "encoding": one.encoding,
            "score": round(one.score, 2),
            "samples": [list(pair) for pair in one.samples],
        }
        for name, one in fields.items()
        if one.encoding
    ]


def _texts(source: OpenFile, at: int) -> list[str]:
    """Different texts of a field with more than ASCII, from the sample."""
    if source.sample is None or not pa.types.is_string(source.sample.schema.field(at).type):
        return []
    values = dict.fromkeys(source.sample.column(at).to_pylist())
    return [value for value in values if value and not value.isascii()][:MAX_JUDGED]


def _guess(texts: Sequence[str], said: str | None) -> FieldText:
    guess = text.guess([one.encode("iso-8859-1") for one in texts], _said_by(said))
    return _shown(texts, guess.encoding, guess.score)


def _mistaken(texts: Sequence[str]) -> FieldText | None:
    """Text of a format that knows its encoding, which is wrong all the same; None where it is right."""
    doubtful = [one for one in texts if _as_bytes(one) is not None]
    if not doubtful or len(doubtful) < 0.8 * len(texts):
        return None
    before = text.likeness(texts)
    guess = text.guess([raw for one in doubtful if (raw := _as_bytes(one)) is not None], "cp1252")
    if guess.encoding == "cp1252" or guess.score < text.SURE or guess.score < before + text.BETTER:
        return None
    pairs = tuple((one, _read_again(one, guess.encoding)) for one in doubtful[:SAMPLES])
    return FieldText(guess.encoding.upper(), guess.score, pairs)


def _shown(texts: Sequence[str], encoding: str, score: float) -> FieldText:
    pairs = tuple(
        (text.windows_text(one.encode("iso-8859-1", "replace")), _read_bytes(one, encoding)) for one in texts[:SAMPLES]
    )
    return FieldText(encoding.upper(), score, pairs)


def _readable(texts: Iterable[str], encoding: str) -> bool:
    return not any("\ufffd" in _read_bytes(one, encoding) for one in texts)


def _as_bytes(value: str) -> bytes | None:
    try:
        return text.windows_bytes(value)
    except UnicodeEncodeError:
        return None


def _read_bytes(value: str, encoding: str) -> str:
    try:
        return text.decode(value.encode("iso-8859-1"), encoding)
    except UnicodeError:
        return value.encode("ascii", "replace").decode().replace("?", "\ufffd")


def _read_again(value: str, encoding: str) -> str:
    raw = _as_bytes(value)
    try:
        return value if raw is None else text.decode(raw, encoding)
    except UnicodeError:
        return value


def _said_by(cpg: str | None) -> str:
    """The encoding that a .cpg file names, in whatever spelling; UTF-8 where it names none that is known."""
    digits = "".join(filter(str.isdigit, cpg or ""))
    for name in (cpg or DEFAULT, f"cp{digits}", f"iso-8859-{digits[4:]}"):
        try:
            text.decode(b"", name)
        except LookupError:
            continue
        return name.upper()
    return DEFAULT
