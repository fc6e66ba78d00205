"""Reads mappings to other vocabularies (SSSOM/TSV): each row becomes a statement of the dataset.

Such a file has a header of comment lines in YAML, which declares prefixes, and a table
(https://mapping-commons.github.io/sssom/).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import NamedNode, Quad

from missiongraph.errors import Place
from missiongraph.publication.rdf_files import FaultyFile, Key, ParsedFile, decode, read_bytes
from missiongraph.vocab import OWL, RDF, RDFS, SKOS

#: Columns that each row must fill.
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")

#: Prefixes that no file needs to declare (SSSOM, "Identifiers").
_BUILT_IN = {
    "owl": str(OWL),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "semapv": "https://w3id.org/semapv/vocab/",
    "sssom": "https://w3id.org/sssom/",
}
_NO_TERM = "sssom:NoTermFound"


def read_mappings(file: Path, path: str, graph: NamedNode) -> ParsedFile:
    """Reads the mapping set in *file* into *graph*; rows that deny a mapping are left out.

    :param path: what messages call the file
    :raises FaultyFile: the header cannot be read, columns or values are missing, or a prefix is not declared
    """
    header, rows = _parts(decode(read_bytes(file, path), path), path)
    declared = header.get("curie_map") or {}
    if not isinstance(declared, dict):
        raise FaultyFile("curie_map is no table of prefixes", Place(path, 1), "write one prefix a line, indented")
    prefixes = {**_BUILT_IN, **{str(prefix): str(space) for prefix, space in declared.items()}}
    quads: dict[Quad, None] = {}
    places: dict[Key, tuple[int, int | None]] = {}
    for line, row in rows:
        terms = {
            name: _term(row.get(name) or str(header.get(name) or ""), name, prefixes, Place(path, line))
            for name in REQUIRED
        }
        if row.get("predicate_modifier") or _NO_TERM in (row.get("subject_id"), row.get("object_id")):
            continue
        subject, predicate, value = (terms[name] for name in REQUIRED[:3])
        quads.setdefault(Quad(subject, predicate, value, graph))
        for key in ((subject, predicate, value), (subject, predicate, None), (subject, None, None)):
            places.setdefault(key, (line, None))
    own = {prefix: space for prefix, space in prefixes.items() if prefix in declared}
    return ParsedFile(path, graph, tuple(quads), own, places)


def _parts(text: str, path: str) -> tuple[Mapping[str, Any], Iterator[tuple[int, dict[str, str]]]]:
    """The header, and the rows by column name, each with its line."""
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    try:
        header = yaml.safe_load("\n".join(line[1:] for line in lines[:first])) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(path, mark.line + 1, mark.column + 2) if mark else Place(path, 1)
        raise FaultyFile(f"the header is no YAML: {getattr(error, 'problem', error)}", place) from None
    if not isinstance(header, dict):
        raise FaultyFile("the header is no list of names and values", Place(path, 1), "write #name: value")
    columns = lines[first].split("\t") if first < len(lines) else []
    missing = [name for name in REQUIRED if name not in columns and name not in header]
    if missing:
        raise FaultyFile(
            f"there is no column {missing[0]}", Place(path, first + 1), f"SSSOM wants {', '.join(REQUIRED)}"
        )
    rows = csv.DictReader(lines[first:], delimiter="\t")
    return header, ((first + rows.line_num, row) for row in rows)


def _term(curie: str, name: str, prefixes: Mapping[str, str], place: Place) -> NamedNode:
    prefix, colon, local = curie.partition(":")
    if not colon:
        raise FaultyFile(f"{name} is “{curie}”, which names nothing", place, "write prefix:name")
    if prefix in prefixes:
        return _iri(prefixes[prefix] + local, place)
    if local.startswith("//"):
        return _iri(curie, place)
    raise FaultyFile(f"no prefix {prefix}: is declared, as in {curie}", place, "add it to curie_map in the header")


def _iri(iri: str, place: Place) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError:
        raise FaultyFile(f"<{iri}> is no IRI", place) from None
