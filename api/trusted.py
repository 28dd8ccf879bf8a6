"""Documents that clients name by an id: the manifests that their generators wrote when they were built."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import orjson
from graphql import GraphQLError

from api.answers import refused
from kit.errors import SetupError
from realtime.operations import Request

NOT_FOUND, ONLY = "PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_REQUIRED"


class TrustedDocuments:
    """The documents of the manifests, by id."""

    def __init__(self, documents: Mapping[str, str], *, only: bool = False) -> None:
        """Take the documents. With `only`, no other runs, whoever sends it."""
        self._documents, self._texts, self._only = documents, frozenset(documents.values()), only

    @classmethod
    def read(cls, place: Path | None, *, only: bool) -> Self:
        """Read a manifest, or all of a folder. Raises SetupError."""
        if place is None:
            if only:
                raise SetupError(message="PERSISTED_DOCUMENTS_ONLY needs PERSISTED_DOCUMENTS: name the manifests.")
            return cls({})
        files = sorted(place.glob("*.json")) if place.is_dir() else [place]
        documents: dict[str, str] = {}
        for file in files:
            for key, text in _documents_in(file):
                if documents.setdefault(key, text) != text:
                    raise SetupError(message=f"{file}: the id {key[:80]} has another document in another manifest.")
        if not documents:
            raise SetupError(message=f"PERSISTED_DOCUMENTS: there is no manifest with documents in {place}.")
        return cls(documents, only=only)

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
