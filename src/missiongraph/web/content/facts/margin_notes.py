"""Margin notes: for each named graph, the words or the record that a fact rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from missiongraph.evidence.claim_graphs import Graph, Selector, Source, facts_by_digest, read_graphs
from missiongraph.evidence.records.due_sources import good_until
from missiongraph.evidence.records.recorded_checks import Recorded, recorded_checks
from missiongraph.graph.statements_and_labels import Statement
from missiongraph.publication.settings import pick
from missiongraph.vocab import MG, SKOS
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import Due, Evidence
from missiongraph.web.rendering.view_models.parts import NOT_CHECKED, Check, EvidenceKind

_KIND_BY_BASIS: dict[NamedNode, EvidenceKind] = {MG.computed: "computed", MG.inferred: "inferred"}


#: The mark of notes of inferred facts.
_THEREFORE = "∴"


class Margin:
    """The notes of the named graphs of one page. A source without a mark of its own gets a number on the page."""

    def __init__(self, reader: Reader, graphs: Iterable[NamedNode]) -> None:
        """Read *graphs* with their passages, sources and recorded checks; *reader* learns the names of the sources."""
        self._reader = reader
        self.graphs = read_graphs(reader.site.engine, graphs, reader.site.sources)
        passages = [passage for graph in self.graphs.values() for passage in graph.selectors]
        self._facts = facts_by_digest(reader.site.engine, sorted({p.digest for p in passages if p.digest}))
        self.checks = recorded_checks(reader.site.engine, list(self.graphs))
        sources = [source for graph in self.graphs.values() for source in graph.sources]
        reader.learn([*(s.iri for s in sources), *(s.publisher for s in sources)])
        self._numbers: dict[NamedNode, str] = {}
        self._notes: dict[tuple[NamedNode, NamedNode, str], Evidence] = {}

    def notes(self, graphs: Iterable[NamedNode], label: str) -> tuple[Evidence, ...]:
        """A note for each passage or record that *graphs* rest on, without repeating words.

        :param label: the name of the fact, which a note of a record shows in place of words
        """
        found: dict[tuple[str, str], dict[str, Evidence]] = {}
        for iri in graphs:
            graph = self.graphs.get(iri)
            if graph is None or not (graph.speaks or graph.kind == "inferred"):
                continue
            for note, place in self._of(graph, label):
                found.setdefault((note.source.text, place), {}).setdefault(note.words, note)
        return tuple(_merged(list(notes.values())) for notes in found.values())

    def is_inferred(self, statement: Statement) -> bool:
        """Whether only graphs of rules make *statement*."""
        known = [self.graphs.get(graph) for graph in statement.graphs]
        return bool(known) and all(graph is not None and graph.kind == "inferred" for graph in known)

    def support(self, graphs: Iterable[NamedNode]) -> frozenset[tuple[str, str]]:
        """The passages and records that *graphs* rest on. Facts with the same ones can share a note."""
        known = (self.graphs[iri] for iri in graphs if iri in self.graphs)
        return frozenset(
            (note.source.text, place) for graph in known if graph.speaks for note, place in self._of(graph, "")
        )

    def _of(self, graph: Graph, label: str) -> Iterator[tuple[Evidence, str]]:
        """The notes of a graph, each with the identity of its passage or record."""
        sources = {source.iri: source for source in graph.sources}
        quoted = [(p, sources[p.source]) for p in graph.selectors if p.source in sources and p.exact]
        for passage, source in quoted:
            yield self._quoted(graph, passage, source), passage.digest or passage.iri.value
        for source in graph.sources if not quoted else ():
            if graph.kind == "inferred":
                yield self._inferred(graph, source), source.iri.value
            else:
                yield self._record(graph, source, label), source.iri.value

    def _quoted(self, graph: Graph, passage: Selector, source: Source) -> Evidence:
        kind = _KIND_BY_BASIS.get(graph.basis, "quoted") if graph.basis else "quoted"
        return replace(
            self._wordless(graph, source, kind),
            words=passage.exact,
            before=passage.prefix,
            after=passage.suffix,
            passage=text_fragment(source.url, passage) if source.url else None,
            facts_on_passage=self._facts.get(passage.digest or ""),
        )

    def _record(self, graph: Graph, source: Source, label: str) -> Evidence:
        return replace(self._wordless(graph, source, "record"), words=label, passage=source.url)

    def _inferred(self, graph: Graph, rule: Source) -> Evidence:
        words = self._reader.label(rule.iri)[0]
        return replace(self._wordless(graph, rule, "inferred"), mark=_THEREFORE, words=words)

    def _wordless(self, graph: Graph, source: Source, kind: EvidenceKind) -> Evidence:
        """The note without words, which is the same beside every fact."""
        key = (graph.iri, source.iri, kind)
        if key not in self._notes:
            self._notes[key] = self._made(graph, source, kind)
        return self._notes[key]

    def _made(self, graph: Graph, source: Source, kind: EvidenceKind) -> Evidence:
        reader = self._reader
        date = source.date or graph.date
        address = reader.address_of(graph.iri)
        return Evidence(
            mark=source.mark or self._number(source.iri),
            kind=kind,
            words="",
            source=reader.link(source.iri),
            lang=source.language if source.language != reader.language else None,
            publisher=reader.label(source.publisher)[0] if source.publisher else None,
            date=formatting.format_literal(date.value, date.datatype.value, reader.language) if date else None,
            page=reader.href(address) if address else None,
            planned=graph.planned,
            interpreted=graph.basis == MG.interpreted,
            origin=source.origin,
            note=self._editorial(graph),
            check=next((self.check(recorded) for recorded in self.checks.get(graph.iri, ())), NOT_CHECKED),
        )

    def check(self, recorded: Recorded) -> Check:
        """The view model of a recorded check."""
        day, language = recorded.date, self._reader.language
        return Check(
            verdict=recorded.verdict,
            date=formatting.format_literal(day.value, day.datatype.value, language) if day else None,
            found=recorded.found,
            stated=recorded.stated,
            due=good_until_of(day.value, self._reader.site.settings.evidence.stale_days, language) if day else None,
        )

    def _editorial(self, graph: Graph) -> str | None:
        notes = [t for t in graph.properties.get(SKOS.editorialNote, ()) if isinstance(t, Literal)]
        by_language = {(t.language or ""): t.value for t in notes}
        by_language = by_language or next((p.reasons for p in graph.selectors if p.reasons and not p.exact), {})
        return pick(by_language, (self._reader.language,)) or None

    def _number(self, source: NamedNode) -> str:
        return self._numbers.setdefault(source, str(len(self._numbers) + 1))


def good_until_of(day: str, days: int, language: str) -> Due | None:
    """The last day on which a check made on *day* is good, formatted for a reader of *language*.

    :param days: for how many days a check is good
    """
    last = good_until(day, days)
    return Due(formatting.format_date(last.isoformat(), language), last.isoformat()) if last else None


def _merged(notes: Sequence[Evidence]) -> Evidence:
    """Several words of one passage as one note."""
    if len(notes) == 1:
        return notes[0]
    words = " … ".join(note.words for note in notes)
    return replace(notes[0], words=words, before="", after="", planned=all(note.planned for note in notes))


def text_fragment(url: str, passage: Selector) -> str:
    """The URL of the words on their page, as a text directive with prefix and suffix (URL Fragment Text Directives)."""
    before = f"{_fragment(passage.prefix)}-," if passage.prefix else ""
    after = f",-{_fragment(passage.suffix)}" if passage.suffix else ""
    return f"{url.partition('#')[0]}#:~:text={before}{_fragment(passage.exact)}{after}"


def _fragment(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")
