"""Writes and reads the index of names, which serves search, reconciliation, suggestions and the page for 404.

It is a Tantivy index with one document for each name, description and path. It lies under ``store/`` of a build, since
Tantivy gives its files random names.
"""

from __future__ import annotations

import math
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from tantivy import DocAddress, Document, Index, Occur, Query, Schema, SchemaBuilder

from missiongraph.errors import BuildError, MissiongraphError, Problem
from missiongraph.names.folding import compact, key_of, words_of
from missiongraph.names.likeness import edits_allowed

#: A word in more than this share of the names (and in more than so many) is ignored if the query has a rarer one.
_COMMON = 0.02
_FEW = 1000

#: The weight of a misspelt word in relation to a correct one.
_MISSPELT = 0.5

#: The weight of a name with all words in relation to one with some of them.
_SAME = 100.0

#: The most names of one thing, and the most characters of an IRI that is looked up.
_NAMES, _LONGEST = 10, 8000

#: The number of names that the cache holds.
_KEPT = 50_000

#: How often a copy is removed until it is gone.
_REMOVALS = 100

_HEAP_BYTES = 128 << 20

#: Folders in memory, which may be there when the usual ones for temporary files are not.
_IN_MEMORY = ("/dev/shm",)


class Kind(StrEnum):
    """The kind of a text about a thing."""

    LABEL = "label"
    ALTERNATIVE = "alternative"
    CODE = "code"
    DESCRIPTION = "description"
    PATH = "path"


class Role(StrEnum):
    """What a name belongs to: a thing with a class, a term of an ontology, a named graph, or something else."""

    THING = "thing"
    TERM = "term"
    GRAPH = "graph"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """A name, description or path (*text*) of the thing *iri*; *types* are the IRIs of its classes."""

    iri: str
    text: str
    kind: Kind
    role: Role = Role.OTHER
    types: tuple[str, ...] = ()


_FIELD = {Kind.DESCRIPTION: "about", Kind.PATH: "path"}


