"""Findings that wait on disk: a source with an issue in every row takes as much memory as one without."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType

from landgis.changes.issues import Finding


class FindingSpool:
    """Findings in the order in which they were met. The file has no name and is gone when it is closed.

    All are met before the first is stored: COPY, and what is asked by the checks or staged meanwhile, need one connection.
    """

    def __init__(self, findings: Iterable[Finding] = ()):
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 -- closed by `__exit__`
        self.extend(findings)

    def __enter__(self) -> "FindingSpool":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def append(self, finding: Finding) -> None:
        said = [finding.code, finding.row, finding.ref, finding.field, dict(finding.params)]
        self._file.write(json.dumps(said) + "\n")

    def extend(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.append(finding)

    def __iter__(self) -> Iterator[Finding]:
        self._file.seek(0)
        for line in self._file:
            yield Finding(*json.loads(line))
