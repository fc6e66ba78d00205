"""Makes a build: writes all its files to a temporary folder, moves that into place, and makes it the current build."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple

from missiongraph.build.address_index import PathIndex, write_index
from missiongraph.build.changes import write_edition
from missiongraph.build.current_folder import discard, make_current, unfinished
from missiongraph.build.files.dumps import Dump, DumpSource, write_dumps
from missiongraph.build.files.second_reader import read_twice, second_reading
from missiongraph.build.indexed_names import names_in
from missiongraph.build.inventory import is_whole, write_inventory
from missiongraph.build.list_index import write_lists
from missiongraph.build.metadata.dcat import EarlierVersion, catalogue
from missiongraph.build.metadata.dcat_ap_it import italian_catalogue
from missiongraph.build.metadata.described_publication import Metadata, date_of, own_datasets, parts_of
from missiongraph.build.metadata.void import void
from missiongraph.build.opened_build import EDITIONS, FINDINGS, MANIFEST, Build, software_version
from missiongraph.engine.embedded import EmbeddedEngine, fill
from missiongraph.graph.application_profile import class_names
from missiongraph.graph.quality import Quality
from missiongraph.names.index import write_names
from missiongraph.publication.dataset import RANKS_LEFT_OUT, Dataset, ranks_in, read_files
from missiongraph.publication.releases import NOW, Release, read_releases, stated_version, statements_of
from missiongraph.publication.settings import FILE_NAME
from missiongraph.publication.source_folder import Publication
from missiongraph.rdf.canonical import canonicalise, digest
from missiongraph.rdf.formats import reading_order, serialise
from missiongraph.rdf.jsonld_context import Context, derive_context
from missiongraph.vocab import LABEL_PROPERTIES, RDF, XSD

#: The most languages of pages if the settings name none. Pages still show labels in other languages.
_MOST_LANGUAGES = 5

Notify = Callable[[str], None]
Decide = Callable[[], Mapping[str, int] | None]


def _ignore(text: str) -> None:
    """Ignores *text*."""


def build_publication(
    dataset: Dataset,
    out: Path,
    *,
    warn: Notify = _ignore,
    progress: Notify = _ignore,
    decide: Decide = lambda: None,
    verify: bool = False,
    draft: bool = False,
) -> Build:
    """Writes the build of a valid *dataset* to ``out/{id}``, and makes it the current one.

    If that build is there already, since nothing that it depends on has changed, it is kept, unless it is damaged. A
    failure leaves *out* as it was.

    :param warn: called with a sentence for everything that is left out
    :param progress: called with the name of each step before it begins
    :param decide: called when all is written, before the build is moved into place. It raises if the dataset is not
        valid, and returns the number of validation results by severity for the quality page, or ``None``
    :param verify: whether the checksums of a build that is there are compared, and not only its sizes
    :param draft: whether the build is for the eyes of an editor only. It has no dumps and no releases, which take most
        of the time, its identifier is another one, and its pages follow what is served (``serve --watch``)
    :raises OSError: *out* cannot be written
    :raises OutOfBounds: the canonical form takes longer than the limit
    """
    settings = dataset.publication.settings
    with ExitStack() as until_moved:
        folder = None
        try:
            progress("canonical form")
            quads = canonicalise(dataset.quads, seconds=settings.limits.canonicalisation_seconds)
            data_digest = digest(quads)
            build_id = _id(dataset, data_digest, draft=draft)
            if not is_whole(out / build_id, sums=verify):
                folder = until_moved.enter_context(unfinished(out))
                identity = {"id": build_id, "digest": data_digest, **({"draft": True} if draft else {})}
                _write(dataset, quads, identity, folder, warn, progress)
        except Exception:
            decide()  # if the data is not valid, it raises that first, since such data can fail anywhere
            raise
        findings = decide()
        if folder is not None:
            if findings is not None:
                _write_json(folder / FINDINGS, dict(findings))
            write_inventory(folder)
            if (out / build_id).exists():  # no build, or a damaged one
                discard(out / build_id)
            folder.replace(out / build_id)
        make_current(out, build_id)
    return Build.open(out / build_id)


def _id(dataset: Dataset, data_digest: str, *, draft: bool) -> str:
    """The identifier of the build: a digest of data, prefixes, ontology graphs, settings, other files and software."""
    publication = dataset.publication
    hashed = hashlib.sha256(data_digest.encode())
    hashed.update(json.dumps([dataset.prefixes, sorted(map(str, _ontology_graphs(dataset)))]).encode())
    hashed.update(publication.settings.model_dump_json().encode())
    hashed.update(repr(read_releases(publication)).encode())
    files = [*publication.shape_files, *publication.mapping_files, *publication.question_files]
    files += [*publication.view_files, *publication.rule_files]
    for file in (*files, *([publication.context_file] if publication.context_file else [])):
        hashed.update(f"{publication.path_of(file)}\0".encode() + file.read_bytes())
    hashed.update(software_version().encode())
    if draft:
        hashed.update(b"draft")
    return hashed.hexdigest()[:16]


def _write(
    dataset: Dataset,
    quads: list[Quad],
    identity: dict[str, Any],
    folder: Path,
    warn: Notify,
    progress: Notify,
) -> None:
    publication = dataset.publication
    releases = () if "draft" in identity else read_releases(publication)
    default_graph = _default_graph(quads)
    context = _context(publication, default_graph, dataset.prefixes)
    for name in ("dumps", "metadata", "store"):
        (folder / name).mkdir()
    _write_json(folder / "context.jsonld", {"@context": context})
    settings = publication.settings
    languages = settings.languages or _languages(default_graph)
    shapes = _shapes(publication)
    source = DumpSource(
        settings.stem,
        default_graph,
        quads,
        dataset.prefixes,
        context,
        settings.base,
        parts_of(own_datasets(settings, default_graph), quads),
        settings,
        languages,
        class_names(shapes),
    )
    dumps = () if "draft" in identity else write_dumps(source, folder / "dumps", warn, progress)
    with second_reading(folder / "dumps", dumps) as readings:
        released = _write_releases(publication, releases, source, folder, progress)
        progress("store")
        store = Store(str(folder / "store" / "graph"))
        fill(store, default_graph, quads)
        store.flush()
        _warn_of_values(quads, len(default_graph) + len(quads) - len(store), warn)
        progress("second reading of the dumps")
        dumps = read_twice(folder / "dumps", dumps, readings(), warn)
    progress("descriptions")
    settings = settings.model_copy(update={"version": _version(publication, releases, identity["digest"], warn)})
    modified = date_of(settings, default_graph)
    measures = Quality(EmbeddedEngine(store), settings.base).measures()
    has_shapes = bool(publication.shape_files)
    metadata = Metadata(settings, default_graph, languages, modified, measures, has_shapes=has_shapes)
    earlier = [
        EarlierVersion(one, files, same=one.digest == identity["digest"])
        for one, files in zip(releases, released, strict=True)
    ]
    described = list(catalogue(metadata, dumps, earlier))
    _write_statements(folder, "catalog", described)
    _write_statements(folder, "catalog-dcat-ap-it", italian_catalogue(described))
    _write_statements(folder, "quality", metadata.quality())
    _write_statements(folder, "void", void(metadata, dumps))
    _write_statements(folder, "ontology", _ontology(dataset, quads))
    _write_statements(folder, "shapes", iter(shapes))
    _copy_publication(publication, folder / "publication")
    progress("index")
    index = folder / "store" / "index.sqlite"
    write_index(index, publication.settings.base, quads)
    write_lists(folder / "store" / "lists.sqlite", default_graph, quads, languages)
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
    write_names(folder / "store" / "names", names_in(default_graph, graphs, PathIndex(index).documents()))
    manifest = {
        **identity,
        "format": 1,
        "modified": modified.isoformat() if modified else None,
        "languages": list(languages),
        "counts": {
            "triples": len(default_graph),
            "quads": len(quads),
            "graphs": len({quad.graph_name for quad in quads}),
        },
        "commas": _commas(quads, dataset.prefixes, publication.settings.base),
        "dataset": metadata.dataset.value,
        "prefixes": dataset.prefixes,
        "dumps": [dump.as_json() for dump in dumps],
        "releases": [
            {**asdict(one), "dumps": [dump.as_json() for dump in files]}
            for one, files in zip(releases, released, strict=True)
        ],
        "settings": publication.settings.model_dump(mode="json", by_alias=True, exclude_defaults=True),
    }
    _write_json(folder / MANIFEST, manifest)


def _shapes(publication: Publication) -> list[Triple]:
    quads = [quad for file in read_files(publication, publication.shape_files) for quad in file.quads]
    canonical = canonicalise(quads, seconds=publication.settings.limits.canonicalisation_seconds)
    return [quad.triple for quad in canonical]


def _version(publication: Publication, releases: Sequence[Release], data_digest: str, warn: Notify) -> str | None:
    stated = publication.settings.version
    version = stated_version(publication.settings, releases, data_digest)
    if stated and version is None:
        warn(f"version {stated} was released with other content: the catalogue leaves it out (release a new one)")
    return version


def _write_releases(
    publication: Publication, releases: Sequence[Release], now: DumpSource, folder: Path, progress: Notify
) -> list[tuple[Dump, ...]]:
    """Writes the dumps of each release, and the editions that ``/changes`` compares; warnings were given before."""
    seconds = publication.settings.limits.canonicalisation_seconds
    written = []
    for one in releases:
        progress(f"release {one.version}")
        quads = statements_of(publication, one)
        triples = _default_graph(quads)
        context = _context(publication, triples, now.prefixes)
        parts = parts_of(own_datasets(publication.settings, triples), quads)
        source = replace(now, default_graph=triples, quads=quads, context=context, parts=parts)
        written.append(write_dumps(source, folder / "dumps", _ignore, progress, release=one.version))
        (folder / EDITIONS).mkdir(exist_ok=True)
        write_edition(folder / EDITIONS / f"{one.version}.nq", quads, seconds=seconds)
    if releases:
        write_edition(folder / EDITIONS / f"{NOW}.nq", now.quads, seconds=seconds)
    return written


def _default_graph(quads: list[Quad]) -> list[Triple]:
    """The default graph of *quads*, as :attr:`Dataset.default_graph`, with canonical labels."""
    left_out = {graph for graph, rank in ranks_in(quads).items() if rank in RANKS_LEFT_OUT}
    return list(dict.fromkeys(quad.triple for quad in quads if quad.graph_name not in left_out))


def _commas(quads: list[Quad], prefixes: dict[str, str], base: str) -> bool:
    """Whether an IRI of the dataset, or one that a query makes of a name, may have a comma, which CSV has to quote."""
    named = (term.value for quad in quads for term in quad if isinstance(term, NamedNode))
    return any("," in iri for iri in chain((base, *prefixes.values()), named))


def _warn_of_values(quads: list[Quad], lost: int, warn: Notify) -> None:
    """Warns of values that the store keeps in another lexical form than the data; queries give that, dumps do not."""
    typed = {q.object for q in quads if isinstance(q.object, Literal) and not q.object.language}
    literals = sorted((literal for literal in typed if literal.datatype != XSD.string), key=str)
    store = Store()
    store.extend(Quad(NamedNode(f"urn:{number}"), RDF.value, literal) for number, literal in enumerate(literals))
    kept = {quad.subject.value: quad.object for quad in store if isinstance(quad.subject, NamedNode)}
    changed = [(one, other) for n, one in enumerate(literals) if (other := kept[f"urn:{n}"]) != one]
    if changed:
        one, other = changed[0]
        values = "1 value" if len(changed) == 1 else f"{len(changed)} values"
        warn(f"the store writes {values} in its own way, such as {one} as {other}: queries give the latter")
    if lost:
        warn(f"{lost} statements differ from others in the writing of a value only; the store keeps one of each")


def _ontology(dataset: Dataset, quads: list[Quad]) -> Iterator[Triple]:
    graphs = _ontology_graphs(dataset)
    return iter(dict.fromkeys(quad.triple for quad in quads if quad.graph_name in graphs))


def _ontology_graphs(dataset: Dataset) -> set[NamedNode]:
    quads = (quad for file in dataset.files if file.path.startswith("ontology/") for quad in file.quads)
    return {quad.graph_name for quad in quads if isinstance(quad.graph_name, NamedNode)}


def _context(publication: Publication, default_graph: list[Triple], prefixes: dict[str, str]) -> Context:
    brought = publication.context
    return derive_context(default_graph, prefixes) if brought is None else brought


def _languages(default_graph: list[Triple]) -> tuple[str, ...]:
    """The most frequent languages of labels, in order of frequency; English if labels have no languages."""
    tags = Counter(
        triple.object.language
        for triple in default_graph
        if triple.predicate in LABEL_PROPERTIES and isinstance(triple.object, Literal) and triple.object.language
    )
    return tuple(sorted(tags, key=lambda tag: (-tags[tag], tag))[:_MOST_LANGUAGES]) or ("en",)


def _copy_publication(publication: Publication, folder: Path) -> None:
    files = [*publication.shape_files, *publication.mapping_files, *publication.question_files]
    files += [*publication.view_files, *publication.rule_files]
    for file in (publication.folder / FILE_NAME, *files):
        target = folder / publication.path_of(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def _write_statements(folder: Path, name: str, statements: Iterable[Triple]) -> None:
    ordered = sorted(dict.fromkeys(statements), key=reading_order)
    (folder / "metadata" / f"{name}.nt").write_bytes(serialise(ordered, RdfFormat.N_TRIPLES, {}))


def _write_json(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")
