"""Moves a publication to another base IRI: rewrites its files as text, then proves that nothing else changed.

Every IRI under the old base moves to the new one, in data, ontology, shapes, queries, context, settings and releases.
The terms of missiongraph's own ontology stay as they are, since all publications share them.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.errors import MissiongraphError, Place, Problem, RebaseRefused
from missiongraph.publication.dataset import read_files
from missiongraph.publication.rdf_files import decode
from missiongraph.publication.releases import read_releases, statements_of, write_release
from missiongraph.publication.settings import FILE_NAME, checked_base
from missiongraph.publication.source_folder import RELEASES, Publication
from missiongraph.rdf.canonical import canonical_line, canonicalise, digest
from missiongraph.vocab import MG

Move = Callable[[str], str]

_ONTOLOGY = str(MG).rstrip("#")

#: An IRI between angle brackets, and the declaration of the base against which a file's relative IRIs are resolved.
_IRI = re.compile(r"<([^<>\"{}|^`\\\s]*)>")
_BASE = re.compile(r"(?im)^\s*@?base\s+<([^>]*)>")


@dataclass(frozen=True)
class Moved:
    """A file that changes: its *path* in the publication, and the *count* of IRIs in it that move."""

    path: str
    count: int


def rebase(publication: Publication, base: str, *, dry_run: bool) -> tuple[Moved, ...]:
    """Rewrites the files of *publication* for the new *base*, and returns those that change.

    It first writes all files to a folder beside the old ones and reads them back. If one does not say the same as
    before, it changes no file.

    :param dry_run: change no file
    :raises RebaseRefused: IRIs would become ambiguous, or cannot be rewritten as text; it names every place
    :raises UnreadableInput: a file cannot be read
    :raises MissiongraphError: *base* is no base, or is the present one; or a file cannot be written
    """
    old = publication.settings.base
    try:
        checked_base(base)
    except ValueError as error:
        raise MissiongraphError(Problem(str(error))) from None
    if base == old:
        raise MissiongraphError(Problem(f"the base is {base} already"))
    move = _mover(old, base)
    texts = {file: decode(file.read_bytes(), publication.path_of(file)) for file in _text_files(publication)}
    _refuse_mixture(publication, texts, old, base)
    with _scratch(publication) as folder:
        moved = []
        for file, text in texts.items():
            changed = move(_spelled_out(text, old))
            target = folder / publication.path_of(file)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(changed.encode())
            if changed != text:
                moved.append(Moved(publication.path_of(file), _count(text, changed, old, base)))
        copy = Publication.open(folder)
        _compare(publication, copy, texts, move)
        moved += _move_releases(publication, copy, move)
        if not dry_run:
            _replace(publication, folder, moved)
    return tuple(moved)


def _text_files(publication: Publication) -> Iterator[Path]:
    yield publication.folder / FILE_NAME
    yield from (*publication.data_files, *publication.table_descriptions)
    yield from (*publication.ontology_files, *publication.shape_files)
    yield from (*publication.question_files, *publication.view_files, *publication.rule_files)
    if publication.context_file:
        yield publication.context_file


def _beyond(base: str) -> str:
    """A pattern for *base*, unless what follows makes it the IRI of our ontology or of one of its terms."""
    return re.escape(base) + (rf"(?!{_term(base)})" if _ONTOLOGY.startswith(base) else "")


def _term(base: str) -> str:
    """A pattern for what follows *base* in an IRI of our ontology, or what would follow if that lay there."""
    return rf"{re.escape(_ONTOLOGY.removeprefix(base))}(?![\w.~%-])"


def _mover(old: str, new: str) -> Move:
    """A function that moves to *new* every IRI under *old* in a text or IRI, except terms of our ontology."""
    pattern = re.compile(_beyond(old))
    return lambda text: pattern.sub(lambda _: new, text)


def _spelled_out(text: str, old: str) -> str:
    """*text* with the terms of our ontology in full, if it writes them relative to the *old* base."""
    found = _BASE.search(text)
    if not _ONTOLOGY.startswith(old) or found is None or found[1] != old:
        return text
    relative = re.escape(_ONTOLOGY.removeprefix(old))
    return re.sub(rf"<({relative}(?:[#/?][^<>\s]*)?)>", lambda match: f"<{old}{match[1]}>", text)


def _count(text: str, changed: str, old: str, new: str) -> int:
    """How many IRIs that move are written in full; relative ones move with the base, unchanged."""
    return text.count(old) - changed.count(old) if not new.startswith(old) else changed.count(new)


def _refuse_mixture(publication: Publication, texts: dict[Path, str], old: str, new: str) -> None:
    """Checks that no file has IRIs under the *new* base yet, since they could not be told from those that move there.

    :raises RebaseRefused: names the first such place of each file
    """
    rest = f"(?!{re.escape(old.removeprefix(new))})" if old.startswith(new) else ""
    patterns = [_beyond(new) + rest]
    if _ONTOLOGY.startswith(new):
        patterns.append(re.escape(old) + _term(new))
    taken = re.compile("|".join(patterns))
    problems = []
    for file, text in texts.items():
        match = taken.search(text)
        if match:
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - text.rfind("\n", 0, match.start())
            problems.append(
                Problem(f"names something under {new} already", Place(publication.path_of(file), line, column))
            )
    if problems:
        raise RebaseRefused(*problems)


@contextmanager
def _scratch(publication: Publication) -> Iterator[Path]:
    try:
        folder = Path(tempfile.mkdtemp(prefix=".rebasing-", dir=publication.folder))
    except OSError as error:
        raise MissiongraphError(Problem(f"cannot write to {publication.folder}: {error.strerror}")) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _compare(old: Publication, new: Publication, texts: dict[Path, str], move: Move) -> None:
    """Checks that the new files say what the old ones said, with the IRIs moved.

    :raises RebaseRefused: names each file that says something else, with one such statement
    """
    seconds = old.settings.limits.canonicalisation_seconds
    rdf = (*old.data_files, *old.ontology_files, *old.shape_files)
    after = (*new.data_files, *new.ontology_files, *new.shape_files)
    problems = []
    for one, other in zip(read_files(old, rdf), read_files(new, after), strict=True):
        expected = set(canonicalise((moved_quad(quad, move) for quad in one.quads), seconds=seconds))
        differing = expected ^ set(canonicalise(other.quads, seconds=seconds))
        if differing:
            statement = min(map(canonical_line, differing)).strip()
            problems.append(_cannot(one.path, f"this statement would be lost or made: {statement}"))
    for file, text in texts.items():
        path = old.path_of(file)
        problem = _compare_text(path, text, (new.folder / path).read_bytes().decode(), move)
        problems += [problem] if problem else []
    if problems:
        raise RebaseRefused(*problems)


def _compare_text(path: str, old: str, new: str, move: Move) -> Problem | None:
    """What differs between the old and the new text of a file that is no RDF: settings, a query or the context."""
    read: Callable[[str], Any]
    if path.endswith(".toml"):
        read = tomllib.loads
    elif path.endswith(".rq"):
        read = _iris
    elif path == "context.jsonld":
        read = json.loads
    else:
        return None
    same = _moved_value(read(old), move) == read(new)
    return None if same else _cannot(path, "its IRIs are not written out")


def _cannot(path: str, why: str) -> Problem:
    return Problem(f"cannot be rewritten as text: {why}", Place(path), "write the IRIs under the base in full")


def _iris(text: str) -> list[str]:
    """The IRIs of a query and of its header, resolved against the base of the query."""
    found = _BASE.search(text)
    base = found[1] if found else ""
    return [urljoin(base, iri) for iri in _IRI.findall(text)]


def _moved_value(value: Any, move: Move) -> Any:
    if isinstance(value, str):
        return move(value)
    if isinstance(value, list):
        return [_moved_value(item, move) for item in value]
    if isinstance(value, dict):
        return {move(key): _moved_value(item, move) for key, item in value.items()}
    return value


def moved_quad(quad: Quad, move: Move) -> Quad:
    """*quad* with *move* applied to its IRIs and to the texts of its literals."""
    terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return Quad(*(_moved_term(term, move) for term in terms))  # type: ignore[arg-type]  # each keeps its type


def _moved_term(term: object, move: Move) -> object:
    if isinstance(term, NamedNode):
        return NamedNode(move(term.value))
    if isinstance(term, Literal):
        if term.language:
            return Literal(move(term.value), language=term.language)
        return Literal(move(term.value), datatype=NamedNode(move(term.datatype.value)))
    return term


def _move_releases(old: Publication, new: Publication, move: Move) -> Iterator[Moved]:
    """Writes the releases under the new base, in canonical form again, and yields their files."""
    seconds = old.settings.limits.canonicalisation_seconds
    for release in read_releases(old):
        before = statements_of(old, release)
        quads = canonicalise((moved_quad(quad, move) for quad in before), seconds=seconds)
        if len(quads) != len(before):
            raise RebaseRefused(Problem(f"statements of {release.version} would become one", Place(RELEASES)))
        write_release(new, replace(release, digest=digest(quads)), quads)
        for file in sorted((new.folder / RELEASES / release.version).iterdir()):
            yield Moved(new.path_of(file), len(quads))


def _replace(publication: Publication, folder: Path, moved: Sequence[Moved]) -> None:
    try:
        for item in moved:
            (folder / item.path).replace(publication.folder / item.path)
    except OSError as error:
        raise MissiongraphError(
            Problem(f"cannot write {error.filename2 or error.filename}: {error.strerror}")
        ) from None
