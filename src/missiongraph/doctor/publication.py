"""Looks at a publication and its build: what is wrong, what portals would miss, what would make its pages better."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal

from missiongraph.build import Build
from missiongraph.build.inventory import check_build
from missiongraph.doctor.findings import Finding
from missiongraph.engine.protocol import rows
from missiongraph.errors import BuildError, MissiongraphError
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.settings import FILE_NAME
from missiongraph.publication.source_folder import Publication, find_publication
from missiongraph.validation import validate
from missiongraph.validation.checks.portal_metadata import SOURCE as PORTAL
from missiongraph.vocab import LABEL_PROPERTIES, MG

#: The most languages, and the most settings, that one finding names.
_MOST_NAMED = 12


def look_at_publication(folder: Path | None, builds: Path | None) -> Iterator[Finding]:
    """What is so of the publication in *folder*, or of the one that is found without, and of its current build.

    :param builds: where builds of it are kept; ``None``: nowhere
    """
    try:
        publication = find_publication(folder)
        dataset = read_dataset(publication)
    except MissiongraphError as error:
        more = f", and {len(error.problems) - 1} more" if len(error.problems) > 1 else ""
        advice = error.problems[0].advice or "missiongraph validate names each"
        yield Finding("publication", "fault", f"cannot be read: {error.problems[0]}{more}", advice)
        return
    yield Finding("publication", "good", f"{len(dataset.publication.data_files)} files of data in {publication.folder}")
    yield from _validity(dataset)
    yield from _pages(dataset)
    if builds is not None:
        yield _build(builds, publication)


def _validity(dataset: Dataset) -> Iterator[Finding]:
    results = validate(dataset).results
    missed = [r.value.value for r in results if r.source == PORTAL and isinstance(r.value, Literal)]
    wrong = sum(result.severity == "violation" for result in results)
    others = sum(result.severity != "violation" and result.source != PORTAL for result in results)
    if wrong:
        yield Finding("validity", "fault", f"{wrong} violations", "missiongraph validate shows where, and what to do")
    elif others:
        yield Finding("validity", "better", f"valid, with {others} warnings and remarks", "missiongraph validate")
    else:
        yield Finding("validity", "good", "nothing to say")
    if missed:
        yield Finding("portals", "better", f"they would miss: {_some(missed)}", "missiongraph validate --portal")
    else:
        yield Finding("portals", "good", "every setting that they ask for is there")


def _pages(dataset: Dataset) -> Iterator[Finding]:
    settings, publication = dataset.publication.settings, dataset.publication
    languages = settings.languages
    nameless = _number(dataset, "FILTER NOT EXISTS { ?thing ?label ?text VALUES ?label { LABELS } }")
    if nameless:
        advice = "give each an rdfs:label (or another property of names), with its language"
        yield Finding("names", "better", f"{nameless} things have none: pages call them by their address", advice)
    else:
        yield Finding("names", "good", "every thing has one")
    for language in languages:
        missing = _number(dataset, f'FILTER NOT EXISTS {{ ?thing ?p ?t FILTER(LANG(?t) = "{language}") }} {_NAMED}')
        if missing:
            advice = f"add names with @{language}; until then pages in that language show another"
            yield Finding(f"names ({language})", "better", f"{missing} things have no text in it", advice)
    questions = publication.question_files
    for about, there, what, advice in (
        ("home page", settings.home.classes, "it chooses by itself what it shows", f"[home] classes in {FILE_NAME}"),
        ("questions", questions, "there are none", "put an .rq file with a title into queries/"),
        ("shapes", publication.shape_files, "there are none: nothing is checked, and pages order facts by themselves",
         "put shapes into shapes/"),
        ("evidence", dataset.graphs_of_class(MG.EvidenceGraph), "no fact says which words it rests on",
         "missiongraph evidence add --help; docs/how-to/source.md"),
        ("address", "example.org" not in settings.base, f"base is {settings.base}, which is nobody's",
         "missiongraph rebase moves all to an address of yours"),
    ):  # fmt: skip
        yield Finding(about, "good", "chosen") if there else Finding(about, "better", what, advice)


#: Beginnings of classes whose instances are parts and records of other things, which no page calls by a name.
_PARTS = "|".join(
    (
        "http://www.w3.org/ns/(oa|prov|earl|csvw|dqv)#",
        "http://www.opengis.net/ont/sf#",
        "https?://schema.org/GeoCoordinates",
        "https://w3id.org/missiongraph/ontology#",
    )
)

_NAMED = "FILTER EXISTS { ?thing ?label ?text VALUES ?label { LABELS } FILTER(LANG(?text) != '') }"


def _number(dataset: Dataset, condition: str) -> int:
    """How many things under the base that have a class meet the *condition*."""
    labels = " ".join(map(str, LABEL_PROPERTIES))
    base = Literal(dataset.publication.settings.base)
    own = f"?thing a ?class FILTER(STRSTARTS(STR(?thing), {base}) && !REGEX(STR(?class), '^({_PARTS})'))"
    text = f"{own} {condition.replace('LABELS', labels)}"
    found = next(iter(rows(dataset.engine, f"SELECT (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ {text} }}")))["n"]
    return int(found.value) if isinstance(found, Literal) else 0


def _build(builds: Path, publication: Publication) -> Finding:
    try:
        check_build(builds)
        build = Build.open(builds)
    except BuildError as error:
        problem = error.problems[0]
        return Finding("build", "better", problem.what, problem.advice or "missiongraph build")
    try:
        if build.settings.base != publication.settings.base:
            what = f"the current one in {builds} is of {build.settings.base}"
            return Finding("build", "better", what, "missiongraph serve or build makes one of this publication")
        return Finding("build", "good", f"{build.id} in {builds} is whole")
    finally:
        build.close()


def _some(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (f" and {len(names) - _MOST_NAMED} more" if names[_MOST_NAMED:] else "")