def _schema() -> Schema:
    builder = SchemaBuilder()
    for field in ("iri", "text", "kind", "role"):
        builder.add_text_field(field, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("type", stored=True, tokenizer_name="raw", index_option="basic")
    for field in ("key", "compact"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in ("words", "about", "path"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def write_names(folder: Path, names: Iterable[Name]) -> None:
    """Makes *folder*, and writes the index of *names* into it; texts without any word are left out.

    :raises OSError: it cannot be written, such as on a full disk
    """
    folder.mkdir()
    try:
        _write(folder, names)
    except ValueError as error:  # the library has one kind of error for all
        raise OSError(f"{folder.name}: {error}") if "IO error" in str(error) else error from None


def _write(folder: Path, names: Iterable[Name]) -> None:
    with Index(_schema(), path=str(folder)).writer(_HEAP_BYTES, 1) as writer:  # one thread keeps the order
        for name in names:
            words = words_of(name.text)
            if words:
                writer.add_document(_document(name, words))
        writer.commit()
        writer.wait_merging_threads()


def _document(name: Name, words: Sequence[str]) -> Document:
    document = Document(iri=name.iri, text=name.text, kind=name.kind.value, role=name.role.value)
    for kind in name.types:
        document.add_text("type", kind)
    document.add_text(_FIELD.get(name.kind, "words"), " ".join(words))
    if name.kind != Kind.DESCRIPTION:
        document.add_text("key", key_of(words))
        document.add_text("compact", compact(words))
    return document


class NameIndex:
    """Reads the index of a build; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Opens the index in *folder*.

        :raises BuildError: there is none
        :raises MissiongraphError: it is read-only, and there is no folder for temporary files
        """
        try:
            self._index = _open(folder)
            self._searcher = self._index.searcher()
        except (ValueError, OSError) as error:
            raise BuildError(Problem(f"cannot open the index {folder}: {error}", advice="build again")) from None
        self._schema = self._index.schema
        self._name = lru_cache(_KEPT)(self._read)  # a batch finds the same ones again and again

    def of(self, iri: str) -> list[Name]:
        """The names of *iri*."""
        return self._find(self._term("iri", iri), _NAMES, without=(Kind.PATH,)) if len(iri) < _LONGEST else []

    def types_of(self, iri: str) -> tuple[str, ...]:
        """The classes of *iri*; none if it has no name."""
        return next((name.types for name in self.of(iri)), ())

    def exact(self, words: Sequence[str], most: int, *, roles: Sequence[Role] = ()) -> list[Name]:
        """At most *most* names with the same words in any order."""
        return self._find(self._term("key", key_of(words)), most, roles, without=(Kind.PATH,))

    def like(
        self, words: Sequence[str], most: int, *, roles: Sequence[Role] = (), types: Sequence[str] = ()
    ) -> list[Name]:
        """At most *most* names with some of *words*, which may be misspelt.

        Names with the same words or letters come first, then those with rarer words.
        """
        same = _any([self._term("key", key_of(words)), self._term("compact", compact(words))])
        parts = [Query.boost_query(same, _SAME), self._words("words", words)]
        return self._find(_any(parts), most, roles, types, without=(Kind.PATH,))

    def beginning(
        self, words: Sequence[str], most: int, *, roles: Sequence[Role] = (), types: Sequence[str] = ()
    ) -> list[Name]:
        """At most *most* names with all of *words*; the last one may be the beginning of a word."""
        if not words:
            return []
        whole = [self._term("words", word) for word in words[:-1]]
        last = Query.fuzzy_term_query(self._schema, "words", words[-1], distance=0, prefix=True)
        query = Query.boolean_query([(Occur.Must, part) for part in (*whole, last)])
        return self._find(query, most, roles, types)

    def about(self, words: Sequence[str], most: int) -> list[Name]:
        """At most *most* descriptions with some of *words*."""
        return self._find(_any([self._term("about", word) for word in words]), most)

    def paths(self, words: Sequence[str], most: int) -> list[Name]:
        """At most *most* paths with some of *words*, which may be misspelt, or with the same letters."""
        same = Query.boost_query(self._term("compact", compact(words)), _SAME)
        return self._find(_any([self._words("path", words), same]), most, kinds=(Kind.PATH,))

    def _words(self, field: str, words: Sequence[str]) -> Query:
        """A query for some of *words*; all may be misspelt, and very frequent ones are left out if there are others."""
        known = {word: self._searcher.doc_freq(field, word) for word in dict.fromkeys(words)}
        most = max(_FEW, self._searcher.num_docs * _COMMON)
        rare = {word: count for word, count in known.items() if count <= most} or known
        return _any([part for word, count in rare.items() for part in self._spellings(field, word, count)])

    def _spellings(self, field: str, word: str, count: int) -> Iterable[Query]:
        if count:
            yield self._term(field, word)
        edits = min(edits_allowed(word), 1 if count else 2)  # a word of the index is hardly two errors from another
        if edits:
            weight = math.log1p(self._searcher.num_docs / (1 + count)) * _MISSPELT
            yield Query.boost_query(Query.fuzzy_term_query(self._schema, field, word, distance=edits), weight)

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value, "freq" if field in ("words", "about", "path") else "basic")

    def _find(
        self,
        query: Query,
        most: int,
        roles: Sequence[Role] = (),
        types: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
        without: Sequence[Kind] = (),
    ) -> list[Name]:
        parts = [(Occur.Must, query)]
        for field, among in (("role", roles), ("type", types), ("kind", kinds)):
            if among:
                terms = _any([self._term(field, str(value)) for value in among])
                parts.append((Occur.Must, Query.const_score_query(terms, 0.0)))
        parts += [(Occur.MustNot, self._term("kind", kind)) for kind in without]
        hits = self._searcher.search(Query.boolean_query(parts), limit=most, count=False).hits
        return [self._name(address.segment_ord, address.doc) for _, address in hits]

    def _read(self, segment: int, document: int) -> Name:
        return _name(self._searcher.doc(DocAddress(segment, document)))


def _any(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else Query.empty_query()


def _name(document: Document) -> Name:
    def first(field: str) -> str:
        return str(document.get_first(field))

    types = tuple(map(str, document.get_all("type")))
    return Name(first("iri"), first("text"), Kind(first("kind")), Role(first("role")), types)


def _open(folder: Path) -> Index:
    """Opens the index. Tantivy has to write a lock file, so of a read-only folder it opens a copy."""
    try:
        return _opened(folder)
    except (ValueError, OSError):
        if not folder.is_dir():
            raise
        refusals = []
        for place in (None, *_IN_MEMORY):
            try:
                return _opened_copy(folder, place)
            except OSError as error:
                refusals.append(error)
        why = "; ".join(map(str, refusals))
        what = f"the index of names in {folder} cannot be written to, and is copied to no folder: {why}"
        raise MissiongraphError(
            Problem(what, advice="set TMPDIR to a folder that can be written, such as a tmpfs")
        ) from None


def _opened_copy(folder: Path, place: str | None) -> Index:
    copy = Path(tempfile.mkdtemp(prefix="missiongraph-", dir=place))
    try:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        return _opened(copy)
    finally:  # its files stay mapped
        for _ in range(_REMOVALS):
            shutil.rmtree(copy, ignore_errors=True)
            if not copy.exists():
                break
            time.sleep(0.01)  # a thread of Tantivy has just locked it with a file


def _opened(folder: Path) -> Index:
    index = Index.open(str(folder))
    index.searcher()  # what fails does so here
    return index
