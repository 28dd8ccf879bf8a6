"""Documents that clients name by an id: the manifests that their generators wrote when they were built.

The board's own, GraphiQL's, and those of `@fairway/live` are always among them: their build writes them down.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import orjson
from graphql import GraphQLError

from api.answers import refused
from kit.errors import SetupError
from kit.files import PAGES
from realtime.operations import Request

OWN = PAGES / "documents.json"
NOT_FOUND, ONLY = "PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_REQUIRED"


class TrustedDocuments:
    """The documents of the manifests, by id."""

    def __init__(self, documents: Mapping[str, str], *, only: bool = False, also: Iterable[str] = ()) -> None:
        """Take the documents. With `only`, no other runs, whoever sends it, but those texts that are `also` good."""
        self._documents, self._only = documents, only
        self._texts = frozenset((*documents.values(), *also))

    @classmethod
    def read(cls, place: Path | None, *, only: bool, also: Iterable[str] = ()) -> Self:
        """Read a manifest, or all of a folder, beside the pages' own. Raises SetupError."""
        files = [] if place is None else sorted(place.glob("*.json")) if place.is_dir() else [place]
        documents: dict[str, str] = {}
        for file in files:
            for key, text in _documents_in(file):
                if documents.setdefault(key, text) != text:
                    raise SetupError(message=f"{file}: the id {key[:80]} has another document in another manifest.")
        if place is not None and not documents:
            raise SetupError(message=f"PERSISTED_DOCUMENTS: there is no manifest with documents in {place}.")
        return cls(dict(_documents_in(OWN)) | documents, only=only, also=also)

    def text_of(self, request: Request) -> str:
        """Give the document that a request asks to run. Raises OperationRefused."""
        known = request.document_id and self._documents.get(request.document_id.removeprefix("sha256:"))
        if known:
            return known
        if request.query and not (self._only and request.query not in self._texts):
            return request.query
        if request.query:
            raise refused([GraphQLError("Only listed documents run here: send the id of one.")], code=ONLY)
        raise refused([GraphQLError("There is no document with this id here: send its text.")], code=NOT_FOUND)


def _documents_in(file: Path) -> Iterable[tuple[str, str]]:
    """Read a manifest: ids with texts, as graphql-codegen, Relay and urql write it, or the list that Apollo's has."""
    try:
        found: Any = orjson.loads(file.read_bytes())
    except OSError as error:
        raise SetupError(message=f"PERSISTED_DOCUMENTS: {file} can't be read: {error.strerror}.") from None
    except orjson.JSONDecodeError:
        raise SetupError(message=f"PERSISTED_DOCUMENTS: {file} is no manifest: it is not JSON.") from None
    pairs: Any = None
    if isinstance(found, dict) and isinstance(found.get("operations"), list):
        pairs = [(one.get("id"), one.get("body")) for one in found["operations"] if isinstance(one, dict)]
    elif isinstance(found, dict):
        pairs = list(found.items())
    if pairs is None or not all(isinstance(part, str) for pair in pairs for part in pair):
        raise SetupError(message=f"PERSISTED_DOCUMENTS: {file} is no manifest: it has to give a text for each id.")
    return [(key.removeprefix("sha256:"), text) for key, text in pairs]
