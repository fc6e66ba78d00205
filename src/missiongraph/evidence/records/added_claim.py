"""Adds a claim to a file of a publication: its statement, its words, its source; held against page and shapes first.

:func:`draft_claim` says what would be added, and :func:`confirm` whether the check of the page and the validation of
the publication take it. :func:`write` adds it to the file. Nothing is written before.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from missiongraph.errors import EXIT_SAYS_NO, MissiongraphError, Place, Problem, UnreadableInput, reason_of
from missiongraph.evidence.pages.read_page import Page
from missiongraph.evidence.records.evidence_draft import MOST_WORDS, slug_of
from missiongraph.evidence.records.marked_words import Marked, part_of
from missiongraph.evidence.records.trig_of_a_file import TrigWriter
from missiongraph.evidence.verdicts.check import SourceClaims, check, claims_of
from missiongraph.evidence.verdicts.values_of_claims import Knowledge, stated_by
from missiongraph.evidence.words.tokens import Token, tokenise
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.validation import Result, validate
from missiongraph.vocab import DCTERMS, MG, OA, PROV, RDF, RDFS, SCHEMA, XSD

#: Where claims go if the publication keeps none of the source yet.
DEFAULT_FILE = "data/claims.trig"


class NotConfirmed(MissiongraphError):
    """The page or the shapes speak against the claim."""

    exit_code = EXIT_SAYS_NO


@dataclass(frozen=True)
class NewSource:
    """What is said of a source that the publication does not describe yet."""

    title: str
    url: str
    date: str


@dataclass(frozen=True)
class Wanted:
    """The claim that a person wants to make.

    :ivar new: describes the source, if nothing does yet
    :ivar basis: how the statement follows from the words: ``stated`` or ``interpreted``
    """

    source: NamedNode
    statement: tuple[NamedNode, NamedNode, NamedNode | Literal]
    marked: Marked
    language: str
    label: str | None = None
    basis: str = "stated"
    new: NewSource | None = None


@dataclass(frozen=True)
class Draft:
    """A claim that could be added.

    :ivar file: the file that takes it, as a path from the folder of the publication
    :ivar before: the text of that file now; empty if there is none
    :ivar block: what is added at its end
    """

    claim: NamedNode
    marked: Marked
    file: str
    before: str
    block: str
    quads: tuple[Quad, ...] = field(repr=False)

    @property
    def is_stated(self) -> bool:
        """Whether the words say the statement as they stand."""
        return any(quad.predicate == MG.basis and quad.object == MG.stated for quad in self.quads)

    @property
    def after(self) -> str:
        """The text of the file with the claim."""
        return f"{self.before.rstrip()}\n\n{self.block}" if self.before.strip() else self.block

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        old = self.before.splitlines(keepends=True)
        if old and not old[-1].endswith("\n"):
            old[-1] += "\n"
        name = self.file if self.before else "/dev/null"
        return "".join(unified_diff(old, self.after.splitlines(keepends=True), name, self.file))


def draft_claim(dataset: Dataset, page: Page, wanted: Wanted, file: str | None = None) -> Draft:
    """What would be added for *wanted*.

    :param file: the file that takes the claim; by default the one that has claims of the source, else a new one
    :raises NotConfirmed: the words do not have the value that they are said to state
    :raises UnreadableInput: the file cannot be read, or is no TriG
    """
    wanted = replace(wanted, marked=_short_enough(page, wanted, Knowledge(dataset)))
    home = _Home.of(dataset, wanted.source)
    file = file or home.file
    before, prefixes, base = _read(dataset.publication.folder, file)
    claim = _unused(f"{home.claims}{slug_of(wanted.marked.exact)}", dataset)
    quads = tuple(_quads(wanted, claim, home.metadata))
    block = TrigWriter(dataset, prefixes, base).write(quads)
    return Draft(claim, wanted.marked, file, before, block.replace("\n", "\r\n") if "\r\n" in before else block, quads)


def draft_as_json(draft: Draft, *, written: bool) -> str:
    """A JSON object that says what would be added, or was *written*."""
    marked = draft.marked
    words = {"exact": marked.exact, "prefix": marked.prefix, "suffix": marked.suffix, "passage": marked.passage.text}
    said = {"claim": draft.claim.value, "file": draft.file, "written": written, "words": words, "diff": draft.diff}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def confirm(draft: Draft, dataset: Dataset, page: Page, source: NamedNode) -> None:
    """Hold the claim against the page, and the publication with it against its shapes and queries.

    :raises NotConfirmed: ``evidence check`` does not find it supported, or ``validate`` finds a violation more than now
    """
    before, after = (list(parse(text.encode(), RdfFormat.TRIG)) for text in (draft.before, draft.after))
    if len(after) != len(before) + len(draft.quads) or not set(draft.quads) <= set(after):
        raise NotConfirmed(
            Problem(f"the end of {draft.file} is no place for a claim", advice="name another with --into")
        )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "claim.trig"
        file.write_text(TrigWriter(dataset, {}, None).write(draft.quads), "utf-8")
        longer = read_dataset(dataset.publication, [file])
        _held_against(page, claims_of(longer, source), draft)
        report = validate(longer)  # reads the file once more, for the lines of what it finds
    if not report.conforms:
        known = {_key(result) for result in validate(dataset).results}
        news = [r for r in report.results if r.severity == "violation" and _key(r) not in known]
        if news:
            raise NotConfirmed(
                *(Problem(f"with this claim, the publication breaks {r.source}: {r.message()}") for r in news)
            )


def _key(result: Result) -> tuple[object, ...]:
    """What makes two results of different readings the same; blank nodes differ with each reading."""
    terms = (None if isinstance(term, BlankNode) else term for term in (result.focus, result.value))
    return (result.source, result.path, *terms)


def _held_against(page: Page, claims: SourceClaims, draft: Draft) -> None:
    """The check of the page, and what around the words takes them back.

    Of a passage whose digest a claim states, the check takes it that somebody has read it. Nobody has read this one.

    :raises NotConfirmed: it finds something
    """
    found = next(c for c in check(claims, page).claims if c.graph.iri == draft.claim)
    if found.verdict != "supported":
        why = "; ".join(f"the claim has “{d.stated}”, the page “{d.found}”" for d in found.reasons)
        raise NotConfirmed(
            Problem(f"the check finds this claim {found.verdict}{f': {why}' if why else ''}",
                    advice="correct the value, or mark other words")
        )  # fmt: skip
    if draft.is_stated:
        unread = replace(found.graph, selectors=tuple(replace(s, digest=None) for s in found.graph.selectors))
        (alone,) = check(replace(claims, graphs=(unread,)), page).claims
        if alone.reasons:
            around = ", ".join(f"“{d.found}”" for d in alone.reasons)
            advice = "mark these words too, or say with --basis interpreted that you have read them"
            raise NotConfirmed(Problem(f"the sentence has {around}, which may take back what it says", advice=advice))


def write(draft: Draft, folder: Path) -> None:
    """Add the claim to its file in *folder*: all of it or nothing.

    :raises MissiongraphError: the file cannot be written, or has changed since it was read
    """
    file = folder / draft.file
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if _text(file, draft.file) != draft.before:
            raise MissiongraphError(Problem("the file has changed meanwhile", Place(draft.file), "try once more"))
        unfinished = file.with_name(f".{file.name}.new")
        unfinished.write_text(draft.after, "utf-8", newline="")
        if file.exists():
            unfinished.chmod(file.stat().st_mode)
        unfinished.replace(file)
    except OSError as error:
        raise MissiongraphError(Problem(f"cannot write {file}: {reason_of(error)}")) from None


def _short_enough(page: Page, wanted: Wanted, knowledge: Knowledge) -> Marked:
    """The marked words, or of many the few around the value.

    :raises NotConfirmed: they are said to state a figure or date that they do not have
    """
    marked, tokens = wanted.marked, tokenise(wanted.marked.exact, wanted.language)
    stated = stated_by([wanted.statement[2]])
    here = [number for number, token in enumerate(tokens) if stated.figure(token)]
    values = sorted({*stated.figures, *("-".join(date) for date in stated.dates)})
    if values and not here and wanted.basis == "stated" and not _is_text(wanted.statement[2]):
        advice = "mark the words that do, or say how they mean it with --basis interpreted"
        raise NotConfirmed(Problem(f"the marked words do not have {', '.join(values)}", advice=advice))
    if len(marked.exact.split()) <= MOST_WORDS:
        return marked
    middle = here[0] if here else _token_of_name(marked.exact, tokens, wanted.statement[2], knowledge)
    first = max(0, min(middle - MOST_WORDS // 2, len(tokens) - MOST_WORDS))
    last = min(len(tokens), first + MOST_WORDS) - 1
    while last > middle and len(marked.exact[tokens[first].start : tokens[last].end].split()) > MOST_WORDS:
        last -= 1
    return part_of(page, marked, tokens[first].start, tokens[last].end)


def _token_of_name(text: str, tokens: Sequence[Token], value: NamedNode | Literal, knowledge: Knowledge) -> int:
    """The number of the first token of *text* that stands in the value or in a name of it; the first of all if none."""
    names = knowledge.labels.get(value, []) if isinstance(value, NamedNode) else [value.value]
    starts = [at for name in names if (at := text.casefold().find(name.casefold())) >= 0]
    return next((number for number, token in enumerate(tokens) if starts and token.end > min(starts)), 0)


def _is_text(value: NamedNode | Literal) -> bool:
    return isinstance(value, Literal) and value.datatype in (XSD.string, RDF.langString)


@dataclass(frozen=True)
class _Home:
    """Where the publication keeps what it claims after a source.

    :ivar claims: what the IRIs of its claims begin with
    :ivar metadata: the graph that describes them
    """

    file: str
    claims: str
    metadata: NamedNode

    @classmethod
    def of(cls, dataset: Dataset, source: NamedNode) -> _Home:
        name = source.value.rstrip("/#").rpartition("/")[2].rpartition("#")[2] or "source"
        base = dataset.publication.settings.base
        passages = {q.subject for q in dataset.quads if q.predicate == PROV.wasQuotedFrom and q.object == source}
        found = Counter(
            (file.path, quad.subject.value.rpartition("/")[0] + "/", quad.graph_name)
            for file in dataset.files
            if file.path.startswith("data/") and file.path.endswith(".trig")
            for quad in file.quads
            if quad.predicate == PROV.wasDerivedFrom and quad.object in passages and isinstance(quad.subject, NamedNode)
        )
        for (path, claims, metadata), _ in found.most_common():
            if isinstance(metadata, NamedNode):
                return cls(path, claims, metadata)
        return cls(DEFAULT_FILE, f"{base}id/evidence/{name}/", NamedNode(f"{base}id/graph/provenance/{name}"))


def _quads(wanted: Wanted, claim: NamedNode, metadata: NamedNode) -> Iterator[Quad]:
    passage, quote = NamedNode(f"{claim.value}#passage"), NamedNode(f"{claim.value}#quote")
    marked, source = wanted.marked, wanted.source
    yield Quad(*wanted.statement, claim)
    label = Literal(wanted.label or marked.exact, language=wanted.language)
    said: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (claim, RDF.type, MG.EvidenceGraph), (claim, RDF.type, PROV.Entity), (claim, RDFS.label, label),
        (claim, MG.rank, MG.accepted), (claim, MG.basis, MG[wanted.basis]), (claim, PROV.wasDerivedFrom, passage),
        (passage, RDF.type, OA.SpecificResource), (passage, RDF.type, PROV.Entity), (passage, OA.hasSource, source),
        (passage, PROV.wasQuotedFrom, source), (passage, OA.hasSelector, quote),
        (passage, MG.passageDigest, Literal(marked.passage.digest)),
        (quote, RDF.type, OA.TextQuoteSelector), (quote, OA.exact, Literal(marked.exact)),
    ]  # fmt: skip
    said += [(quote, OA.prefix, Literal(marked.prefix))] if marked.prefix else []
    said += [(quote, OA.suffix, Literal(marked.suffix))] if marked.suffix else []
    if wanted.new is not None:
        new = wanted.new
        said += [
            (source, RDF.type, MG.Source), (source, RDF.type, PROV.Entity), (source, RDF.type, SCHEMA.WebPage),
            (source, RDFS.label, Literal(new.title, language=wanted.language)),
            (source, SCHEMA.url, NamedNode(new.url)), (source, DCTERMS.date, Literal(new.date, datatype=XSD.date)),
        ]  # fmt: skip
    yield from (Quad(*triple, metadata) for triple in said)


def _unused(iri: str, dataset: Dataset) -> NamedNode:
    used = {quad.graph_name for quad in dataset.quads} | {quad.subject for quad in dataset.quads}
    candidates = (NamedNode(iri if number == 1 else f"{iri}-{number}") for number in range(1, len(used) + 2))
    return next(candidate for candidate in candidates if candidate not in used)


def _text(file: Path, path: str) -> str:
    """The text of *file* with its own line ends; empty if there is none."""
    try:
        return file.read_bytes().decode("utf-8") if file.exists() else ""
    except UnicodeDecodeError:
        raise UnreadableInput(Problem("is not UTF-8", Place(path))) from None


def _read(folder: Path, path: str) -> tuple[str, dict[str, str], str | None]:
    """The text of a file, and the prefixes and the base that hold at its end."""
    file = folder / path
    if file.suffix.lower() != ".trig":
        raise UnreadableInput(Problem("a claim stands in a graph of its own", Place(path), "name a .trig file"))
    if not file.resolve().is_relative_to((folder / "data").resolve()):
        raise UnreadableInput(Problem("is not under data/", Place(path), "only files under data/ are read"))
    text = _text(file, path)
    reader = parse(text.encode(), RdfFormat.TRIG)
    try:
        for _ in reader:
            pass
    except SyntaxError as error:
        raise UnreadableInput(Problem(str(error), Place(path))) from None
    return text, dict(reader.prefixes), reader.base_iri
