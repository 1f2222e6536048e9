"""Rows from a running server, by its pages for programs and its GeoJSON exit."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urljoin

from landgis.analysis import filters as filtering
from landgis.analysis.source import AsOf, Schema, Selection, unknown

SECONDS = 120  # without a byte
NOT_FOUND, WRONG = 404, 400


class Server:
    """The public addresses of a server, such as http://127.0.0.1:8000. Nobody signs in."""

    def __init__(self, address: str):
        self.address = address.rstrip("/")

    def schemas(self) -> list[Schema]:
        return self.json("/datasets.json")["datasets"]

    def schema(self, name: str) -> Schema:
        return self._document(name, None)

    def read(self, name: str, filters: Mapping[str, Any], as_of: AsOf) -> Selection:
        while True:
            selection = self._read(self._document(name, as_of), name, filters, as_of)
            # What is now cannot be asked for by the number of a revision, which gives what was reported then: where
            # something was published in between, once more.
            if as_of is not None or selection.schema["state"] == self._document(name, None)["state"]:
                return selection

    def _read(self, document: Schema, name: str, filters: Mapping[str, Any], as_of: AsOf) -> Selection:
        if "geojson" not in document["links"]:
            raise LookupError(f"The office has not opened the rows of {name} as GeoJSON: ask it, or read its database.")
        revision = document["revision"]
        asked = filtering.written(document, filters)
        if revision is None:
            return Selection(document, None, [])
        # Of the state that the document speaks of, whatever is published meanwhile.
        query = urlencode({**asked, **({} if as_of is None else {"as_of": document["state"]})}, doseq=True)
        collection = self.json(f"{document['links']['geojson']}?{query}")
        return Selection(document, revision, collection["features"])

    def json(self, path: str) -> Any:
        return json.loads(self.get(path) or b"null")

    def get(self, path: str) -> bytes:
        """The body of an answer, empty where the server has nothing there.

        Raises LookupError for an address that does not exist, ValueError with the server's words for a question that
        it cannot understand, ConnectionError where nobody answers.
        """
        url = urljoin(self.address + "/", path)
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{self.address} is no address of a server: write http://HOST:PORT.")
        try:
            with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310  # looked at above
                body: bytes = answer.read()
                return body
        except urllib.error.HTTPError as error:
            raise _refused(url, error) from None
        except urllib.error.URLError as error:
            raise ConnectionError(f"Nobody answers at {self.address} ({error.reason}): does the server run?") from None

    def _document(self, name: str, as_of: AsOf) -> Schema:
        query = "" if as_of is None else f"?{urlencode({'as_of': as_of})}"
        try:
            found: Schema = self.json(f"/datasets/{name}.json{query}")
        except LookupError:
            raise unknown(name, [one["name"] for one in self.schemas()]) from None
        return found


def _refused(url: str, error: urllib.error.HTTPError) -> Exception:
    """The server's answer as an exception; a problem+json says what to do."""
    try:
        told = json.loads(error.read())
        words = " ".join(told[key] for key in ("title", "detail", "remedy") if told.get(key))
    except (ValueError, AttributeError, KeyError):
        words = ""
    if error.code == NOT_FOUND:
        return LookupError(f"There is nothing at {url}.")
    if error.code == WRONG:
        return ValueError(words or f"{url} cannot be understood.")
    return ConnectionError(f"{url} answered {error.code}. {words}".strip())
