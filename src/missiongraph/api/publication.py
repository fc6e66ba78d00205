"""Publications as Python opens them: a folder, a build, or a site elsewhere, all with one interface."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from missiongraph.api.graphs import Graph, is_true, opened, solutions
from missiongraph.api.table import Table
from missiongraph.api.thing import Thing, expanded
from missiongraph.api.values import IRI, value_of
from missiongraph.errors import InvalidPublication, NotAvailable, Place, Problem, QueryRefused, UnknownThing

if TYPE_CHECKING:
    import rdflib

    from missiongraph.api.sentences import CheckedSentence
    from missiongraph.publication.dataset import Dataset
    from missiongraph.publication.query_files import Question

#: How the kinds of answers are asked for, for those who took the wrong method.
_METHODS = {
    "solutions": "query (for SELECT)",
    "boolean": "ask (for ASK)",
    "graph": "graph (for CONSTRUCT and DESCRIBE)",
}


@dataclass(frozen=True)
class Match:
    """A thing that a name may mean.

    :ivar name: its own name
    :ivar score: how well it fits, up to 100
    :ivar sure: whether it may be taken without asking a person
    :ivar types: the IRIs of its classes, the most telling first
    """

    thing: Thing
    name: str
    score: float
    sure: bool
    types: tuple[IRI, ...]
    description: str = ""

    @property
    def iri(self) -> IRI:
        """The IRI of the thing."""
        return self.thing.iri


@dataclass(frozen=True)
class ValidationResult:
    """Something that the validation found.

    :ivar severity: ``violation``, ``warning`` or ``info``
    :ivar message: what is wrong, in English where that is stated
    :ivar source: the IRI of the shape, or the path of the rule
    :ivar focus: the thing that it is about, as RDF writes it
    :ivar place: the file, line and column
    """

    severity: str
    message: str
    source: str
    focus: str | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Report:
    """The report of a validation.

    :ivar results: the results in the order in which they were found
    """

    results: tuple[ValidationResult, ...]

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not any(result.severity == "violation" for result in self.results)

    def __bool__(self) -> bool:
        return self.conforms

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[ValidationResult]:
        return iter(self.results)


class Publication(AbstractContextManager["Publication"]):
    """A publication to read, made by :func:`missiongraph.open` or :func:`missiongraph.connect`. ``with`` closes it."""

    def __init__(self, made: Callable[[], Graph], name: str, folder: Path | None = None) -> None:
        """Use :func:`missiongraph.open` or :func:`missiongraph.connect`.

        :param made: opens what answers, when it is first needed
        :param folder: the folder with the publication's files, if there is one
        """
        self._made = made
        self._name = name
        self._folder = folder

    @cached_property
    def _graph(self) -> Graph:
        return self._made()

    def __repr__(self) -> str:
        return f"<Publication {self._name}>"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes and connections that it started. It may be used again."""
        graph = self.__dict__.pop("_graph", None)
        if graph is not None:
            graph.close()

    @property
    def base(self) -> str:
        """The base of its IRIs."""
        return self._graph.base

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its pages, the default first."""
        return self._graph.languages

    @property
    def prefixes(self) -> dict[str, str]:
        """Namespaces by prefix. Queries may use these prefixes without declaring them."""
        return dict(self._graph.prefixes)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that it ships, with their tested queries; none if it is a site elsewhere."""
        return self._graph.questions

    def title(self, language: str | None = None) -> str:
        """What it is called."""
        return self._graph.title(language or self._graph.languages[0])

    def query(self, text: str) -> Table:
        """The answer to the SELECT query *text*.

        :raises QueryRefused: it is no SELECT query, or asks for what is not answered (an update, ``SERVICE``)
        :raises OutOfBounds: it takes longer, or more memory, than the publication's limits allow
        :raises SiteUnreachable: the site does not answer
        """
        found = solutions(self._answer(text, "solutions"))
        variables = [variable.value for variable in found.variables]
        return Table(variables, [tuple(None if t is None else value_of(t) for t in one) for one in found])

    def ask(self, text: str) -> bool:
        """The answer to the ASK query *text*. It raises as :meth:`query`."""
        return is_true(self._answer(text, "boolean"))

    def graph(self, text: str) -> rdflib.Graph:
        """The answer to the CONSTRUCT or DESCRIBE query *text* as a graph of RDFLib. It raises as :meth:`query`."""
        import rdflib

        made = rdflib.Graph()
        for prefix, iri in self._graph.prefixes.items():
            made.bind(prefix, iri)
        return made.parse(data=self._answer(text, "graph"), format="nt")

    def _answer(self, text: str, wanted: str) -> bytes:
        kind, content = self._graph.answer(text)
        if kind != wanted:
            raise QueryRefused(Problem("this is another form of query", advice=f"use {_METHODS[kind]}"))
        return content

    def __getitem__(self, name: str) -> Thing:
        """The thing with the IRI, the prefixed name or the path under the base *name*.

        :raises UnknownThing: no statement names it
        """
        iri = expanded(self._graph, name)
        if not _is_iri(iri) or not self._names(iri):
            raise UnknownThing(Problem(f"the publication says nothing of {iri}", advice=self._nearest(iri)))
        return Thing(self._graph, iri)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        iri = expanded(self._graph, name)
        return _is_iri(iri) and self._names(iri)

    def _names(self, iri: IRI) -> bool:
        somewhere = " UNION ".join(
            f"{{ {p} }} UNION {{ GRAPH ?g {{ {p} }} }}" for p in (f"<{iri}> ?p ?o", f"?s ?p <{iri}>")
        )
        return is_true(self._graph.answer(f"ASK {{ {somewhere} UNION {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} }}")[1])

    def _nearest(self, iri: str) -> str:
        words = iri.rstrip("/#").rpartition("/")[2].rpartition("#")[2].replace("-", " ").replace("_", " ")
        found = self.find(words, most=1) if words.strip() else []
        if found:
            return f"the nearest by name is {found[0].iri}"
        return "look for it by name: find(…)"

    def find(self, name: str, *, most: int = 5, kind: str = "", language: str | None = None) -> list[Match]:
        """The things that *name* may mean, the best first. It takes spelling mistakes and words left out.

        :param kind: only things of this class: its IRI, prefixed name or name
        :param language: the language of the names in the answer
        """
        return self._find([name], most, kind, language)[0]

    def _find(self, names: list[str], most: int, kind: str, language: str | None) -> list[list[Match]]:
        found = self._graph.candidates(names, kind, most, language or self._graph.languages[0])
        return [
            [
                Match(
                    Thing(self._graph, IRI(one["id"])),
                    one["name"],
                    float(one["score"]),
                    bool(one["match"]),
                    tuple(IRI(kind["id"]) for kind in one["type"]),
                    one.get("description", ""),
                )
                for one in candidates
            ]
            for candidates in found
        ]

    def check(self, sentence: str, *, language: str | None = None) -> CheckedSentence:
        """Whether the publication says what *sentence* says, and by which words.

        It compares names, days and numbers with the facts of the things that the sentence names. It does not
        understand grammar: read the facts that it gives before you rely on its verdict.
        """
        from missiongraph.api.sentences import check_sentence

        return check_sentence(self._graph, sentence, language or self._graph.languages[0])

    def validate(self) -> Report:
        """The report of a validation of the publication's files.

        :raises UnreadableInput: files cannot be read
        :raises NotAvailable: this is a build or a site, which has no files to be validated
        """
        from missiongraph.validation import validate

        found = validate(self._dataset("validated"))
        return Report(
            tuple(
                ValidationResult(
                    one.severity,
                    one.message(),
                    one.source,
                    str(one.focus) if one.focus is not None else None,
                    one.place,
                )
                for one in found.results
            )
        )

    def build(self, out: str | os.PathLike[str]) -> Publication:
        """Validates the publication, writes its build below *out*, and opens that.

        :raises InvalidPublication: it has violations; :meth:`validate` tells them
        :raises BuildError: *out* cannot be written
        :raises NotAvailable: this is a build or a site
        """
        from missiongraph.build import build_publication
        from missiongraph.errors import BuildError, written_to
        from missiongraph.validation.in_background import validation_beside

        dataset = self._dataset("built")
        with written_to(Path(out), BuildError, "choose another folder"), validation_beside(dataset) as report:

            def decide() -> dict[str, int]:
                found = report()
                if not found.conforms:
                    what = f"not built: {found.count('violation')} violations"
                    raise InvalidPublication(Problem(what, advice="validate() tells them"))
                return found.counts

            built = build_publication(dataset, Path(out), decide=decide)
        return Publication(lambda: opened(built), str(built.folder))

    def _dataset(self, done: str) -> Dataset:
        from missiongraph.publication.dataset import read_dataset
        from missiongraph.publication.source_folder import Publication as Folder

        if self._folder is None:
            advice = "open the folder of the publication, which has a missiongraph.toml"
            raise NotAvailable(Problem(f"{self._name} has no files that could be {done}", advice=advice))
        return read_dataset(Folder.open(self._folder))


def _is_iri(text: str) -> bool:
    return not any(sign in text for sign in '<>"{}|^`\\ \n\t\r')
