"""Named graphs as notes in the margin: the words or the record that a fact rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from missiongraph.evidence.claims import Graph, Passage, Source, facts_by_digest, read_graphs
from missiongraph.vocab import MG, SKOS
from missiongraph.web import formatting
from missiongraph.web.reader import Reader
from missiongraph.web.views import Evidence
from missiongraph.web.views.parts import EvidenceKind

_KIND_BY_BASIS: dict[NamedNode, EvidenceKind] = {MG.computed: "computed", MG.inferred: "inferred"}


class Margin:
    """Notes for the graphs of one page; a source without a siglum gets a number within the page."""

    def __init__(self, reader: Reader, graphs: Iterable[NamedNode]) -> None:
        """Reads *graphs*, their passages and sources, and learns their names."""
        self._reader = reader
        self.graphs = read_graphs(reader.site.engine, graphs)
        passages = [passage for graph in self.graphs.values() for passage in graph.passages]
        self._facts = facts_by_digest(reader.site.engine, sorted({p.digest for p in passages if p.digest}))
        sources = [source for graph in self.graphs.values() for source in graph.sources]
        reader.learn([*self.graphs, *(s.iri for s in sources), *(s.publisher for s in sources)])
        self._numbers: dict[NamedNode, str] = {}

    def notes(self, graphs: Iterable[NamedNode], label: str) -> tuple[Evidence, ...]:
        """A note for each passage or record that *graphs* rest on, the same words only once.

        :param label: name of the fact, which stands for the cell of a record
        """
        found: dict[tuple[str, str], Evidence] = {}
        for iri in graphs:
            graph = self.graphs.get(iri)
            if graph is None or not graph.speaks:
                continue
            for note in self._of(graph, label):
                found.setdefault((note.source.text, note.words), note)
        return tuple(found.values())

    def _of(self, graph: Graph, label: str) -> Sequence[Evidence]:
        sources = {source.iri: source for source in graph.sources}
        quoted = [p for p in graph.passages if p.source in sources]
        if quoted:
            return [self._quoted(graph, p, sources[p.source]) for p in quoted if p.source is not None]
        return [self._record(graph, source, label) for source in graph.sources]

    def _quoted(self, graph: Graph, passage: Passage, source: Source) -> Evidence:
        return self._note(
            graph,
            source,
            kind=_KIND_BY_BASIS.get(graph.basis, "quoted") if graph.basis else "quoted",
            words=passage.exact,
            before=passage.prefix,
            after=passage.suffix,
            passage=text_fragment(source.url, passage) if source.url else None,
            facts=self._facts.get(passage.digest or ""),
        )

    def _record(self, graph: Graph, source: Source, label: str) -> Evidence:
        return self._note(graph, source, kind="record", words=label, passage=source.url)

    def _note(
        self,
        graph: Graph,
        source: Source,
        *,
        kind: EvidenceKind,
        words: str,
        before: str = "",
        after: str = "",
        passage: str | None = None,
        facts: int | None = None,
    ) -> Evidence:
        reader = self._reader
        date = source.date or graph.date
        address = reader.site.address_of(graph.iri)
        note = next((t for t in graph.properties.get(SKOS.editorialNote, ()) if isinstance(t, Literal)), None)
        return Evidence(
            mark=source.mark or self._number(source.iri),
            kind=kind,
            words=words,
            source=reader.link(source.iri),
            before=before,
            after=after,
            lang=self._language(source, reader.language),
            publisher=reader.label(source.publisher)[0] if source.publisher else None,
            date=formatting.format_literal(date.value, date.datatype.value, reader.language)
            if date is not None
            else None,
            page=reader.href(address) if address else None,
            passage=passage,
            facts_on_passage=facts,
            planned=graph.planned,
            interpreted=graph.basis == MG.interpreted,
            origin=source.origin,
            note=self._in_language(graph) or (note.value if note is not None else None),
        )

    def _in_language(self, graph: Graph) -> str | None:
        notes = [t for t in graph.properties.get(SKOS.editorialNote, ()) if isinstance(t, Literal)]
        return next((t.value for t in notes if (t.language or "").startswith(self._reader.language)), None)

    def _number(self, source: NamedNode) -> str:
        return self._numbers.setdefault(source, str(len(self._numbers) + 1))

    def _language(self, source: Source, language: str) -> str | None:
        return source.language if source.language and source.language != language else None


def text_fragment(url: str, passage: Passage) -> str:
    """The address of the words themselves (URL Fragment Text Directives): prefix, words, suffix."""
    before = f"{_fragment(passage.prefix)}-," if passage.prefix else ""
    after = f",-{_fragment(passage.suffix)}" if passage.suffix else ""
    return f"{url.partition('#')[0]}#:~:text={before}{_fragment(passage.exact)}{after}"


def _fragment(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")
